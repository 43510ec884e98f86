package http

import (
	"errors"
	"os"
	"time"
)

// farewell is how long the far end of an ended stream has to hang up, and a
// close frame to be taken.
const farewell = time.Second

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
	s.farewell, s.abrupt, s.until = framed, abrupt, s.broker.Head()
}

// ending is the farewell of a stream whose topics have all ended.
func (s *stream) ending() []byte {
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
