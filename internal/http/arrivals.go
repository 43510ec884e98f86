package http

import (
	"context"
	"io"
	"net"
	"sync"
	"time"
)

// errEnding is the answer to what a hub that shuts down no longer takes.
var errEnding = unavailable(time.Second, "the hub is shutting down")

// arrivals are the publishes whose body is still coming. A piped command may be
// silent for hours, so reading them has no deadline (TCP's keepalive finds a
// publisher that has gone); and so a hub that shuts down must end them.
type arrivals struct {
	mu     sync.Mutex
	open   map[net.Conn]struct{}
	ending bool
	none   chan struct{} // closed when ending and none is open
}

// body makes a request's body one that is read as it arrives, from the connection
// that it comes on; length is its Content-Length, or negative. It is nil where
// there is none. done is called when it is read.
func (a *arrivals) body(stream io.Reader, conn net.Conn, length int) (in io.Reader, done func(), err error) {
	if stream == nil {
		return nil, func() {}, nil
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.ending {
		return nil, nil, errEnding
	}
	// The server sets one deadline for a whole request. It is lifted before end
	// could set its own, never after.
	if err := conn.SetReadDeadline(time.Time{}); err != nil {
		return nil, nil, bodyError(err)
	}
	if a.open == nil {
		a.open, a.none = map[net.Conn]struct{}{}, make(chan struct{})
	}
	a.open[conn] = struct{}{}
	return &arriving{stream, a, length}, func() { a.remove(conn) }, nil
}

func (a *arrivals) remove(conn net.Conn) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.open, conn)
	if a.ending && len(a.open) == 0 {
		close(a.none)
	}
}

// end takes no more bodies, ends those that are open, and returns when what had
// come of them is published, or when ctx ends.
func (a *arrivals) end(ctx context.Context) {
	a.mu.Lock()
	if a.ending || len(a.open) == 0 {
		a.ending = true
		a.mu.Unlock()
		return
	}
	a.ending = true
	for conn := range a.open {
		_ = conn.SetReadDeadline(time.Unix(1, 0)) // fails only where the connection is over
	}
	a.mu.Unlock()
	select {
	case <-a.none:
	case <-ctx.Done():
	}
}

func (a *arrivals) isEnding() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.ending
}

// arriving is one such body. Its errors are answers; io.EOF is the true end.
type arriving struct {
	stream   io.Reader
	arrivals *arrivals
	owed     int // bytes of Content-Length that are still to come; negative where there is none
}

// Read reads what has come, and waits where nothing has.
func (b *arriving) Read(p []byte) (int, error) {
	n, err := b.stream.Read(p)
	if b.owed > 0 {
		b.owed -= n
	}
	switch {
	case err == nil:
		return n, nil
	case err == io.EOF && b.owed <= 0:
		return n, io.EOF
	case err == io.EOF: // the server takes a connection's end for the body's
		return n, bodyError(io.ErrUnexpectedEOF)
	case b.arrivals.isEnding():
		return n, errEnding
	}
	return n, bodyError(err)
}
