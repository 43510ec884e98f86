package http

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// ListenOptions are a listener's limits; the zero value is right for a hub.
type ListenOptions struct {
	// MaxConns is how many connections may be open at once. 0: as many as the
	// limit on open files allows, less a reserve for everything else.
	MaxConns int
	// MaxConnsPerIP is the same for one address. 0: no limit.
	MaxConnsPerIP int
	// SendBuffer, in bytes, bounds what the kernel holds for one reader beyond
	// what the reader has taken: a slow one costs that, and no more. It also
	// bounds a connection to so much for each round trip. 0: 128 KiB.
	SendBuffer int
	// Log gets a line when accepting fails. nil: slog.Default().
	Log *slog.Logger
}

// A link on which nothing is under way and whose far end has gone is found after
// 15 s and three probes 8 s apart, 39 s. TCP_USER_TIMEOUT is left alone on
// purpose: it takes the place of that count (Linux then waits for the longer
// time), and it cuts off a reader that takes 1 KB a second, because its clock
// also runs while the reader's window is shut.
var keepAlive = net.KeepAliveConfig{Enable: true, Idle: 15 * time.Second, Interval: 8 * time.Second, Count: 3}

const (
	defaultSendBuffer = 128 << 10
	fileReserve       = 128 // files kept back for tasks, the engine, logs, and refused connections
	firstPause        = 5 * time.Millisecond
	longestPause      = time.Second
)

// Listener accepts connections until it is closed and, whatever accept says
// meanwhile, never gives up: out of files or memory it waits and tries again.
// A connection over a limit gets a 503 and is closed.
type Listener struct {
	inner net.Listener
	o     ListenOptions
	done  chan struct{}
	close sync.Once
	refusals

	mu    sync.Mutex
	open  int
	perIP map[netip.Addr]int
}

// Listen opens addr, "host:port". The host must be named, so that nobody
// listens on every interface by leaving it out, and is taken as it stands:
// 0.0.0.0 is IPv4 alone. Port 0 is any free port.
func Listen(addr string, o ListenOptions) (*Listener, error) {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, fmt.Errorf("cannot listen on %q: %w (it must be host:port, such as 127.0.0.1:8002)", addr, bare(err))
	}
	if host == "" {
		return nil, fmt.Errorf("cannot listen on %q: it names no host (127.0.0.1%s is this machine alone, 0.0.0.0%s every network)", addr, addr, addr)
	}
	config := net.ListenConfig{KeepAliveConfig: keepAlive}
	inner, err := config.Listen(context.Background(), family(host), addr)
	if err != nil {
		return nil, fmt.Errorf("cannot listen on %s: %w%s", addr, bare(err), advice(err))
	}
	return newListener(inner, o), nil
}

func newListener(inner net.Listener, o ListenOptions) *Listener {
	if o.MaxConns <= 0 {
		o.MaxConns = affordable()
	}
	if o.SendBuffer <= 0 {
		o.SendBuffer = defaultSendBuffer
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	return &Listener{inner: inner, o: o, done: make(chan struct{}), perIP: make(map[netip.Addr]int)}
}

// Accept returns the next connection that is within the limits. Its error is
// net.ErrClosed, after Close, and no other.
func (l *Listener) Accept() (net.Conn, error) {
	for pause := firstPause; ; {
		c, err := l.inner.Accept()
		if err == nil {
			pause = firstPause
			if kept := l.admit(c); kept != nil {
				return kept, nil
			}
			continue
		}
		if errors.Is(err, net.ErrClosed) {
			return nil, net.ErrClosed
		}
		if pause == firstPause || pause == longestPause {
			l.o.Log.Warn("cannot accept a connection, trying again", "error", bare(err), "open", l.Open())
		}
		select {
		case <-time.After(pause):
			pause = min(2*pause, longestPause)
		case <-l.done:
			return nil, net.ErrClosed
		}
	}
}

// admit counts c in, or refuses it and returns nil.
func (l *Listener) admit(c net.Conn) net.Conn {
	ip := addrOf(c.RemoteAddr())
	l.mu.Lock()
	full := l.open >= l.o.MaxConns
	crowded := l.o.MaxConnsPerIP > 0 && l.perIP[ip] >= l.o.MaxConnsPerIP
	if !full && !crowded {
		l.open++
		if l.o.MaxConnsPerIP > 0 {
			l.perIP[ip]++
		}
	}
	l.mu.Unlock()
	switch {
	case full:
		l.refuse(c, "too many connections are open")
	case crowded:
		l.refuse(c, "too many connections are open from your address")
	default:
		return newConn(c, l.o.SendBuffer, func() { l.forget(ip) })
	}
	return nil
}

func (l *Listener) forget(ip netip.Addr) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.open--
	if l.perIP[ip]--; l.perIP[ip] <= 0 {
		delete(l.perIP, ip)
	}
}

// Open is how many accepted connections are not closed yet, hijacked ones too.
func (l *Listener) Open() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.open
}

// Limit is how many connections may be open at once.
func (l *Listener) Limit() int { return l.o.MaxConns }

// Addr is the address that is listened on, with the port that was found for 0.
func (l *Listener) Addr() net.Addr { return l.inner.Addr() }

// Close stops accepting. Open connections stay open.
func (l *Listener) Close() error {
	err := net.ErrClosed
	l.close.Do(func() {
		close(l.done)
		err = l.inner.Close()
		l.refusals.wait()
	})
	return err
}

// affordable is the process's limit on open files less the reserve, or half of
// a very small limit.
func affordable() int {
	const most = 1 << 20
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &limit); err != nil || limit.Cur > most {
		return most
	}
	files := int(limit.Cur)
	return max(files-fileReserve, files/2, 1)
}

// family keeps a literal address to its own kind: with plain "tcp" the system
// would open 0.0.0.0 for IPv6 too.
func family(host string) string {
	ip, err := netip.ParseAddr(host)
	switch {
	case err != nil:
		return "tcp"
	case ip.Is4():
		return "tcp4"
	}
	return "tcp6"
}

// bare is the last cause of a network error, without "listen tcp …: bind: ".
func bare(err error) error {
	var cause syscall.Errno
	if errors.As(err, &cause) {
		return cause
	}
	var addr *net.AddrError
	if errors.As(err, &addr) {
		return errors.New(addr.Err)
	}
	var op *net.OpError
	if errors.As(err, &op) {
		return op.Err
	}
	return err
}

func advice(err error) string {
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return " (is another hub running? choose another with --listen)"
	case errors.Is(err, syscall.EACCES), errors.Is(err, syscall.EPERM):
		return " (ports below 1024 need a privilege; choose another with --listen)"
	case errors.Is(err, syscall.EADDRNOTAVAIL):
		return " (this machine has no such address)"
	}
	return ""
}

func addrOf(a net.Addr) netip.Addr {
	if t, ok := a.(*net.TCPAddr); ok {
		return t.AddrPort().Addr().Unmap()
	}
	return netip.Addr{}
}
