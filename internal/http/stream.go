package http

import (
	"log/slog"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"hub/internal/broker"
)

// mostMessages is how many bytes of the hub's own messages may wait for a turn.
const mostMessages = 32 << 10

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

// subscription is one of a stream's, with the names and patterns it reads; these
// are the reading goroutine's alone.
type subscription struct {
	*broker.Subscription
	topics []string
}

func subscribe(b *broker.Broker, r broker.Request) (*subscription, error) {
	sub, err := b.Subscribe(r)
	return &subscription{sub, r.Topics}, err
}

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

// fail gives the connection up; the reading goroutine notices and ends the stream.
func (s *stream) fail() {
	s.mu.Lock()
	s.closed = true // else say would wait for a turn that never comes
	s.changed.Broadcast()
	s.mu.Unlock()
	s.conn.Close()
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
