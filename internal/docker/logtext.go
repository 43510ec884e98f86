package docker

import (
	"context"
	"io"
	"strings"
)

// MostLog is the most bytes of a log that are read into memory.
const MostLog = 32 << 20

// LogText is what a container has written last: as many lines as tail says, all
// when that is negative, of both streams as one text, in the order in which the
// engine has kept them. The error's kind is ErrTooLarge for more than [MostLog],
// and ErrUnsupported where the container's log driver keeps nothing.
func (e *Engine) LogText(ctx context.Context, idOrName string, tail int) (Container, string, error) {
	const tried = "cannot read the log of container"
	r, err := e.inspect(ctx, tried, idOrName)
	if err != nil {
		return Container{}, "", err
	}
	c := inspected(r)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	log, err := e.OpenLog(ctx, LogRequest{ID: r.ID, TTY: r.Config != nil && r.Config.Tty, Tail: tail})
	if err != nil {
		return c, "", err
	}
	defer log.Close()
	var text strings.Builder
	for {
		m, err := log.Next()
		if err == io.EOF {
			return c, text.String(), nil
		}
		if err != nil {
			return c, "", err
		}
		if text.Len()+len(m.Text) > MostLog {
			return c, "", fail(ErrTooLarge, "%s %s: it is over %d MiB: ask for fewer lines, or follow it live", tried, c.Name, MostLog>>20)
		}
		text.Write(m.Text)
	}
}
