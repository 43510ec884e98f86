package docker

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"
)

const (
	// frameHead is what stands before each payload: the stream's number, three
	// zeros, and the payload's length as four bytes, the highest first.
	frameHead = 8
	// frameCap is the most bytes of one frame. An engine writes 16 KiB of a log and
	// 32 KiB of a command's output at once; a head that says more is not one.
	frameCap = 1 << 20
	// frameBuffer is what is read at once; a frame that fits is not copied again.
	frameBuffer = 64 << 10
)

// errFrames is of a stream that does not consist of frames, such as a terminal's.
var errFrames = errors.New("the engine's stream is not multiplexed")

// errSaid is of a frame in which the engine says why it cannot go on, such as
// "Error grabbing logs: …" after a rotation.
var errSaid = errors.New("the engine broke off")

// frames reads a stream in which the engine has joined the two outputs of a
// container or a command without a terminal. Memory is bounded, whatever the
// stream says of itself.
type frames struct {
	in    *bufio.Reader
	taken int    // bytes of in's buffer that the last frame still lies in
	large []byte // for frames that in's buffer cannot hold
}

func newFrames(r io.Reader) *frames { return &frames{in: bufio.NewReaderSize(r, frameBuffer)} }

// next is the next frame: "stdout" or "stderr", and what was written there, valid
// until the call after. At the stream's end it is io.EOF, or io.ErrUnexpectedEOF
// in the middle of a frame; else errFrames, errSaid or the reader's own error.
func (f *frames) next() (stream string, payload []byte, err error) {
	_, _ = f.in.Discard(f.taken)
	f.taken = 0
	for {
		head, err := f.in.Peek(frameHead)
		if err != nil {
			return "", nil, midway(err, len(head))
		}
		number, size := head[0], int64(binary.BigEndian.Uint32(head[4:]))
		if number > 3 || head[1]|head[2]|head[3] != 0 || size > frameCap {
			return "", nil, fmt.Errorf("%w: it has a frame that begins with % x", errFrames, head)
		}
		_, _ = f.in.Discard(frameHead)
		if payload, err = f.payload(int(size)); err != nil {
			return "", nil, err
		}
		switch {
		case number == 3:
			return "", nil, fmt.Errorf("%w: %s", errSaid, strings.TrimSpace(string(payload)))
		case size == 0:
			continue
		case number == 2:
			return "stderr", payload, nil
		}
		return "stdout", payload, nil // 0, stdin's, is what an engine echoes as output
	}
}

// payload reads the size bytes that come next.
func (f *frames) payload(size int) ([]byte, error) {
	if size <= f.in.Size() {
		payload, err := f.in.Peek(size)
		f.taken = len(payload)
		return payload, midway(err, 1)
	}
	if cap(f.large) < size {
		f.large = make([]byte, size)
	}
	_, err := io.ReadFull(f.in, f.large[:size])
	return f.large[:size], midway(err, 1)
}

// buffered reports whether the next frame's head has arrived already, so that a
// caller who gathers frames can tell when the next call may have to wait.
func (f *frames) buffered() bool { return f.in.Buffered()-f.taken >= frameHead }

// midway is what an end means when so many bytes of a frame had come.
func midway(err error, come int) error {
	if err == io.EOF && come > 0 {
		return io.ErrUnexpectedEOF
	}
	return err
}
