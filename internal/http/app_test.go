package http

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"net"
	nethttp "net/http"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
)

// serveApp runs an application with the edge and the routes given on a listener
// of ours, until the test ends, and returns the listener.
func serveApp(t *testing.T, o appOptions, routes func(*fiber.App)) *Listener {
	t.Helper()
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	app, err := newApp(o)
	if err != nil {
		t.Fatal(err)
	}
	routes(app)
	l, err := Listen("127.0.0.1:0", ListenOptions{MaxConns: o.MaxConns, Log: o.Log})
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- app.Listener(l) }()
	t.Cleanup(func() {
		_ = app.ShutdownWithTimeout(time.Second)
		_ = l.Close()
		if err := <-served; err != nil {
			t.Error(err)
		}
	})
	return l
}

func okay(c *fiber.Ctx) error { return c.SendString("fine") }

// sendRaw opens a connection and sends raw bytes.
func sendRaw(t *testing.T, addr, raw string) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(c, raw); err != nil {
		t.Fatal(err)
	}
	return c
}

// exchange sends raw bytes and returns everything that comes back until the
// server closes or is silent for a moment.
func exchange(t *testing.T, addr, raw string) string {
	t.Helper()
	c := sendRaw(t, addr, raw)
	defer c.Close()
	_ = c.SetReadDeadline(time.Now().Add(300 * time.Millisecond))
	answer, _ := io.ReadAll(c)
	return string(answer)
}

// answerTo sends raw bytes and returns the first answer.
func answerTo(t *testing.T, addr, raw string) (*nethttp.Response, string) {
	t.Helper()
	c := sendRaw(t, addr, raw)
	defer c.Close()
	_ = c.SetReadDeadline(time.Now().Add(10 * time.Second))
	method, _, _ := strings.Cut(raw, " ")
	r, err := nethttp.ReadResponse(bufio.NewReader(c), &nethttp.Request{Method: method})
	if err != nil {
		t.Fatalf("%q: %v", raw, err)
	}
	defer r.Body.Close()
	body, _ := io.ReadAll(r.Body)
	return r, string(body)
}

// logBuffer is a log that tests read while a server writes it.
type logBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func debugLog() (*logBuffer, *slog.Logger) {
	b := &logBuffer{}
	return b, slog.New(slog.NewTextHandler(b, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

func TestAPanicIsA500WithTheRequestsIDAndItsStackIsInTheLogAlone(t *testing.T) {
	buffer, log := debugLog()
	l := serveApp(t, appOptions{Log: log}, func(app *fiber.App) {
		app.Post("/boom/:name", func(*fiber.Ctx) error { panic("the reason") })
	})
	r, body := answerTo(t, l.Addr().String(), "POST /boom/x?token=hidden HTTP/1.1\r\nHost: localhost\r\nContent-Length: 6\r\n\r\nsecret")
	id := r.Header.Get("X-Request-Id")
	if want := fmt.Sprintf(`{"detail":"internal error, request %s"}`, id); r.StatusCode != 500 || body != want {
		t.Errorf("got %d %s, want 500 %s", r.StatusCode, body, want)
	}
	if !regexp.MustCompile(`^[0-9a-f]{12}$`).MatchString(id) {
		t.Errorf("request id %q is not 12 hex digits", id)
	}
	logged := buffer.String()
	for _, want := range []string{id, "the reason", "app_test.go", "/boom/:name"} {
		if !strings.Contains(logged, want) {
			t.Errorf("the log lacks %q:\n%s", want, logged)
		}
	}
	for _, never := range []string{"secret", "hidden", "token"} {
		if strings.Contains(logged, never) {
			t.Errorf("the log holds %q:\n%s", never, logged)
		}
	}
}

func TestAClientThatSendsSlowlyOrNothingLosesItsConnection(t *testing.T) {
	const limit = 200 * time.Millisecond
	l := serveApp(t, appOptions{readTimeout: limit}, func(app *fiber.App) {
		app.Get("/", okay)
		app.Post("/read", func(c *fiber.Ctx) error {
			_, err := readBody(c, 100)
			return err
		})
	})
	for name, start := range map[string]string{
		"silence":     "",
		"half a head": "GET / HTTP/1.1\r\nHost: local",
		"half a body": "POST /read HTTP/1.1\r\nHost: localhost\r\nContent-Length: 50\r\n\r\nabc",
		"half chunks": "POST /read HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, err := net.Dial("tcp", l.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			_, _ = io.WriteString(c, start)
			_ = c.SetReadDeadline(time.Now().Add(5 * time.Second))
			answer, err := io.ReadAll(c)
			if err != nil {
				t.Fatalf("still open after 5 s: %v", err)
			}
			if !strings.HasPrefix(string(answer), "HTTP/1.1 408 ") {
				t.Errorf("got %q, want a 408", answer)
			}
		})
	}
}

func TestAHandlerStartsWithTheFirstByteOfItsBody(t *testing.T) {
	started := make(chan struct{})
	l := serveApp(t, appOptions{}, func(app *fiber.App) {
		app.Put("/", func(c *fiber.Ctx) error {
			close(started)
			_, err := readBody(c, 1000)
			return err
		})
	})
	c, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	_, _ = io.WriteString(c, "PUT / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\na")
	select {
	case <-started:
	case <-time.After(5 * time.Second):
		t.Error("the handler waits for more")
	}
}
