package http

import (
	"fmt"
	"log/slog"
	"net"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"hub/internal/broker"
)

const (
	batchEvents  = 128
	batchBytes   = 48 << 10 // of events in one write; a single one may be larger
	mostMessages = 32 << 10 // bytes of the hub's own messages that wait for a turn
	farewell     = time.Second
)

// stream is one open connection that is written to as events come, in whatever
// framing. It has a goroutine that reads, to notice that the far end has gone;
// and a turn, a goroutine that lives only while there is something to write.
// Events pile up in the topic's ring while a turn writes, and its next write
// takes them all: that is how a batch comes about, without a timer.
type stream struct {
	streams *streams
	log     *slog.Logger
	conn    net.Conn
	framing framing
	chunked bool // each write is a chunk of the HTTP body; not for HTTP/1.0
	ws      bool
	pings   bool // whether the framing has a ping of its own

	reading sync.Mutex // held while a turn takes events; taken before mu

	mu       sync.Mutex
	changed  sync.Cond // a turn has ended, or messages have been taken
	running  bool      // there is a turn
	again    bool      // something came up during it
	subs     []*subscription
	finite   bool   // it ends with its topics; a WebSocket that has sent a sub stays
	messages []byte // framed, to go before any event
	farewell []byte // framed; when not nil, the stream ends once it has caught up
	abrupt   bool   // it ends without the end of the HTTP body, so that curl says so
	left     bool   // the farewell has been sent, the far end is to hang up
	closed   bool

	heard  atomic.Int64 // when the far end last sent something, Unix nanoseconds
	pinged time.Time    // the heartbeat's
	watch  linkWatch    // the sweep's
}

// subscription is one of a stream's, with what it was asked for.
type subscription struct {
	*broker.Subscription
	request broker.Request
}

func subscribe(b *broker.Broker, r broker.Request) (*subscription, error) {
	sub, err := b.Subscribe(r)
	return &subscription{sub, r}, err
}

// scratch is what a turn works with, so that an idle stream holds no buffer.
type scratch struct {
	buf    []byte
	events [batchEvents]broker.Event
}

var scratches = sync.Pool{New: func() any { return &scratch{buf: make([]byte, 0, batchBytes+16<<10)} }}

// wake begins a turn, or makes the one that runs look again. It is what the
// broker calls when there is something.
func (s *stream) wake() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed || s.left {
		return
	}
	if s.running {
		s.again = true
		return
	}
	s.running = true
	go s.turn()
}

// rest marks the turn as ended; s.mu is held.
func (s *stream) rest() {
	s.running = false
	s.changed.Broadcast()
}

// start writes the answer's head and lets turns begin: until then the stream
// counts as in one.
func (s *stream) start(head, prologue []byte) error {
	_, err := s.conn.Write(head)
	s.mu.Lock()
	s.messages = prologue
	s.rest()
	s.mu.Unlock()
	if err == nil {
		s.wake()
	}
	return err
}

// turn writes all there is, then ends.
func (s *stream) turn() {
	rests := false // whether the end of the turn is marked already
	defer func() {
		if p := recover(); p != nil {
			s.log.Error("a stream panicked", "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
			s.conn.Close()
		}
		if !rests {
			s.mu.Lock()
			s.rest()
			s.mu.Unlock()
		}
	}()
	work := scratches.Get().(*scratch)
	defer scratches.Put(work)
	for {
		last, more := s.gather(work)
		if bytes := s.wrap(work.buf, last); len(bytes) > 0 {
			if _, err := s.conn.Write(bytes); err != nil {
				s.conn.Close() // the reading goroutine notices and ends the stream
				return
			}
		}
		if last {
			s.leave()
			return
		}
		if !more {
			rests = true
			return
		}
	}
}

// gather fills work.buf. last says that the farewell is in it; more that the
// turn goes on.
func (s *stream) gather(work *scratch) (last, more bool) {
	s.reading.Lock()
	defer s.reading.Unlock()
	s.mu.Lock()
	s.again = false
	buf := append(work.buf[:0], make([]byte, chunkHead)...)
	buf = append(buf, s.messages...)
	s.messages = s.messages[:0]
	s.changed.Broadcast()
	subs, bye := s.subs, s.farewell
	s.mu.Unlock()

	idle := len(buf) == chunkHead
	for _, sub := range subs {
		events := sub.Next(work.events[:0], batchBytes/len(subs))
		for i := range events {
			buf = s.framing.event(buf, &events[i])
		}
		clear(events)
		idle = idle && len(events) == 0
	}
	if !idle {
		work.buf = buf
		return false, true
	}
	if bye == nil {
		bye = s.ending(subs)
	}
	if bye != nil {
		buf = append(buf, bye...)
		work.buf = buf
		return true, false
	}
	work.buf = buf
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.again {
		return false, true
	}
	s.rest() // under the same lock as the look at again, so that no wake is lost
	return false, false
}

// ending is the farewell of a stream whose topics have all ended.
func (s *stream) ending(subs []*subscription) []byte {
	s.mu.Lock()
	finite := s.finite
	s.mu.Unlock()
	if !finite || slices.ContainsFunc(subs, func(sub *subscription) bool { return !sub.Ended() }) {
		return nil
	}
	if s.ws {
		return appendClose(nil, closeNormal, "the stream has ended")
	}
	return []byte{}
}

// leave stops writing and gives the far end a moment to hang up: closed at once,
// what it has not read yet could be lost.
func (s *stream) leave() {
	s.mu.Lock()
	s.left = true
	s.mu.Unlock()
	if half, ok := s.conn.(interface{ CloseWrite() error }); ok && !s.ws {
		_ = half.CloseWrite()
	}
	_ = s.conn.SetReadDeadline(time.Now().Add(farewell))
}

// say queues one of the hub's own messages, already framed. It waits while the
// far end has not taken earlier ones, so only the reading goroutine calls it.
func (s *stream) say(framed []byte) {
	s.mu.Lock()
	for len(s.messages) > mostMessages && !s.closed && !s.left {
		s.changed.Wait()
	}
	s.messages = append(s.messages, framed...)
	s.mu.Unlock()
	s.wake()
}

// part says farewell once everything published so far has been written.
func (s *stream) part(framed []byte, abrupt bool) {
	s.mu.Lock()
	if s.farewell == nil {
		s.farewell, s.abrupt = framed, abrupt
	}
	s.mu.Unlock()
	s.wake()
}

// end closes everything and waits for the turn. Only the reading goroutine calls it.
func (s *stream) end() {
	s.mu.Lock()
	s.closed = true
	subs := s.subs
	s.subs = nil
	s.changed.Broadcast()
	s.mu.Unlock()
	s.conn.Close()
	for _, sub := range subs {
		sub.Close()
	}
	s.mu.Lock()
	for s.running {
		s.changed.Wait()
	}
	s.mu.Unlock()
	s.streams.remove(s)
}
