package http

import (
	"errors"
	"net"
	"os"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// patience is how long a reader may seem to take nothing at all. What it takes
	// shows only in acknowledgements, and with the usual receive buffers these rise
	// each 93 to 127 KB that it reads (measured): one of 1 KB a second seems to stand
	// still for up to 127 s.
	patience = 150 * time.Second
	// lingering is how long Close waits for the rest of a request that was
	// answered before it had arrived whole.
	lingering = 500 * time.Millisecond
)

// conn is an accepted connection. It embeds the TCP connection itself, so that
// net.Buffers still writes many slices in one call and syscall.Conn works.
type conn struct {
	*net.TCPConn
	release  func()        // counts the connection out, once
	patience time.Duration // see Write
	once     sync.Once
	lingers  atomic.Bool
	deadline atomic.Bool // whether the owner has set a write deadline of its own
}

// newConn is c with its send buffer bounded. What is not TCP (a test's pipe)
// is only counted.
func newConn(c net.Conn, sendBuffer int, release func()) net.Conn {
	tcp, ok := c.(*net.TCPConn)
	if !ok {
		return &countedConn{Conn: c, release: release}
	}
	_ = tcp.SetWriteBuffer(sendBuffer) // the connection works without, only less bounded
	return &conn{TCPConn: tcp, release: release, patience: patience}
}

// lingerOnClose makes Close end gently, for a request whose body may not have
// been read to its end.
func (c *conn) lingerOnClose(yes bool) { c.lingers.Store(yes) }

// Close closes the connection; more calls do nothing.
func (c *conn) Close() error {
	err := net.ErrClosed
	c.once.Do(func() {
		if c.lingers.Load() {
			_ = c.TCPConn.SetReadDeadline(time.Now().Add(lingering))
			linger(c.TCPConn)
		}
		err = c.TCPConn.Close()
		c.release()
	})
	return err
}

// Write writes all of p. Where the owner has set no deadline it fails once the
// reader has taken nothing for the time of patience. It tries again several times
// meanwhile: a blocked write goes on only when a third of the kernel's buffer is
// free, which a reader of 1 KB a second does not manage in a minute; a fresh one
// takes any room there is.
func (c *conn) Write(p []byte) (n int, err error) {
	if c.deadline.Load() {
		return c.TCPConn.Write(p)
	}
	for moved := time.Now(); ; {
		if err := c.TCPConn.SetWriteDeadline(time.Now().Add(c.patience / 6)); err != nil {
			return n, err
		}
		m, err := c.TCPConn.Write(p[n:])
		if n += m; !errors.Is(err, os.ErrDeadlineExceeded) || c.deadline.Load() {
			return n, err
		}
		if now := time.Now(); m > 0 {
			moved = now
		} else if now.Sub(moved) >= c.patience {
			return n, err
		}
	}
}

// SetDeadline sets both deadlines, as net.Conn says.
func (c *conn) SetDeadline(t time.Time) error {
	c.deadline.Store(!t.IsZero())
	return c.TCPConn.SetDeadline(t)
}

// SetWriteDeadline makes writes end at t; the zero time hands the matter back
// to Write's own patience.
func (c *conn) SetWriteDeadline(t time.Time) error {
	c.deadline.Store(!t.IsZero())
	return c.TCPConn.SetWriteDeadline(t)
}

// countedConn is a connection of another kind than TCP.
type countedConn struct {
	net.Conn
	once    sync.Once
	release func()
}

// Close closes the connection; more calls do nothing.
func (c *countedConn) Close() error {
	err := net.ErrClosed
	c.once.Do(func() {
		err = c.Conn.Close()
		c.release()
	})
	return err
}
