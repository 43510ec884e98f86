package docker

import (
	"bytes"
	"io"
)

const (
	// tarTrailer is what a whole tar ends with, in zero bytes.
	tarTrailer = 1024
	// tailKept is how much of the end is looked at: an error that the engine has
	// after it began to answer stands there instead.
	tailKept = 16 << 10
)

// tarEnd sees a tar pass, and knows at its end whether it was whole.
type tarEnd struct{ tail []byte }

// Write implements [io.Writer].
func (t *tarEnd) Write(p []byte) (int, error) {
	t.tail = append(t.tail, p[max(0, len(p)-tailKept):]...)
	if over := len(t.tail) - tailKept; over > 0 {
		t.tail = t.tail[:copy(t.tail, t.tail[over:])]
	}
	return len(p), nil
}

// check is nil of a whole tar, else the engine's error, or io.ErrUnexpectedEOF.
func (t *tarEnd) check() error {
	end := t.tail[max(0, len(t.tail)-tarTrailer):]
	if len(end) == tarTrailer && len(bytes.Trim(end, "\x00")) == 0 {
		return nil
	}
	if at := bytes.LastIndex(t.tail, []byte(`{"errorDetail"`)); at >= 0 {
		if err := eachMessage(bytes.NewReader(t.tail[at:]), func(message) {}); err != nil {
			return err
		}
	}
	return io.ErrUnexpectedEOF
}
