package docker

import (
	"context"
	"errors"
	"io"

	"hub/internal/lines"
)

// FollowOutput says what a container writes, from its start until it stops or ctx
// ends, as the lines of its two streams; a terminal has stdout alone. Nothing is
// said after it has returned. The error is nil when the container has stopped, the
// cause of ctx when that has ended, ErrUnavailable when the engine goes away, and
// ErrUnsupported where the container's log driver keeps nothing.
func (e *Engine) FollowOutput(ctx context.Context, idOrName string, to Publisher) error {
	r, err := e.inspect(ctx, "cannot follow the output of container", idOrName)
	if err != nil {
		return err
	}
	o := newOutput(to)
	defer o.close()
	request := LogRequest{ID: r.ID, TTY: r.Config != nil && r.Config.Tty, Tail: -1, Follow: true}
	if err := e.copyOutput(ctx, request, o); err != nil {
		return err
	}
	// An engine may end what follows before it has told the last lines.
	request.Follow = false
	return e.copyOutput(ctx, request, o)
}

// copyOutput reads a log from its start, and says what was not said yet.
func (e *Engine) copyOutput(ctx context.Context, request LogRequest, o *output) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	log, err := e.OpenLog(ctx, request)
	if err != nil {
		return err
	}
	defer log.Close()
	for again := o.said; ; {
		m, err := log.Next()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil && ctx.Err() != nil:
			return context.Cause(ctx)
		case err != nil:
			return err
		}
		known := min(again, len(m.Text))
		again -= known
		o.say(m.Stream, m.Text[known:])
	}
}

// output is what a container has written, as line events.
type output struct {
	stdout, stderr *lines.Writer
	said           int // bytes of both
}

func newOutput(to Publisher) *output {
	emit := func(kind string, data []byte) error {
		_ = to.Publish(kind, data)
		return nil
	}
	return &output{
		stdout: lines.NewWriter(emit, lines.Options{Stream: "stdout", Quiet: quietLine}),
		stderr: lines.NewWriter(emit, lines.Options{Stream: "stderr", Quiet: quietLine}),
	}
}

func (o *output) say(stream string, text []byte) {
	o.said += len(text)
	if stream == "stderr" {
		_, _ = o.stderr.Write(text)
		return
	}
	_, _ = o.stdout.Write(text)
}

func (o *output) close() {
	_ = o.stdout.Close()
	_ = o.stderr.Close()
}
