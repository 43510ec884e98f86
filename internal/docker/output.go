package docker

import (
	"context"
	"errors"
	"io"
)

// Output is what a container without a terminal has written, both of its streams
// as one, in the order in which the engine has kept it. Of more than most bytes it
// is the last of them, and cut is true. The error's kind is ErrUnsupported where
// the container's log driver keeps nothing that could be read.
func (e *Engine) Output(ctx context.Context, id string, most int) (text []byte, cut bool, err error) {
	log, err := e.OpenLog(ctx, LogRequest{ID: id, Tail: -1})
	if err != nil {
		return nil, false, err
	}
	defer log.Close()
	for {
		m, err := log.Next()
		if errors.Is(err, io.EOF) {
			return lastBytes(text, most), cut || len(text) > most, nil
		}
		if err != nil {
			return nil, false, err
		}
		if text = append(text, m.Text...); len(text) > 2*most {
			text, cut = append(text[:0], lastBytes(text, most)...), true
		}
	}
}

func lastBytes(text []byte, most int) []byte { return text[max(0, len(text)-most):] }
