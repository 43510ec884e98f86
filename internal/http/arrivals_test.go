package http

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"hub/internal/broker"
)

// pipe opens a chunked publish and sends nothing of its body yet.
func (h *testHub) pipe(target string, heads ...string) *raw {
	h.t.Helper()
	return h.dial("PUT " + target + " HTTP/1.1\nHost: localhost\nTransfer-Encoding: chunked\n" + strings.Join(append(heads, ""), "\n") + "\n")
}

// chunk sends text as one chunk of the body, "" its end.
func (r *raw) chunk(text string) {
	r.t.Helper()
	if _, err := fmt.Fprintf(r, "%x\r\n%s\r\n", len(text), text); err != nil {
		r.t.Fatal(err)
	}
}

// answer is the answer's status line and what its body says.
func (r *raw) answer() (status string, a publishAnswer) {
	r.t.Helper()
	status, _, _ = strings.Cut(r.head(), "\r\n")
	if err := json.NewDecoder(r.in).Decode(&a); err != nil {
		r.t.Fatal(err)
	}
	return status, a
}

func TestABodyIsPublishedWhileItArrivesHoweverLongItIsSilent(t *testing.T) {
	const readTimeout = 100 * time.Millisecond
	h := startHub(t, Options{readTimeout: readTimeout}, broker.Options{})
	for _, kind := range []string{"text/plain", "application/x-ndjson"} {
		topic := strings.ReplaceAll(kind, "/", ".")
		body := func(i int) string { return fmt.Sprintf("line %d\n", i) }
		if kind == "application/x-ndjson" {
			body = func(i int) string { return fmt.Sprintf("{\"type\":\"line\",\"data\":{\"line\":\"line %d\"}}\n", i) }
		}
		reader := h.open("ws", map[string][]string{"topic": {topic}})
		p := h.pipe("/stream/"+topic, "Content-Type: "+kind)
		for i := range 3 {
			time.Sleep(3 * readTimeout) // the silence is the subject
			p.chunk(body(i))
			if e := reader.want("a line"); e.Data.Line != fmt.Sprint("line ", i) {
				t.Errorf("%s: %s", kind, e.raw)
			}
		}
		time.Sleep(3 * readTimeout)
		p.chunk("")
		if status, a := p.answer(); status != "HTTP/1.1 200 OK" || *a.Published != 3 {
			t.Errorf("%s: %s %v", kind, status, a)
		}
		if rest := p.all(); rest != "" {
			t.Errorf("%s: then %q, want the end", kind, rest)
		}
	}
}

func TestAfterABodyThatTookLongTheNextRequestHasItsDeadlineAgain(t *testing.T) {
	const readTimeout = 100 * time.Millisecond
	h := startHub(t, Options{readTimeout: readTimeout}, broker.Options{})
	p := h.dial("POST /stream/long HTTP/1.1\nHost: localhost\nContent-Length: 12\n\nfirst\n")
	time.Sleep(3 * readTimeout) // the silence is the subject
	if _, err := io.WriteString(p, "last\n\n"); err != nil {
		t.Fatal(err)
	}
	if status, a := p.answer(); status != "HTTP/1.1 200 OK" || *a.Published != 2 {
		t.Errorf("%s %v", status, a)
	}
	if _, err := io.WriteString(p, "GET /healthz HTTP/1.1\r\nHost:"); err != nil {
		t.Fatal(err)
	}
	if head := p.head(); !strings.HasPrefix(head, "HTTP/1.1 408") {
		t.Errorf("a head that never ends: %s", head)
	}
}

// Node.js's fetch sends the line end of a chunk together with the next chunk.
func TestAChunkIsPublishedBeforeItsLineEndArrives(t *testing.T) {
	h := startHub(t, Options{}, broker.Options{})
	reader := h.open("ws", map[string][]string{"topic": {"fetch"}})
	p := h.pipe("/stream/fetch")
	for i, chunk := range []string{"6\r\nfirst\n", "\r\n7\r\nsecond\n"} {
		if _, err := io.WriteString(p, chunk); err != nil {
			t.Fatal(err)
		}
		if e, want := reader.want("a line"), []string{"first", "second"}[i]; e.Data.Line != want {
			t.Errorf("%s, want %s", e.raw, want)
		}
	}
	if _, err := io.WriteString(p, "\r\n0\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	if status, a := p.answer(); status != "HTTP/1.1 200 OK" || *a.Published != 2 {
		t.Errorf("%s %v", status, a)
	}
}

func TestACompleteLineOfNDJSONDoesNotWaitForTheNext(t *testing.T) {
	h := startHub(t, Options{}, broker.Options{})
	reader := h.open("ndjson", map[string][]string{"topic": {"half"}})
	p := h.pipe("/stream/half", "Content-Type: application/x-ndjson")
	p.chunk(`{"type":"a"}` + "\n" + `{"type":"b"}` + "\n" + `{"type":`)
	if a, b := reader.want("the first"), reader.want("the second"); a.Type != "a" || b.Type != "b" {
		t.Errorf("%s %s", a.raw, b.raw)
	}
	p.chunk(`"c"}`)
	p.chunk("")
	if e := reader.want("the third"); e.Type != "c" {
		t.Errorf("%s", e.raw)
	}
}

func TestAPublisherThatIsCutOffLeavesWhatCameAndItsTopicOpen(t *testing.T) {
	h := startHub(t, Options{}, broker.Options{})
	reset := func(r *raw) { _ = r.Conn.(*net.TCPConn).SetLinger(0); _ = r.Close() }
	fin := func(r *raw) { _ = r.Conn.(*net.TCPConn).CloseWrite() }
	chunked := "PUT /stream/%s?end=completed HTTP/1.1\nHost: localhost\nTransfer-Encoding: chunked\n\n5\nabc\n"
	known := "PUT /stream/%s?end=completed HTTP/1.1\nHost: localhost\nContent-Length: 100\n\nabc\n"
	for name, c := range map[string]struct {
		request string
		cut     func(*raw)
	}{
		"chunked.reset": {chunked + "\n", reset}, "chunked.fin": {chunked + "\n", fin}, "chunk.fin": {chunked, fin}, "chunk.half.fin": {chunked + "\n9\nde", fin},
		"length.reset": {known, reset}, "length.fin": {known, fin},
	} {
		p := h.dial(fmt.Sprintf(c.request, name))
		h.await(5*time.Second, "the first line", func() bool { return h.broker.Exists(name) })
		c.cut(p)
		if strings.HasSuffix(name, ".fin") {
			if status, a := p.answer(); status != "HTTP/1.1 400 Bad Request" || *a.Published < 1 || *a.Last == "" {
				t.Errorf("%s: %s %v", name, status, a)
			}
		}
		h.await(5*time.Second, "the publish is over", func() bool {
			h.server.arrivals.mu.Lock()
			defer h.server.arrivals.mu.Unlock()
			return len(h.server.arrivals.open) == 0
		})
		events := h.kept(name)
		if !strings.HasPrefix(events[0], `line {"line":"abc`) || h.broker.Topics(name)[0].Ended {
			t.Errorf("%s: %q", name, events)
		}
	}
}

func TestShutdownEndsPublishesThatAreStillArriving(t *testing.T) {
	h := startHub(t, Options{}, broker.Options{})
	reader := h.open("ndjson", map[string][]string{"topic": {"piped"}})
	p := h.pipe("/stream/piped?end=completed")
	p.chunk("whole\nhalf")
	reader.want("the whole line")
	began := time.Now()
	h.shutdown(5 * time.Second)
	if took := time.Since(began); took > 3*time.Second {
		t.Errorf("the shutdown took %v", took)
	}
	status, a := p.answer()
	if status != "HTTP/1.1 503 Service Unavailable" || *a.Published != 2 || a.Detail != "the hub is shutting down" {
		t.Errorf("%s %v", status, a)
	}
	h.has("piped", `line {"line":"whole"}`, `line {"line":"half"}`)
	if events := reader.rest(); len(events) != 1 || events[0].Data.Line != "half" {
		t.Errorf("before the farewell came %v", events)
	}
}

func TestABodyThatComesAfterTheEndOfAllIsRefused(t *testing.T) {
	h := startHub(t, Options{}, broker.Options{})
	h.server.arrivals.end(context.Background())
	if a := h.send("POST", "/stream/late", "", strings.NewReader("x")); a.status != 503 || h.broker.Exists("late") {
		t.Errorf("%s", a)
	}
}

func TestShutdownDoesNotWaitForConnectionsThatAskNothing(t *testing.T) {
	h := startHub(t, Options{}, broker.Options{})
	silent := h.dial("")
	h.await(5*time.Second, "the connection is open", func() bool { return h.listener.Open() == 1 })
	began := time.Now()
	h.shutdown(5 * time.Second)
	if took := time.Since(began); took > 2*time.Second {
		t.Errorf("the shutdown took %v", took)
	}
	if rest := silent.all(); rest != "" {
		t.Errorf("it was told %q", rest)
	}
}

func TestShutdownDoesNotWaitForConnectionsThatAreKeptAlive(t *testing.T) {
	h := startHub(t, Options{}, broker.Options{})
	for range 10 {
		h.dial("POST /stream/x HTTP/1.1\nHost: localhost\nContent-Length: 1\n\nx").head()
	}
	began := time.Now()
	h.shutdown(5 * time.Second)
	if took := time.Since(began); took > 2*time.Second {
		t.Errorf("the shutdown took %v", took)
	}
}

func TestATruncatedBodyIsNoBody(t *testing.T) {
	h := startHub(t, Options{}, broker.Options{})
	body := `{"type":"a"}`
	p := h.dial(fmt.Sprintf("POST /stream/cut HTTP/1.1\nHost: localhost\nContent-Type: application/json\nContent-Length: %d\n\n%s", len(body)+1, body))
	_ = p.Conn.(*net.TCPConn).CloseWrite()
	if status, a := p.answer(); status != "HTTP/1.1 400 Bad Request" || h.broker.Exists("cut") {
		t.Errorf("%s %v", status, a)
	}
}
