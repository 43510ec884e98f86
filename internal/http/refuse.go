package http

import (
	"fmt"
	"io"
	"net"
	"sync"
	"time"
)

// refusals answers connections that are over a limit. Each takes a file and a
// goroutine for a moment, so only a few are answered at once; the others are
// just closed.
type refusals struct {
	mu      sync.Mutex
	running int
	group   sync.WaitGroup
}

const (
	refusalsAtOnce = 64
	refusalTime    = 250 * time.Millisecond
)

// refuse closes c after a 503 that asks to come back.
func (r *refusals) refuse(c net.Conn, why string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.running >= refusalsAtOnce {
		_ = c.Close()
		return
	}
	r.running++
	r.group.Go(func() {
		defer func() {
			_ = recover() // a connection that misbehaves is closed all the same
			_ = c.Close()
			r.mu.Lock()
			r.running--
			r.mu.Unlock()
		}()
		body := fmt.Sprintf(`{"detail":"%s, try again in 5 seconds"}`+"\n", why)
		_ = c.SetDeadline(time.Now().Add(refusalTime))
		_, _ = fmt.Fprintf(c, "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nContent-Type: application/json\r\n"+
			"Content-Length: %d\r\nConnection: close\r\n\r\n%s", len(body), body)
		linger(c)
	})
}

func (r *refusals) wait() { r.group.Wait() }

// linger ends our side of c and reads what the other still sends, for a moment:
// closing on unread bytes resets the connection, and the reset may overtake the
// answer. The caller sets the deadline.
func linger(c net.Conn) {
	if half, ok := c.(interface{ CloseWrite() error }); ok && half.CloseWrite() == nil {
		_, _ = io.CopyN(io.Discard, c, 1<<20)
	}
}
