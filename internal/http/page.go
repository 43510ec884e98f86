package http

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"hub/internal/broker"
)

// page answers a poller with one page of events.
func (s *Server) page(c *fiber.Ctx, r streamRequest) error {
	sub, err := s.broker.Subscribe(broker.Request{Topics: r.topics, Start: r.start, Kinds: r.kinds})
	if err != nil {
		return badRequest("%s", err)
	}
	defer sub.Close()
	events := fill(sub, make([]broker.Event, 0, r.limit))
	if len(events) == 0 && r.wait > 0 && !sub.Ended() {
		ctx, cancel := context.WithTimeout(s.closing, r.wait)
		defer cancel()
		if events, err = s.await(ctx, c, sub, events); errors.Is(err, errGone) {
			return err
		}
	}
	if s.closing.Err() != nil {
		c.Context().SetConnectionClose() // else the poller would ask again at once
	}
	next := sub.Position()
	more := len(sub.Next(make([]broker.Event, 0, 1), 1)) > 0
	c.Set(fiber.HeaderContentType, fiber.MIMEApplicationJSON)
	c.Set(fiber.HeaderCacheControl, "no-store")
	body := append(make([]byte, 0, 4096), `{"events":[`...)
	for i := range events {
		if i > 0 {
			body = append(body, ',')
		}
		body = append(body, events[i].JSON()...)
	}
	body = append(body, `],"next":"`...)
	body = append(body, next...)
	body = append(body, `","more":`...)
	body = strconv.AppendBool(body, more)
	body = append(body, `,"ended":`...)
	body = strconv.AppendBool(body, !more && sub.Ended())
	return c.Send(append(body, '}'))
}

// pageBytes bounds the JSON in one page; the rest is more.
const pageBytes = 8 << 20

// fill takes what there is, up to the capacity of events and pageBytes.
func fill(sub *broker.Subscription, events []broker.Event) []broker.Event {
	for left := pageBytes; len(events) < cap(events) && left > 0; {
		had := len(events)
		events = sub.Next(events, left)
		for i := range events[had:] {
			left -= len(events[had+i].JSON())
		}
		if len(events) == had {
			break
		}
	}
	return events
}

// errGone is a client that nobody answers any more.
var errGone = errors.New("the client has gone")

// await waits until there is an event, ctx ends, or the client has gone.
func (s *Server) await(ctx context.Context, c *fiber.Ctx, sub *broker.Subscription, events []broker.Event) ([]broker.Event, error) {
	conn := c.Context().Conn()
	for {
		look, cancel := context.WithTimeout(ctx, 500*time.Millisecond)
		got, err := sub.Receive(look, events)
		cancel()
		if len(got) > 0 || ctx.Err() != nil {
			return got, err
		}
		if hungUp(conn) {
			return nil, errGone
		}
	}
}
