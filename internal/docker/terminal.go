package docker

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"time"
)

const (
	// piece is the most bytes that an engine keeps of a line as one message; what is
	// longer comes in several, each with the same timestamp.
	piece = 16 << 10
	// grabbing is what an engine writes into a log that it cannot read on.
	grabbing = "Error grabbing logs: "
)

// terminal reads the log of a container with a terminal: messages one behind the
// other, each with its timestamp, and no frames around them. A message ends at
// its newline; a piece of a long line, where its timestamp stands again.
type terminal struct {
	in     *bufio.Reader
	stamps stamps
	at     time.Time // of the last message
	taken  int       // bytes of in's buffer that the last message still lies in
}

func newTerminal(r io.Reader) *terminal {
	return &terminal{in: bufio.NewReaderSize(r, frameBuffer)}
}

// next is the next message, valid until the call after. Its errors are those of
// frames.
func (t *terminal) next() (at time.Time, text []byte, err error) {
	_, _ = t.in.Discard(t.taken)
	t.taken = 0
	message, err := t.message()
	if len(message) == 0 {
		return time.Time{}, nil, err
	}
	at, text, ok := t.stamps.cut(message)
	if !ok { // the rest of a message that its buffer could not hold
		if bytes.HasPrefix(text, []byte(grabbing)) {
			return time.Time{}, nil, fmt.Errorf("%w: %s", errSaid, bytes.TrimSpace(text))
		}
		at = t.at
	}
	t.at, t.taken = at, len(message)
	return at, text, nil
}

// message waits for a whole one. What comes with an error is the last.
func (t *terminal) message() ([]byte, error) {
	looked := 0
	for {
		b, err := t.in.Peek(max(1, t.in.Buffered()))
		if i := bytes.IndexByte(b[looked:], '\n'); i >= 0 {
			b = b[:looked+i+1]
			return b[:again(b)], nil
		}
		if i := again(b); i < len(b) || err != nil && err != io.EOF {
			return b[:i], err
		}
		looked = len(b)
		if _, err := t.in.Peek(len(b) + 1); errors.Is(err, bufio.ErrBufferFull) {
			return b, nil
		} else if err == io.EOF {
			b, _ = t.in.Peek(t.in.Buffered())
			return b, err
		} else if err != nil {
			return nil, err // what has come of it comes again, whole
		}
	}
}

// again is where the timestamp that b begins with stands again, behind a piece of
// a line; len(b) where it does not.
func again(b []byte) int {
	if len(b) > stampSize+piece {
		if i := bytes.Index(b[stampSize+piece:], b[:stampSize]); i >= 0 {
			return stampSize + piece + i
		}
	}
	return len(b)
}

// buffered reports whether the end of a message has arrived.
func (t *terminal) buffered() bool {
	b, _ := t.in.Peek(t.in.Buffered())
	b = b[min(t.taken, len(b)):]
	return bytes.IndexByte(b, '\n') >= 0
}
