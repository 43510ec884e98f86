package http

import (
	"context"
	"time"

	"github.com/gofiber/contrib/websocket"
)

// hungUpFor is how long a client that has closed its side may leave input behind
// that the command does not take.
const hungUpFor = 5 * time.Second

// watch sends pings and closes a connection whose client has gone without a word.
// It returns when here ends.
func (t *terminal) watch(here context.Context) {
	tick := time.NewTicker(max(time.Millisecond, min(time.Second, t.heartbeat/5)))
	defer tick.Stop()
	var w linkWatch
	var left time.Time // since when the far end has closed its side
	pinged := time.Now()
	for {
		select {
		case <-here.Done():
			return
		case now := <-tick.C:
			link, told := linkOf(t.conn)
			if !link.HungUp {
				left = now
			}
			why, over := w.look(now, link)
			switch {
			case over:
			case now.Sub(left) >= hungUpFor:
				why = "the client has hung up"
			case t.silent(now):
				why = "the client does not answer"
			default:
				// A client that still has something to take gets no ping beside it, which could
				// only wait; whether it takes that, look sees.
				if now.Sub(pinged) >= t.heartbeat && !(told && link.owes()) {
					pinged = now
					_ = t.ws.WriteControl(websocket.PingMessage, nil, time.Time{})
				}
				continue
			}
			t.log.Debug("closing a terminal", "reason", why)
			t.exec.Close()
			t.cut()
			return
		}
	}
}

// silent reports whether the client has not said anything for three heartbeats,
// nor been kept from it: a pong waits behind what it does not read, or behind
// input that the command does not take.
func (t *terminal) silent(now time.Time) bool {
	return t.busy.Load() == 0 && now.Sub(time.Unix(0, t.alive.Load())) >= silence*t.heartbeat
}
