package http

import (
	"bufio"
	"bytes"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/url"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"hub/internal/broker"
)

// onWrite is a connection without a network: whoever reads from it waits until
// it is closed.
type onWrite struct {
	net.Conn
	write  func(p []byte)
	closed chan struct{}
	once   atomic.Bool
}

func newOnWrite(write func(p []byte)) *onWrite {
	return &onWrite{write: write, closed: make(chan struct{})}
}

func (c *onWrite) Write(p []byte) (int, error)     { c.write(p); return len(p), nil }
func (c *onWrite) Read([]byte) (int, error)        { <-c.closed; return 0, io.EOF }
func (c *onWrite) SetReadDeadline(time.Time) error { return c.Close() }
func (c *onWrite) Close() error {
	if c.once.CompareAndSwap(false, true) {
		close(c.closed)
	}
	return nil
}

// following is a stream of a topic on c, which has not started.
func (h *testHub) following(c net.Conn, f framing, topic string) *stream {
	h.t.Helper()
	st := h.server.newStream(streamRequest{shape: shapeNDJSON})
	st.conn, st.finite = c, true
	if f != nil {
		st.framing = f
	}
	sub, err := subscribe(h.broker, broker.Request{Topics: []string{topic}, Wake: st.wake})
	if err != nil {
		h.t.Fatal(err)
	}
	st.subs = []*subscription{sub}
	return st
}

// A topic to which something is always published again before its reader has
// caught up: the reader is told of the end all the same, after all that was there
// before it.
func TestAReaderThatNeverCatchesUpIsToldThatTheHubGoes(t *testing.T) {
	h := startHub(t, Options{}, brokerOf(0))
	h.lines("ci/1", 1, 1)
	var written strings.Builder
	var st *stream
	writes := 0
	c := newOnWrite(func(p []byte) {
		written.Write(p)
		h.publish("ci/1", "line", `{"line":"again"}`)
		if writes++; writes == 10 {
			h.publish("ci/1", "line", `{"line":"the last before"}`)
			st.bye()
			h.publish("ci/1", "line", `{"line":"the first after"}`)
		}
	})
	st = h.following(c, nil, "ci/1")
	done := make(chan struct{})
	go func() { h.server.run(st, nil, nil, nil); close(done) }()
	select {
	case <-done:
	case <-time.After(10 * time.Second):
		t.Fatal("the stream goes on")
	}
	if all := written.String(); !strings.Contains(all, "the last before") || strings.Contains(all, "the first after") || !strings.Contains(all, `"bye"`) {
		t.Errorf("it ends with %s", all[max(0, len(all)-500):])
	}
}

// An event that is published in the moment in which a turn ends is not left lying.
func TestNoWakeIsLostAtTheEndOfATurn(t *testing.T) {
	h := startHub(t, Options{}, brokerOf(0))
	const events = 20_000
	written, done := 0, make(chan struct{})
	c := newOnWrite(func(p []byte) {
		if written += bytes.Count(p, []byte("\n")); written == events {
			close(done)
			return
		}
		delay := rand.IntN(400)
		go func() {
			for range delay { // some hundred nanoseconds
				runtime.KeepAlive(delay)
			}
			_, _ = h.broker.Publish("ci/1", "line", []byte(`{"line":"x"}`))
		}()
	})
	st := h.following(c, nil, "ci/1")
	ended := make(chan struct{})
	go func() { h.server.run(st, nil, nil, nil); close(ended) }()
	h.lines("ci/1", 1, 1)
	select {
	case <-done:
	case <-time.After(20 * time.Second):
		t.Error("an event was left lying")
	}
	c.Close()
	<-ended
}

// panicking is a framing with a bug.
type panicking struct{}

func (panicking) event([]byte, *broker.Event) []byte    { panic("in a turn") }
func (panicking) message([]byte, string, []byte) []byte { panic("in the clock") }

func TestAPanicEndsItsStreamAlone(t *testing.T) {
	buffer, _ := debugLog()
	h := startHub(t, Options{Heartbeat: 50 * time.Millisecond, Log: slog.New(slog.NewTextHandler(buffer, nil))}, brokerOf(0))
	h.lines("ci/1", 1, 1)
	other := h.open("ndjson", url.Values{"topic": {"ci/1"}})
	other.want("an event")
	for topic, reason := range map[string]string{"ci/1": "in a turn", "none": "in the clock"} {
		st := h.following(newOnWrite(func([]byte) {}), panicking{}, topic)
		done := make(chan struct{})
		go func() { h.server.run(st, nil, nil, nil); close(done) }()
		select {
		case <-done:
		case <-time.After(5 * time.Second):
			t.Fatalf("a panic %s does not end its stream", reason)
		}
		if !strings.Contains(buffer.String(), reason) || !strings.Contains(buffer.String(), "stream_test.go") {
			t.Errorf("the log lacks %q and its place: %s", reason, buffer)
		}
	}
	if got := len(h.server.streams.list()); got != 1 {
		t.Errorf("%d streams are open, want the other one", got)
	}
	h.lines("ci/1", 2, 2)
	other.want("the next event")
}

// A client that asks and asks and reads nothing makes the hub wait, not remember;
// and when its time is up it is gone.
func TestAClientThatAsksAndReadsNothingIsGoneInTheEnd(t *testing.T) {
	h := startHub(t, Options{}, broker.Options{Default: broker.Policy{MaxEvents: 100}},
		func(l net.Listener) net.Listener { return impatient{l, 2 * time.Second} })
	h.lines("ci/1", 1, 1)
	c := h.stalled(upgrade("/stream/ci/1"))
	h.await(5*time.Second, "the reader is there", func() bool { return h.readers("ci/1") == 1 })
	for range 100 {
		h.publish("ci/1", "line", `{"line":"`+strings.Repeat("x", 10_000)+`"}`)
	}
	h.await(5*time.Second, "a write waits", func() bool { return blocked(h) })
	st := h.server.streams.list()[0]
	ask := masked(0x81, `{"op":"ping","ref":"`+strings.Repeat("x", mostRef-2)+`"}`)
	for range commandBurst {
		_, _ = c.Write(ask)
	}
	h.await(time.Second, "its answers wait", func() bool {
		st.mu.Lock()
		defer st.mu.Unlock()
		return len(st.messages) > mostMessages
	})
	time.Sleep(100 * time.Millisecond)
	st.mu.Lock()
	if got := len(st.messages); got > mostMessages+2*mostRef {
		t.Errorf("%d bytes of answers wait", got)
	}
	st.mu.Unlock()
	h.await(15*time.Second, "it is gone", func() bool { return len(h.server.streams.list()) == 0 })
}

// What comes up between the head and the first turn waits behind the hello.
func TestTheHelloComesBeforeAPingThatWasFaster(t *testing.T) {
	h := startHub(t, Options{}, brokerOf(0))
	var st *stream
	first := make(chan string, 10)
	c := newOnWrite(func(p []byte) {
		if string(p) == "head" {
			st.beat(time.Now())
		}
		first <- string(p)
	})
	st = h.following(c, nil, "none")
	done := make(chan struct{})
	go func() { h.server.run(st, nil, []byte("head"), []byte("hello\n")); close(done) }()
	<-first
	if got := <-first; !strings.Contains(got, "hello\n{\"type\":\"ping\"") {
		t.Errorf("got %q", got)
	}
	c.Close()
	<-done
}

// A client that hangs up while its stream is being opened leaves nothing behind.
func TestAClientThatIsGoneBeforeItsAnswerLeavesNothing(t *testing.T) {
	h := startHub(t, Options{}, brokerOf(0))
	h.lines("ci/1", 1, 1)
	for i := range 60 {
		for _, text := range waiting("ci/1") {
			c, err := net.Dial("tcp", h.addr)
			if err != nil {
				t.Fatal(err)
			}
			_ = c.(*net.TCPConn).SetLinger(i % 2)
			w := bufio.NewWriter(c)
			_, _ = w.WriteString(strings.ReplaceAll(text, "\n", "\r\n"))
			_ = w.Flush()
			c.Close()
		}
	}
	h.await(10*time.Second, "all are gone", func() bool { return h.readers("ci/1") == 0 && h.listener.Open() <= 1 })
}
