package http

import (
	"net"
	"sync"

	"github.com/valyala/fasthttp"
)

// newcomers are the connections on which nothing has been asked yet, such as
// those that a browser opens in advance. fasthttp counts them as busy for their
// first five seconds, which a shutdown would wait for.
type newcomers struct {
	mu   sync.Mutex
	open map[net.Conn]struct{}
	over bool
}

// note is the server's word for what becomes of a connection.
func (n *newcomers) note(c net.Conn, state fasthttp.ConnState) {
	switch state {
	case fasthttp.StateNew:
		n.mu.Lock()
		defer n.mu.Unlock()
		if n.over {
			_ = c.Close()
			return
		}
		if n.open == nil {
			n.open = map[net.Conn]struct{}{}
		}
		n.open[c] = struct{}{}
	case fasthttp.StateIdle:
		// Its last request's body has been read whole, so its close need not be
		// gentle: a shutdown closes these one after the other.
		if c, ours := c.(*conn); ours {
			c.lingerOnClose(false)
		}
	case fasthttp.StateActive, fasthttp.StateClosed:
		n.mu.Lock()
		defer n.mu.Unlock()
		delete(n.open, c)
	}
}

// end ends the waiting for them.
func (n *newcomers) end() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.over = true
	for c := range n.open {
		_ = c.Close()
	}
}
