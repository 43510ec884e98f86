//go:build linux

package main

import (
	"bufio"
	"encoding/json"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/coder/websocket"
)

func start(t *testing.T) (addr string) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- serve(listener) }()
	t.Cleanup(func() {
		listener.Close()
		<-served
	})
	return listener.Addr().String()
}

func TestReadersGetTheEnvelopeOfAHubInFramesOthersCanRead(t *testing.T) {
	addr := start(t)
	conn, _, err := websocket.Dial(t.Context(), "ws://"+addr+"/ws", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.CloseNow()
	conn.SetReadLimit(-1)
	stream, err := http.Get("http://" + addr + "/events")
	if err != nil {
		t.Fatal(err)
	}
	defer stream.Body.Close()

	sizes := []int{1, 300, 70_000} // one for each length of a frame's head
	var body strings.Builder
	for _, size := range sizes {
		body.WriteString(`{"type":"line","data":{"line":"` + strings.Repeat("x", size) + `"}}` + "\n")
	}
	answer, err := http.Post("http://"+addr+"/publish", "application/x-ndjson", strings.NewReader(body.String()))
	if err != nil || answer.StatusCode != http.StatusNoContent {
		t.Fatalf("publish: %v, %v", answer, err)
	}
	lines := bufio.NewReader(stream.Body)
	for i, size := range sizes {
		_, message, err := conn.Read(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		var event struct {
			ID, Topic, Type, Time string
			N                     int
			Data                  struct{ Line string }
		}
		if err := json.Unmarshal(message, &event); err != nil {
			t.Fatal(err)
		}
		if event.N != i+1 || event.Type != "line" || event.Topic == "" || event.Time == "" || len(event.Data.Line) != size {
			t.Errorf("event %d is %.120s", i, message)
		}
		for _, want := range []string{"id: " + event.ID, "data: " + string(message), ""} {
			if got, err := lines.ReadString('\n'); err != nil || got != want+"\n" {
				t.Fatalf("SSE: %.80q, %v, want %.80q", got, err, want)
			}
		}
	}
}

func TestAReaderThatLeftIsDroppedAndTheOthersReadOn(t *testing.T) {
	var f floor
	near, conns := pipe(t, 2)
	for _, conn := range conns {
		f.join(&f.sse, conn, streamHead)
	}
	near[0].Close()
	for len(f.sse) == 2 { // the first writes may still be taken by the kernel
		f.publish([]byte(`{"type":"line","data":{"line":"x"}}`))
	}
	if len(f.sse) != 1 || f.sse[0].conn != conns[1] {
		t.Errorf("%d readers are left", len(f.sse))
	}
}

// pipe returns both ends of n connections.
func pipe(t *testing.T, n int) (near []net.Conn, far []*net.TCPConn) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	for range n {
		a, err := net.Dial("tcp", listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		b, err := listener.Accept()
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { a.Close(); b.Close() })
		near, far = append(near, a), append(far, b.(*net.TCPConn))
	}
	return near, far
}
