package docker

import (
	"context"
	"io"
	"time"

	eventtypes "github.com/docker/docker/api/types/events"
)

// Event is something that happened in the engine.
type Event struct {
	Type       string // of what it happened to: "container", "image", "network", "volume", …
	Action     string // such as "start" or "die"
	ID         string // a container's is its full id, an image's may be its name
	Attributes map[string]string
	Time       time.Time
}

// Events calls each with what happens, in order, from since on where that is not
// zero, as far back as the engine remembers: some hundred events, none from before
// its start. connected is called once the engine has taken the request. Events
// ends with ctx, and with the connection: then the error says why, and is never
// nil.
func (e *Engine) Events(ctx context.Context, since time.Time, connected func(), each func(Event)) error {
	const tried = "cannot follow the engine's events"
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var o eventtypes.ListOptions
	if !since.IsZero() {
		o.Since = unixNano(since)
	}
	messages, errs := e.api().Events(ctx, o)
	select {
	case err := <-errs:
		return e.explain(ctx, tried, orEOF(err))
	default:
		connected()
	}
	for {
		select {
		case m := <-messages:
			each(Event{string(m.Type), string(m.Action), m.Actor.ID, m.Actor.Attributes, time.Unix(0, m.TimeNano)})
		case err := <-errs:
			return e.explain(ctx, tried, orEOF(err))
		}
	}
}

// orEOF is for a stream whose end is an error, whatever it ended with.
func orEOF(err error) error {
	if err == nil {
		return io.EOF
	}
	return err
}
