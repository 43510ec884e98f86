package gittest

import (
	"errors"
	"net/http"
	"sync"
)

// Hold makes the server stop in the middle of what it answers to fetches: it has
// begun, and says no more until release is called or the client goes away.
func (s *Server) Hold() (release func()) {
	held := make(chan struct{})
	s.mu.Lock()
	s.hold = held
	s.mu.Unlock()
	release = sync.OnceFunc(func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.hold == held {
			s.hold = nil
		}
		close(held)
	})
	s.t.Cleanup(release)
	return release
}

// Held is how many fetches hang now: wait for one before a cancel, and for none
// after it.
func (s *Server) Held() int { return int(s.held.Load()) }

// begun is how much of an answer is sent before it is held: less than any has.
const begun = 16

// holder is the answer to a fetch.
type holder struct {
	http.ResponseWriter
	server *Server
	gone   <-chan struct{} // closed when the client is
	sent   int
}

func (h *holder) Write(p []byte) (int, error) {
	first := min(len(p), max(begun-h.sent, 0))
	n, err := h.ResponseWriter.Write(p[:first])
	h.sent += n
	if err != nil || first == len(p) {
		return n, err
	}
	if !h.wait() {
		return n, errors.New("the client went away")
	}
	m, err := h.ResponseWriter.Write(p[first:])
	h.sent += m
	return n + m, err
}

// wait reports whether the answer may go on.
func (h *holder) wait() bool {
	h.server.mu.Lock()
	hold := h.server.hold
	h.server.mu.Unlock()
	if hold == nil {
		return true
	}
	_ = http.NewResponseController(h.ResponseWriter).Flush()
	h.server.held.Add(1)
	defer h.server.held.Add(-1)
	select {
	case <-hold:
		return true
	case <-h.gone:
		return false
	}
}
