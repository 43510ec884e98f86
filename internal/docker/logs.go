package docker

import (
	"context"
	"io"
	"strconv"
	"strings"
	"time"

	containertypes "github.com/docker/docker/api/types/container"
)

// LogRequest says what to read of a container's log.
type LogRequest struct {
	ID     string
	TTY    bool      // whether the container has a terminal; the two kinds of log look different
	Since  time.Time // messages from then on, that moment included; all when zero
	Tail   int       // at most so many, the newest; all when negative
	Follow bool      // go on with what is written, until the container stops
}

// LogMessage is what the engine keeps at once of what a container wrote: a line
// with its newline, or a piece of a line of more than 16 KiB. A last line may lack
// its newline.
type LogMessage struct {
	Stream string // "stdout" or "stderr"; a terminal has the first alone
	Time   time.Time
	Text   []byte // valid until the next call of Next
}

// Log is a container's log that is being read. It is for one goroutine.
type Log struct {
	engine *Engine
	ctx    context.Context
	body   io.Closer
	stamps stamps
	frames *frames   // without a terminal
	raw    *terminal // with one
}

// OpenLog begins to read a log. It is one request to the engine, which ends with
// ctx or with Close. The error's kind is ErrUnsupported where the container's log
// driver keeps nothing that could be read.
func (e *Engine) OpenLog(ctx context.Context, r LogRequest) (*Log, error) {
	o := containertypes.LogsOptions{ShowStdout: true, ShowStderr: true, Timestamps: true, Follow: r.Follow, Tail: "all"}
	if r.Tail >= 0 {
		o.Tail = strconv.Itoa(r.Tail)
	}
	if !r.Since.IsZero() {
		o.Since = unixNano(r.Since)
	}
	body, err := e.api().ContainerLogs(ctx, r.ID, o)
	if err != nil {
		if strings.Contains(err.Error(), "does not support reading") {
			return nil, fail(ErrUnsupported, "cannot read the log: the container's log driver keeps nothing that could be read")
		}
		return nil, e.explain(ctx, "cannot read the log", err)
	}
	l := &Log{engine: e, ctx: ctx, body: body}
	if r.TTY {
		l.raw = newTerminal(body)
	} else {
		l.frames = newFrames(body)
	}
	return l, nil
}

// unixNano is a time as the engine's API takes it.
func unixNano(t time.Time) string {
	return strconv.FormatInt(t.Unix(), 10) + "." + strconv.FormatInt(int64(t.Nanosecond())+1e9, 10)[1:]
}

// Next is the next message. At the log's end it is io.EOF, which says that the
// container has stopped or that the engine is stopping in order, not which. Any
// other error is of a log that broke off.
func (l *Log) Next() (m LogMessage, err error) {
	if l.raw != nil {
		m.Stream = "stdout"
		m.Time, m.Text, err = l.raw.next()
	} else {
		m.Stream, m.Text, err = l.frames.next()
		if err == nil {
			m.Time, m.Text, _ = l.stamps.cut(m.Text)
		}
	}
	if err != nil && err != io.EOF {
		err = l.engine.explain(l.ctx, "cannot read on in the log", err)
	}
	return m, err
}

// Buffered reports whether Next has what it needs to begin with. When it has not,
// Next may have to wait for the container.
func (l *Log) Buffered() bool {
	if l.raw != nil {
		return l.raw.buffered()
	}
	return l.frames.buffered()
}

// Close ends the request.
func (l *Log) Close() error { return l.body.Close() }
