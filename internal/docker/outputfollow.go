package docker

import (
	"context"
	"errors"
	"io"

	"hub/internal/lines"
)

// FollowOutput says what a container writes, from its start until it stops or ctx
// ends, as the lines of its two streams; a terminal has stdout alone. Nothing is
// said after it has returned. The error is nil when the container, or in order the
// engine, has stopped, the cause of ctx when that has ended, and an ErrUnsupported
// where the container's log driver keeps nothing.
func (e *Engine) FollowOutput(ctx context.Context, idOrName string, to Publisher) error {
	const tried = "cannot follow the output of container"
	r, err := e.inspect(ctx, tried, idOrName)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	log, err := e.OpenLog(ctx, LogRequest{ID: r.ID, TTY: r.Config != nil && r.Config.Tty, Tail: -1, Follow: true})
	if err != nil {
		return err
	}
	defer log.Close()
	emit := func(kind string, data []byte) error {
		_ = to.Publish(kind, data)
		return nil
	}
	stdout := lines.NewWriter(emit, lines.Options{Stream: "stdout", Quiet: quietLine})
	defer stdout.Close()
	stderr := lines.NewWriter(emit, lines.Options{Stream: "stderr", Quiet: quietLine})
	defer stderr.Close()
	for {
		m, err := log.Next()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil && ctx.Err() != nil:
			return context.Cause(ctx)
		case err != nil:
			return err
		}
		out := stdout
		if m.Stream == "stderr" {
			out = stderr
		}
		_, _ = out.Write(m.Text)
	}
}
