package http

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	nethttp "net/http"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"hub/internal/broker"
)

// testHub is a real server with a real broker, on a free port of loopback.
type testHub struct {
	t        testing.TB
	broker   *broker.Broker
	server   *Server
	listener *Listener
	addr     string
}

// unexpected is a log that fails the test when an error is written to it.
type unexpected struct{ t testing.TB }

func (u unexpected) Write(p []byte) (int, error) {
	u.t.Errorf("logged: %s", p)
	return len(p), nil
}

// startHub serves until the test ends. A log that is not given must stay free of errors.
func startHub(t testing.TB, o Options, history broker.Options, listen ...func(net.Listener) net.Listener) *testHub {
	t.Helper()
	return startHubAt(t, "127.0.0.1:0", o, history, listen...)
}

func startHubAt(t testing.TB, addr string, o Options, history broker.Options, listen ...func(net.Listener) net.Listener) *testHub {
	t.Helper()
	if o.Log == nil {
		o.Log = slog.New(slog.NewTextHandler(unexpected{t}, &slog.HandlerOptions{Level: slog.LevelError}))
	}
	if o.Broker == nil {
		o.Broker = broker.New(history)
	}
	o.Pages = fstest.MapFS{"index.html": {Data: []byte("<!doctype html><title>hub</title>")}}
	l, err := Listen(addr, ListenOptions{MaxConns: o.MaxConns, Log: o.Log})
	if err != nil {
		t.Fatal(err)
	}
	server, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	watch(t, server)
	h := &testHub{t: t, broker: o.Broker, server: server, listener: l, addr: l.Addr().String()}
	var serving net.Listener = l
	for _, wrap := range listen {
		serving = wrap(serving)
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve(serving) }()
	t.Cleanup(func() {
		_ = l.Close()
		h.shutdown(5 * time.Second)
		if err := <-served; err != nil {
			t.Error(err)
		}
		h.broker.Close()
	})
	return h
}

func (h *testHub) shutdown(within time.Duration) {
	ctx, cancel := context.WithTimeout(context.Background(), within)
	defer cancel()
	if err := h.server.Shutdown(ctx); err != nil {
		h.t.Errorf("cannot shut down: %v", err)
	}
}

// publish publishes one event.
func (h *testHub) publish(topic, kind, data string) uint64 {
	h.t.Helper()
	seq, err := h.broker.Publish(topic, kind, []byte(data))
	if err != nil {
		h.t.Fatal(err)
	}
	return seq
}

// lines publishes the lines from first to last of a topic, each its number.
func (h *testHub) lines(topic string, first, last int) {
	h.t.Helper()
	for i := first; i <= last; i++ {
		h.publish(topic, "line", fmt.Sprintf(`{"line":"%d"}`, i))
	}
}

// get is an ordinary request, with its answer whole; heads are "Name: value".
func (h *testHub) get(target string, heads ...string) (*nethttp.Response, string) {
	h.t.Helper()
	return h.request(nethttp.MethodGet, target, heads...)
}

func (h *testHub) request(method, target string, heads ...string) (*nethttp.Response, string) {
	h.t.Helper()
	r, err := nethttp.NewRequest(method, "http://"+h.addr+target, nil)
	if err != nil {
		h.t.Fatal(err)
	}
	for _, head := range heads {
		name, value, _ := strings.Cut(head, ": ")
		r.Header.Set(name, value)
	}
	client := nethttp.Client{Timeout: 10 * time.Second, Transport: &nethttp.Transport{DisableKeepAlives: true}}
	answer, err := client.Do(r)
	if err != nil {
		h.t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		h.t.Fatalf("%s %s: after %q: %v", method, target, body, err)
	}
	return answer, string(body)
}

// readers is how many GET /topics says a topic has.
func (h *testHub) readers(topic string) int {
	h.t.Helper()
	_, body := h.get("/topics?match=" + topic)
	var answer struct {
		Topics []struct{ Readers int }
	}
	if err := json.Unmarshal([]byte(body), &answer); err != nil || len(answer.Topics) != 1 {
		h.t.Fatalf("GET /topics: %s: %v", body, err)
	}
	return answer.Topics[0].Readers
}

// await polls until is holds.
func (h *testHub) await(within time.Duration, what string, is func() bool) {
	h.t.Helper()
	for deadline := time.Now().Add(within); !is(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			h.t.Fatalf("not within %v: %s", within, what)
		}
	}
}

// raw is a connection on which a request has been sent as it stands.
type raw struct {
	t testing.TB
	net.Conn
	in *bufio.Reader
}

// dial sends the text, with \n for each line's end, to the hub.
func (h *testHub) dial(text string) *raw {
	h.t.Helper()
	c, err := net.Dial("tcp", h.addr)
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(func() { c.Close() })
	if _, err := io.WriteString(c, strings.ReplaceAll(text, "\n", "\r\n")); err != nil {
		h.t.Fatal(err)
	}
	_ = c.SetReadDeadline(time.Now().Add(20 * time.Second))
	return &raw{h.t, c, bufio.NewReader(c)}
}

// head is the answer's head, up to and with its empty line.
func (r *raw) head() string {
	r.t.Helper()
	var head strings.Builder
	for {
		line, err := r.in.ReadString('\n')
		if head.WriteString(line); err != nil {
			r.t.Fatalf("after %q: %v", head.String(), err)
		}
		if line == "\r\n" {
			return head.String()
		}
	}
}

// all is everything that still comes until the server closes.
func (r *raw) all() string {
	r.t.Helper()
	rest, err := io.ReadAll(r.in)
	if err != nil {
		r.t.Fatalf("after %q: %v", rest, err)
	}
	return string(rest)
}
