package http

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	nethttp "net/http"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gofiber/fiber/v2"
	"golang.org/x/sys/unix"
)

func TestListenSaysInOneLineWhyItCannot(t *testing.T) {
	taken, err := Listen("127.0.0.1:0", ListenOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	addr := taken.Addr().String()
	for given, want := range map[string]string{
		addr:                 "cannot listen on " + addr + ": address already in use (is another hub running? choose another with --listen)",
		"192.0.2.1:8002":     "cannot listen on 192.0.2.1:8002: cannot assign requested address (this machine has no such address)",
		":8002":              `cannot listen on ":8002": it names no host (127.0.0.1:8002 is this machine alone, 0.0.0.0:8002 every network)`,
		"8002":               `cannot listen on "8002": missing port in address (it must be host:port, such as 127.0.0.1:8002)`,
		"127.0.0.1:no-port":  "cannot listen on 127.0.0.1:no-port: ",
		"no.such.test.:8002": "cannot listen on no.such.test.:8002: ",
	} {
		l, err := Listen(given, ListenOptions{})
		if err == nil {
			_ = l.Close()
			t.Errorf("%s: no error", given)
		} else if !strings.HasPrefix(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s:\ngot  %s\nwant %s", given, err, want)
		}
	}
	if text := advice(os.NewSyscallError("bind", syscall.EACCES)); !strings.Contains(text, "--listen") {
		t.Errorf("no permission: %q", text)
	}
}

func TestListenOpensTheHostItWasGivenAndNoMore(t *testing.T) {
	l, err := Listen("0.0.0.0:0", ListenOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	if c, err := net.Dial("tcp", "[::1]:"+port); err == nil {
		_ = c.Close()
		t.Error("0.0.0.0 answers on IPv6 too")
	}
}

// failing is a listener whose accept fails in the ways given, then gives a
// connection, and so on.
type failing struct {
	net.Listener
	errs   []error
	closed chan struct{}
}

func (f *failing) Accept() (net.Conn, error) {
	if len(f.errs) == 0 {
		<-f.closed
		return nil, net.ErrClosed
	}
	err := f.errs[0]
	if f.errs = f.errs[1:]; err != nil {
		return nil, &net.OpError{Op: "accept", Err: os.NewSyscallError("accept4", err)}
	}
	c, _ := net.Pipe()
	return c, nil
}
func (f *failing) Addr() net.Addr { return &net.TCPAddr{} }
func (f *failing) Close() error   { close(f.closed); return nil }

func TestAcceptOutlivesEveryErrorAndWaitsLongerEachTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		buffer, log := debugLog()
		inner := &failing{closed: make(chan struct{}), errs: []error{
			syscall.EMFILE, syscall.ENFILE, syscall.ECONNABORTED, syscall.ENOBUFS, syscall.ENOMEM, syscall.EPERM, nil, // 5+10+20+40+80+160 ms
			syscall.EMFILE, nil, // 5 ms again
			syscall.EMFILE, syscall.EMFILE, syscall.EMFILE, syscall.EMFILE, syscall.EMFILE, syscall.EMFILE, syscall.EMFILE, syscall.EMFILE, syscall.EMFILE, syscall.EMFILE, nil,
			syscall.EMFILE,
		}}
		l := newListener(inner, ListenOptions{Log: log})
		for _, want := range []time.Duration{315 * time.Millisecond, 5 * time.Millisecond, (5+10+20+40+80+160+320+640)*time.Millisecond + 2*time.Second} {
			began := time.Now()
			if _, err := l.Accept(); err != nil || time.Since(began) != want {
				t.Errorf("%v after %v, want a connection after %v", err, time.Since(began), want)
			}
		}
		if lines := strings.Count(buffer.String(), "\n"); lines < 3 || lines > 10 || !strings.Contains(buffer.String(), "too many open files") {
			t.Errorf("the log has %d lines:\n%s", lines, buffer)
		}
		ended := make(chan error)
		go func() { _, err := l.Accept(); ended <- err }()
		synctest.Wait() // it waits out the last error
		_ = l.Close()
		if err := <-ended; !errors.Is(err, net.ErrClosed) {
			t.Errorf("after Close: %v", err)
		}
	})
}

func TestOverTheLimitAClientIsToldToComeBack(t *testing.T) {
	l := serveApp(t, appOptions{MaxConns: 3}, func(app *fiber.App) { app.Get("/", okay) })
	addr := l.Addr().String()
	var held []net.Conn
	for range 3 {
		c, err := net.Dial("tcp", addr)
		if err != nil {
			t.Fatal(err)
		}
		held = append(held, c)
	}
	until(t, "3 connections are open", func() bool { return l.Open() == 3 })
	for range 5 {
		r, body := answerTo(t, addr, request("GET / HTTP/1.1", "Host: localhost"))
		if r.StatusCode != 503 || r.Header.Get("Retry-After") == "" || !r.Close || !strings.Contains(body, `"detail"`) {
			t.Errorf("got %d %v %s", r.StatusCode, r.Header, body)
		}
	}
	_ = held[0].Close()
	until(t, "a place is free", func() bool { return l.Open() == 2 })
	if r, _ := answerTo(t, addr, request("GET / HTTP/1.1", "Host: localhost")); r.StatusCode != 200 {
		t.Errorf("with a place free: %d", r.StatusCode)
	}
	for _, c := range held {
		_ = c.Close()
	}
	until(t, "all are gone", func() bool { return l.Open() == 0 })
}

func TestOneAddressMayHoldOnlySoMany(t *testing.T) {
	l, err := Listen("127.0.0.1:0", ListenOptions{MaxConnsPerIP: 2})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	accepted := make(chan net.Conn)
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			accepted <- c
		}
	}()
	dial := func(from string) net.Conn {
		d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(from)}}
		c, err := d.Dial("tcp", l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = c.Close() })
		return c
	}
	dial("127.0.0.1")
	first := <-accepted
	dial("127.0.0.1")
	<-accepted
	answer, _ := io.ReadAll(dial("127.0.0.1"))
	if !strings.HasPrefix(string(answer), "HTTP/1.1 503 ") || !strings.Contains(string(answer), "your address") {
		t.Errorf("the third got %q", answer)
	}
	dial("127.0.0.2")
	<-accepted
	_, _ = first.Close(), first.Close() // counted once
	if l.Open() != 2 {
		t.Errorf("%d are open, want 2", l.Open())
	}
	dial("127.0.0.1")
	<-accepted
}

func TestAcceptedConnectionsHaveTheirOptions(t *testing.T) {
	_, server := linked(t, ListenOptions{})
	raw, err := server.(syscall.Conn).SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	_ = raw.Control(func(fd uintptr) {
		for name, o := range map[string]struct{ level, option, want int }{
			"SO_SNDBUF, doubled by Linux": {unix.SOL_SOCKET, unix.SO_SNDBUF, 256 << 10},
			"SO_KEEPALIVE":                {unix.SOL_SOCKET, unix.SO_KEEPALIVE, 1},
			"TCP_KEEPIDLE":                {unix.IPPROTO_TCP, unix.TCP_KEEPIDLE, 15},
			"TCP_KEEPINTVL":               {unix.IPPROTO_TCP, unix.TCP_KEEPINTVL, 8},
			"TCP_KEEPCNT":                 {unix.IPPROTO_TCP, unix.TCP_KEEPCNT, 3},
			"TCP_NODELAY":                 {unix.IPPROTO_TCP, unix.TCP_NODELAY, 1},
			"TCP_USER_TIMEOUT":            {unix.IPPROTO_TCP, unix.TCP_USER_TIMEOUT, 0}, // see keepAlive
		} {
			if got, err := unix.GetsockoptInt(int(fd), o.level, o.option); err != nil || got != o.want {
				t.Errorf("%s is %d, %v, want %d", name, got, err, o.want)
			}
		}
	})
}

const childEnv = "HUB_TEST_FEW_FILES"

// A server that has run out of files goes on as soon as there are some again,
// whether its limit keeps it from running out or accept itself fails.
func TestAServerOutlivesMoreConnectionsThanItHasFiles(t *testing.T) {
	if limit := os.Getenv(childEnv); limit != "" {
		serveWithFewFiles(limit)
	}
	for name, limit := range map[string]string{"the limit is found": "0", "the limit is set too high": "100000"} {
		t.Run(name, func(t *testing.T) {
			child := exec.Command("/bin/sh", "-c", `ulimit -n 256 && exec "$0" -test.run=TestAServerOutlivesMoreConnectionsThanItHasFiles`, os.Args[0])
			child.Env = append(os.Environ(), childEnv+"="+limit)
			child.Stderr = os.Stderr
			stdin, err := child.StdinPipe()
			if err != nil {
				t.Fatal(err)
			}
			stdout, err := child.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := child.Start(); err != nil {
				t.Fatal(err)
			}
			defer func() { _ = stdin.Close(); _ = child.Wait() }()
			addr, err := bufio.NewReader(stdout).ReadString('\n')
			if err != nil {
				t.Fatal(err)
			}
			addr = strings.TrimSpace(addr)

			var conns []net.Conn
			for range 400 {
				c, err := net.Dial("tcp", addr)
				if err != nil {
					t.Fatal(err)
				}
				conns = append(conns, c)
			}
			_, _ = io.WriteString(conns[0], request("GET / HTTP/1.1", "Host: localhost"))
			_ = conns[0].SetReadDeadline(time.Now().Add(10 * time.Second))
			if r, err := nethttp.ReadResponse(bufio.NewReader(conns[0]), nil); err != nil || r.StatusCode != 200 {
				t.Errorf("one that was there first: %v %v", r, err)
			}
			for _, c := range conns {
				_ = c.Close()
			}
			until(t, "the server is well", func() bool {
				client := nethttp.Client{Timeout: time.Second}
				r, err := client.Get("http://" + addr + "/")
				if err != nil {
					return false
				}
				_ = r.Body.Close()
				client.CloseIdleConnections()
				return r.StatusCode == 200
			})
		})
	}
}

// serveWithFewFiles is the child's whole life: it serves until its standard
// input ends.
func serveWithFewFiles(limit string) {
	var o ListenOptions
	_, _ = fmt.Sscan(limit, &o.MaxConns)
	o.Log = slog.New(slog.DiscardHandler)
	app, err := newApp(appOptions{MaxConns: 100_000, Log: o.Log})
	if err == nil {
		app.Get("/", okay)
		var l *Listener
		if l, err = Listen("127.0.0.1:0", o); err == nil {
			fmt.Println(l.Addr())
			go func() { _, _ = io.Copy(io.Discard, os.Stdin); os.Exit(0) }()
			err = app.Listener(l)
		}
	}
	fmt.Fprintln(os.Stderr, "the server ended:", err)
	os.Exit(1)
}

// until waits for what must come true soon.
func until(t *testing.T, what string, is func() bool) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); !is(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("not within 10 s: %s", what)
		}
	}
}

// linked is both ends of a connection through a listener of ours.
func linked(t *testing.T, o ListenOptions) (client *net.TCPConn, server net.Conn) {
	t.Helper()
	return linkedBy(t, net.Dialer{}, o)
}

func linkedBy(t *testing.T, d net.Dialer, o ListenOptions) (client *net.TCPConn, server net.Conn) {
	t.Helper()
	l, err := Listen("127.0.0.1:0", o)
	if err != nil {
		t.Fatal(err)
	}
	c, err := d.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	server, err = l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		for _, c := range slices.Backward([]io.Closer{l, server, c}) {
			_ = c.Close()
		}
	})
	return c.(*net.TCPConn), server
}

// unread is how many bytes have come in that nobody has read.
func unread(t *testing.T, c net.Conn) (n int) {
	t.Helper()
	raw, err := c.(syscall.Conn).SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	_ = raw.Control(func(fd uintptr) { n, err = unix.IoctlGetInt(int(fd), unix.TIOCINQ) })
	if err != nil {
		t.Fatal(err)
	}
	return n
}
