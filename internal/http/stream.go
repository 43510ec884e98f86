package http

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
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
	mostPooled   = 256 << 10 // bytes of a turn's buffer that is worth keeping
)

// stream is one open connection that is written to as events come, in whatever
// framing. It has a goroutine that reads, to notice that the far end has gone;
// and a turn, a goroutine that lives only while there is something to write.
// Events pile up in the topic's ring while a turn writes, and its next write
// takes them all: that is how a batch comes about, without a timer.
type stream struct {
	streams *streams
	broker  *broker.Broker
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
	until    uint64 // with a farewell: the last position that comes before it
	abrupt   bool   // it ends without the end of the HTTP body, so that curl says so
	left     bool   // the farewell has been sent, the far end is to hang up
	closed   bool   // nothing will be written any more

	alive  atomic.Int64 // when the far end last sent something or took events, Unix nanoseconds
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
	buf    []byte // begins with room for the head of a chunk
	events [batchEvents]broker.Event
	count  int  // of the events that are in buf
	whole  bool // the HTTP body ends with buf
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
	s.messages = append(prologue, s.messages...)
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
			s.fail()
		}
		if !rests {
			s.mu.Lock()
			s.rest()
			s.mu.Unlock()
		}
	}()
	work := scratches.Get().(*scratch)
	defer func() {
		if cap(work.buf) <= mostPooled {
			scratches.Put(work)
		}
	}()
	for {
		last, more := s.gather(work)
		bytes := work.buf[chunkHead:]
		if s.chunked {
			bytes = chunk(work.buf, work.whole)
		}
		if len(bytes) > 0 {
			if _, err := s.conn.Write(bytes); err != nil {
				s.fail()
				return
			}
		}
		if work.count > 0 {
			s.alive.Store(time.Now().UnixNano())
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

// gather fills work. last says that the farewell is in it; more that the turn
// goes on.
func (s *stream) gather(work *scratch) (last, more bool) {
	s.reading.Lock()
	defer s.reading.Unlock()
	s.mu.Lock()
	s.again = false
	buf := append(work.buf[:0], make([]byte, chunkHead)...)
	buf = append(buf, s.messages...)
	s.messages = emptied(s.messages)
	s.changed.Broadcast()
	subs, finite, bye, until, abrupt := s.subs, s.finite, s.farewell, s.until, s.abrupt
	s.mu.Unlock()

	idle := len(buf) == chunkHead
	work.count, work.whole = 0, false
	for _, sub := range subs {
		events := sub.Next(work.events[:0], batchBytes/len(subs))
		for i := range events {
			if bye != nil && events[i].Seq > until {
				break // who comes back gets it then
			}
			buf = s.framing.event(buf, &events[i])
			work.count++
		}
		clear(events)
	}
	work.buf = buf
	if !idle || work.count > 0 {
		return false, true
	}
	if bye != nil {
		work.buf, work.whole = append(buf, bye...), !abrupt
		return true, false
	}
	over := finite && !slices.ContainsFunc(subs, func(sub *subscription) bool { return !sub.Ended() })
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case over && s.finite && s.farewell == nil: // unless a sub came just now
		s.setFarewell(s.ending(), false)
		return false, true
	case s.again:
		return false, true
	}
	s.rest() // under the same lock as the look at again, so that no wake is lost
	return false, false
}

// emptied is buf for the next messages, unless it has become too large to keep.
func emptied(buf []byte) []byte {
	if cap(buf) > 1<<10 {
		return nil
	}
	return buf[:0]
}

// ending is the farewell of a stream whose topics have all ended.
func (s *stream) ending() []byte {
	if s.ws {
		return appendClose(nil, closeNormal, "the stream has ended")
	}
	return []byte{}
}

// fail gives the connection up; the reading goroutine notices and ends the stream.
func (s *stream) fail() {
	s.mu.Lock()
	s.closed = true // else say would wait for a turn that never comes
	s.changed.Broadcast()
	s.mu.Unlock()
	s.conn.Close()
}

// leave stops writing and gives the far end a moment to hang up: closed at once,
// what it has not read yet could be lost.
func (s *stream) leave() {
	s.mu.Lock()
	s.left = true
	s.changed.Broadcast()
	s.mu.Unlock()
	if half, ok := s.conn.(interface{ CloseWrite() error }); ok && !s.ws {
		_ = half.CloseWrite()
	}
	_ = s.conn.SetReadDeadline(time.Now().Add(farewell))
}

// Read reads what the far end sends. The moment that leave gives it begins when
// it has taken everything; that it does at all is the sweep's affair.
func (s *stream) Read(p []byte) (int, error) {
	for {
		n, err := s.conn.Read(p)
		if n > 0 {
			s.alive.Store(time.Now().UnixNano())
		}
		if !errors.Is(err, os.ErrDeadlineExceeded) {
			return n, err
		}
		if link, ok := linkOf(s.conn); !ok || !link.owes() {
			return n, err
		}
		if err := s.conn.SetReadDeadline(time.Now().Add(farewell)); err != nil {
			return n, err
		}
	}
}

// say queues one of the hub's own messages, already framed; effect, which may be
// nil, happens with it, before the next event is taken. It waits while the far
// end has not taken earlier messages, so only the reading goroutine calls it.
func (s *stream) say(framed []byte, effect func()) {
	s.mu.Lock()
	for len(s.messages) > mostMessages && !s.closed && !s.left {
		s.changed.Wait()
	}
	s.messages = append(s.messages, framed...)
	if effect != nil {
		effect()
	}
	s.mu.Unlock()
	s.wake()
}

// part says farewell once everything published so far has been written.
func (s *stream) part(framed []byte, abrupt bool) {
	s.mu.Lock()
	if s.farewell == nil {
		s.setFarewell(framed, abrupt)
	}
	s.mu.Unlock()
	s.wake()
}

// setFarewell bounds what still comes before it, else a reader of a busy topic
// would never be told. s.mu is held.
func (s *stream) setFarewell(framed []byte, abrupt bool) {
	_, seq, _ := strings.Cut(s.broker.Position(), "-")
	s.until, _ = strconv.ParseUint(seq, 10, 64)
	s.farewell, s.abrupt = framed, abrupt
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
