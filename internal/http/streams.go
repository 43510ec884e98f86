package http

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"
)

// streams is the registry of open streams: it beats their hearts, closes those
// whose link is dead, and ends them all at shutdown.
type streams struct {
	log       *slog.Logger
	heartbeat time.Duration
	most      int

	mu       sync.Mutex
	open     map[*stream]struct{}
	draining bool
	emptied  chan struct{} // closed when draining and none is left
}

const (
	sweepEvery = 5 * time.Second // of every link's state
	beatEvery  = time.Second
	silence    = 3 // heartbeats after which a WebSocket that never answers is closed
)

func newStreams(log *slog.Logger, heartbeat time.Duration, most int) *streams {
	return &streams{log: log, heartbeat: heartbeat, most: most, open: map[*stream]struct{}{}, emptied: make(chan struct{})}
}

// full reports whether no more streams are taken.
func (r *streams) full() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.draining || r.most > 0 && len(r.open) >= r.most
}

func (r *streams) add(s *stream) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.draining {
		return false
	}
	s.pinged = time.Now()
	r.open[s] = struct{}{}
	return true
}

func (r *streams) remove(s *stream) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.open, s)
	if r.draining && len(r.open) == 0 {
		select {
		case <-r.emptied:
		default:
			close(r.emptied)
		}
	}
}

func (r *streams) list() []*stream {
	r.mu.Lock()
	defer r.mu.Unlock()
	all := make([]*stream, 0, len(r.open))
	for s := range r.open {
		all = append(all, s)
	}
	return all
}

// run is one coarse clock for all streams. It returns when ctx ends.
func (r *streams) run(ctx context.Context) {
	tick := time.NewTicker(beatEvery)
	defer tick.Stop()
	swept := time.Now()
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-tick.C:
			sweep := now.Sub(swept) >= sweepEvery
			if sweep {
				swept = now
			}
			for _, s := range r.list() {
				r.beat(s, now)
				if sweep {
					r.sweep(s, now)
				}
			}
		}
	}
}

// beat sends the ping that is due. A stream that has not taken the last one gets
// no further one.
func (r *streams) beat(s *stream, now time.Time) {
	if now.Sub(s.pinged) < r.heartbeat {
		return
	}
	s.pinged = now
	switch {
	case s.ws:
		if quiet := now.Sub(time.Unix(0, s.heard.Load())); quiet > silence*r.heartbeat {
			r.log.Debug("closing a WebSocket that does not answer", "silent", quiet.Round(time.Second))
			s.conn.Close()
			return
		}
		s.nudge(appendFrame(nil, opPing, nil))
	case s.pings:
		s.nudge(s.framing.message(nil, "ping", message("ping", map[string]any{"time": now.UTC().Format(time.RFC3339Nano)})))
	}
}

// nudge queues a message without ever waiting: it is dropped where others wait.
func (s *stream) nudge(framed []byte) {
	s.mu.Lock()
	if len(s.messages) == 0 {
		s.messages = append(s.messages, framed...)
	}
	s.mu.Unlock()
	s.wake()
}

// sweep closes a link that has died without a word.
func (r *streams) sweep(s *stream, now time.Time) {
	link, ok := linkOf(s.conn)
	if !ok {
		return
	}
	if why, over := s.watch.look(now, link); over {
		r.log.Debug("closing a stream", "reason", why)
		s.conn.Close()
	}
}

// drain tells every stream that the hub goes, after all that was published, and
// returns when they are closed; those that are left when ctx ends are cut off.
func (r *streams) drain(ctx context.Context) {
	r.mu.Lock()
	r.draining = true
	if len(r.open) == 0 {
		r.mu.Unlock()
		return
	}
	r.mu.Unlock()
	for _, s := range r.list() {
		s.bye()
	}
	select {
	case <-r.emptied:
	case <-ctx.Done():
		left := r.list()
		r.log.Warn("closing streams that did not take what they were sent in time", "streams", len(left))
		for _, s := range left {
			s.conn.Close()
		}
	}
}

// bye is the farewell of a hub that shuts down. Who comes back waits a time of
// its own, so that not all come at once.
func (s *stream) bye() {
	retry := 1000 + rand.IntN(9000)
	text := message("bye", map[string]any{"reason": "the hub is shutting down", "retry": retry})
	switch f := s.framing.(type) {
	case sse:
		s.part(f.message(appendRetry(nil, retry), "bye", text), false)
	case ndjson:
		s.part(f.message(nil, "bye", text), false)
	case plain:
		s.part([]byte{}, true)
	default:
		s.part(appendClose(f.message(nil, "bye", text), closeGoingAway, "the hub is shutting down"), false)
	}
}
