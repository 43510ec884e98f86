package main

import "sync"

// backlog is how many messages a client may fall behind before it loses some.
const backlog = 256

type client chan []byte

type hub struct {
	mu      sync.RWMutex
	clients map[client]struct{}
}

func newHub() *hub { return &hub{clients: map[client]struct{}{}} }

func (h *hub) join() client {
	c := make(client, backlog)
	h.mu.Lock()
	defer h.mu.Unlock()
	h.clients[c] = struct{}{}
	return c
}

// leave closes the client's channel, which ends its writer.
func (h *hub) leave(c client) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.clients, c)
	close(c)
}

func (h *hub) publish(message []byte) {
	h.mu.RLock()
	defer h.mu.RUnlock()
	for c := range h.clients {
		select {
		case c <- message:
		default: // too slow: the message is lost to this client
		}
	}
}
