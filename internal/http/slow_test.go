package http

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/url"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"hub/internal/broker"
)

// stalled are requests whose clients have the smallest receive buffer there is.
func (h *testHub) stalled(text string) *raw {
	h.t.Helper()
	d := net.Dialer{Control: func(_, _ string, c syscall.RawConn) error {
		return c.Control(func(fd uintptr) { _ = unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_RCVBUF, 2048) })
	}}
	c, err := d.DialContext(context.Background(), "tcp", h.addr)
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(func() { c.Close() })
	_, _ = io.WriteString(c, strings.ReplaceAll(text, "\n", "\r\n"))
	return &raw{h.t, c, bufio.NewReaderSize(c, 512)}
}

// streamsOf is the request for a topic in each transport that is a stream.
func streamsOf(topic string) map[string]string {
	all := map[string]string{"ws": upgrade("/stream/" + topic)}
	for _, transport := range []string{"sse", "ndjson", "text"} {
		all[transport] = "GET /stream/" + topic + " HTTP/1.1\nHost: localhost\nAccept: " + accepts[transport] + "\n\n"
	}
	return all
}

func TestAReaderThatIsOvertakenLearnsItsExactGapAndMemoryStaysPut(t *testing.T) {
	const kept, events = 200, 60_000
	h := startHub(t, Options{}, broker.Options{Default: broker.Policy{MaxEvents: kept}})
	line := `{"line":"` + strings.Repeat("x", 200) + `"}`
	slow := h.stalled("GET /stream/ci/1 HTTP/1.1\nHost: localhost\nAccept: application/x-ndjson\n\n")
	slow.head()
	h.publish("ci/1", "line", line)
	h.await(5*time.Second, "the reader is there", func() bool { return h.readers("ci/1") == 1 })
	var most uint64
	for i := 2; i < events; i++ {
		h.publish("ci/1", "line", line)
		if i%5000 == 0 {
			var m runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&m)
			most = max(most, m.HeapAlloc)
		}
	}
	h.publish("ci/1", "end", `{"status":"completed"}`)
	if most > 32<<20 { // the history is 60 KiB; all events together are 18 MiB and more
		t.Errorf("the heap grew to %d MiB", most>>20)
	}
	_ = slow.SetReadDeadline(time.Now().Add(2 * time.Minute)) // it reads 512 bytes at a time
	var a account
	gaps := 0
	in := bufio.NewScanner(rawChunks(slow.in))
	in.Buffer(nil, 1<<20)
	for in.Scan() {
		var e event
		if err := json.Unmarshal(in.Bytes(), &e); err != nil {
			t.Fatal(err)
		}
		e.raw = in.Text()
		if e.own() {
			continue
		}
		if e.Type == "gap" {
			gaps++
			if e.Data.Reason != "slow" {
				t.Errorf("got %s", e.raw)
			}
		}
		if err := a.take(e); err != nil {
			t.Fatal(err)
		}
	}
	if in.Err() != nil || !a.ended || gaps == 0 || a.delivered+a.missed != events {
		t.Errorf("%d delivered and %d missed of %d in %d gaps, ended %v, %v", a.delivered, a.missed, events, gaps, a.ended, in.Err())
	}
}

// impatient is a listener whose connections wait less long for their readers.
type impatient struct {
	net.Listener
	patience time.Duration
}

func (l impatient) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err == nil {
		c.(*conn).patience = l.patience
	}
	return c, err
}

func TestAReaderThatTakesNothingIsClosedAndOneThatTakesLittleIsNot(t *testing.T) {
	const patience = 2 * time.Second
	h := startHub(t, Options{Heartbeat: 200 * time.Millisecond}, broker.Options{Default: broker.Policy{MaxEvents: 100}},
		func(l net.Listener) net.Listener { return impatient{l, patience} })
	stuck, slow := map[string]*raw{}, map[string]*raw{}
	h.lines("ci/1", 1, 1)
	for transport, text := range streamsOf("ci/1") {
		stuck[transport], slow[transport] = h.stalled(text), h.stalled(text)
	}
	h.await(5*time.Second, "all are there", func() bool { return h.readers("ci/1") == len(stuck)+len(slow) })
	stop := make(chan struct{})
	flooded := make(chan struct{})
	go func() {
		defer close(flooded)
		line := []byte(`{"line":"` + strings.Repeat("x", 5000) + `"}`)
		for tick := time.NewTicker(5 * time.Millisecond); ; <-tick.C {
			select {
			case <-stop:
				return
			default:
				_, _ = h.broker.Publish("ci/1", "line", line)
			}
		}
	}()
	defer func() { close(stop); <-flooded }()
	buf := make([]byte, 512)
	began := time.Now()
	for time.Since(began) < 4*patience { // each takes some 5 KB a second
		for transport, c := range slow {
			_ = c.SetReadDeadline(time.Now().Add(time.Second))
			if _, err := c.Read(buf); err != nil {
				t.Fatalf("%s was closed after %v though it reads: %v", transport, time.Since(began), err)
			}
		}
		time.Sleep(100 * time.Millisecond)
	}
	h.await(3*patience, "those that take nothing are closed", func() bool { return h.readers("ci/1") <= len(slow) })
	if n := h.readers("ci/1"); n != len(slow) {
		t.Errorf("%d of %d slow ones are left", n, len(slow))
	}
}

func TestStalledReadersDoNotSlowOthers(t *testing.T) {
	h := startHub(t, Options{}, broker.Options{Default: broker.Policy{MaxEvents: 50_000}})
	for range 10 {
		for _, text := range streamsOf("ci/1") {
			h.stalled(text)
		}
	}
	f := h.open("ndjson", url.Values{"topic": {"ci/1"}})
	h.lines("ci/1", 1, 1)
	f.want("the first")
	h.await(5*time.Second, "all are there", func() bool { return h.readers("ci/1") == 41 })
	filler := []byte(`{"line":"` + strings.Repeat("x", 4000) + `"}`)
	var slowest time.Duration
	for i := 2; i < 1000; i++ {
		began := time.Now()
		if _, err := h.broker.Publish("ci/1", "line", filler); err != nil {
			t.Fatal(err)
		}
		if e := f.want("the next"); e.N != uint64(i) {
			t.Fatalf("got number %d, want %d", e.N, i)
		}
		slowest = max(slowest, time.Since(began))
	}
	if slowest > 3*time.Second {
		t.Errorf("one event took %v", slowest)
	}
}

// A slow reader of a topic that ends gets all of it, though its connection ends
// long after the last byte was written.
func TestASlowReaderGetsATopicsEndWhole(t *testing.T) {
	h := startHub(t, Options{Heartbeat: 200 * time.Millisecond}, brokerOf(0))
	for transport, text := range streamsOf("ci/1") {
		t.Run(transport, func(t *testing.T) {
			t.Parallel()
			c := h.stalled(text)
			_ = c.SetReadDeadline(time.Now().Add(30 * time.Second))
			buf := make([]byte, 2000)
			var all bytes.Buffer
			for range 30 {
				n, err := c.Read(buf)
				if all.Write(buf[:n]); err != nil {
					break
				}
				if transport == "ws" { // what it sends must not reset what it has not read
					if _, err := c.Write(masked(0x8A, "")); err != nil {
						t.Fatal(err)
					}
				}
				time.Sleep(100 * time.Millisecond)
			}
			rest, err := io.ReadAll(c)
			all.Write(rest)
			want := map[string]string{"ws": "the stream has ended", "text": "--- end: completed\n\r\n0\r\n\r\n"}[transport]
			if want == "" {
				want = "0\r\n\r\n"
			}
			if err != nil || !strings.HasSuffix(all.String(), want) || !strings.Contains(all.String(), "line 29") {
				t.Errorf("%d bytes end with %.100q, %v", all.Len(), all.Bytes()[max(0, all.Len()-100):], err)
			}
		})
	}
	for i := range 30 {
		h.publish("ci/1", "line", fmt.Sprintf(`{"line":"line %d %s"}`, i, strings.Repeat("x", 3000)))
	}
	h.publish("ci/1", "end", `{"status":"completed"}`)
}
