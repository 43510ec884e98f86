package main

import (
	"bufio"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// start serves a naive hub on a port of its own.
func start(t *testing.T) (h *hub, addr string) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	h = newHub()
	app := newApp(h)
	served := make(chan error, 1)
	go func() { served <- app.Listener(listener) }()
	t.Cleanup(func() {
		listener.Close() // Shutdown would wait for the streams
		<-served
	})
	return h, listener.Addr().String()
}

// await waits until so many clients have joined, which a WebSocket does after
// its response head.
func (h *hub) await(t *testing.T, n int) {
	for {
		h.mu.RLock()
		joined := len(h.clients)
		h.mu.RUnlock()
		if joined == n {
			return
		}
		select {
		case <-t.Context().Done():
			t.Fatal("the clients never joined")
		case <-time.After(time.Millisecond):
		}
	}
}

func TestEachLineOfAPublishReachesEveryReader(t *testing.T) {
	h, addr := start(t)
	conn, _, err := websocket.Dial(t.Context(), "ws://"+addr+"/ws", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.CloseNow()
	stream, err := http.Get("http://" + addr + "/events")
	if err != nil {
		t.Fatal(err)
	}
	defer stream.Body.Close()
	h.await(t, 2)

	answer, err := http.Post("http://"+addr+"/publish", "application/x-ndjson", strings.NewReader("{\"n\":1}\r\n{\"n\":2}\n"))
	if err != nil || answer.StatusCode != http.StatusNoContent {
		t.Fatalf("publish: %v, %v", answer, err)
	}
	answer.Body.Close()

	lines := bufio.NewScanner(stream.Body)
	for _, want := range []string{`{"n":1}`, `{"n":2}`} {
		if _, got, err := conn.Read(t.Context()); err != nil || string(got) != want {
			t.Errorf("WebSocket: %q, %v, want %q", got, err, want)
		}
		for lines.Scan() && !strings.HasPrefix(lines.Text(), "data: ") {
		}
		if got := lines.Text(); got != "data: "+want {
			t.Errorf("SSE: %q, want %q", got, want)
		}
	}
	conn.CloseNow()
	h.await(t, 1) // a closed WebSocket is noticed and leaves
}

func TestAClientAFullChannelBehindLosesEventsAndHoldsNobodyUp(t *testing.T) {
	h := newHub()
	c := h.join()
	for range backlog + 10 {
		h.publish([]byte("x"))
	}
	if len(c) != backlog {
		t.Errorf("%d messages wait, want %d", len(c), backlog)
	}
}
