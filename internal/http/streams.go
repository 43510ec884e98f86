package http

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"runtime/debug"
	"sync"
	"time"
)

// streams is the registry of open streams: it beats their hearts, closes those
// whose link is dead, and ends them all at shutdown.
type streams struct {
	log       *slog.Logger
	heartbeat time.Duration
	tick      time.Duration // of the one clock
	most      int

	mu       sync.Mutex
	open     map[*stream]struct{}
	draining bool
	emptied  chan struct{} // closed when draining and none is left
}

const (
	sweepEvery = 2 * time.Second // of every link's state
	silence    = 3               // heartbeats after which a WebSocket that never answers is closed
)

func newStreams(log *slog.Logger, heartbeat time.Duration, most int) *streams {
	return &streams{
		log: log, heartbeat: heartbeat, tick: max(time.Millisecond, min(time.Second, heartbeat/5)), most: most,
		open: map[*stream]struct{}{}, emptied: make(chan struct{}),
	}
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
	tick := time.NewTicker(r.tick)
	defer tick.Stop()
	swept := time.Now()
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-tick.C:
			sweep := now.Sub(swept) >= sweepEvery-r.tick/2
			if sweep {
				swept = now
			}
			for _, s := range r.list() {
				r.look(s, now, sweep)
			}
		}
	}
}

// look sees to one stream. A panic is that stream's end and not the clock's.
func (r *streams) look(s *stream, now time.Time, sweep bool) {
	defer func() {
		if p := recover(); p != nil {
			r.log.Error("a stream's clock panicked", "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
			s.conn.Close()
		}
	}()
	if sweep {
		r.sweep(s, now)
	}
	if s.ws && r.silent(s, now) {
		s.conn.Close()
		return
	}
	if now.Sub(s.pinged) >= r.heartbeat {
		s.pinged = now
		s.beat(now)
	}
}

// silent reports whether a WebSocket has not answered for three heartbeats. While
// it takes events it need not: our pings wait behind them, and whether it takes
// them at all the write and the sweep see.
func (r *streams) silent(s *stream, now time.Time) bool {
	quiet := now.Sub(time.Unix(0, s.alive.Load()))
	if quiet < silence*r.heartbeat {
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.running || s.left {
		return false
	}
	r.log.Debug("closing a WebSocket that does not answer", "silent", quiet.Round(time.Second))
	return true
}

// beat sends a ping. A stream that has not taken the last one gets no further one.
func (s *stream) beat(now time.Time) {
	switch {
	case s.ws:
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
