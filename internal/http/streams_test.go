package http

import (
	"io"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestTooManyStreamsAreSaidInTheWayOfEachTransport(t *testing.T) {
	h := startHub(t, Options{MaxStreams: 2}, brokerOf(0))
	h.lines("ci/1", 1, 1)
	first, second := h.open("sse", url.Values{"topic": {"ci/1"}}), h.open("ws", url.Values{"topic": {"ci/1"}})
	first.want("an event")
	second.want("an event")
	r, body := h.get("/stream/ci/1", "Accept: text/event-stream")
	if !regexp.MustCompile(`^retry: 3\d{4}\n\nevent: busy\ndata: \{"type":"busy",.*\}\n\n$`).MatchString(body) || r.StatusCode != 200 ||
		!strings.HasPrefix(r.Header.Get("Content-Type"), "text/event-stream") {
		t.Errorf("SSE: %d %q", r.StatusCode, body)
	}
	for name, heads := range map[string][]string{
		"ndjson": {"Accept: application/x-ndjson"}, "text": {"Accept: */*"},
		"ws": {"Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA=="},
	} {
		r, body := h.get("/stream/ci/1", heads...)
		if after, err := strconv.Atoi(r.Header.Get("Retry-After")); r.StatusCode != 503 || err != nil || after < 1 || !strings.HasPrefix(body, `{"detail":`) {
			t.Errorf("%s: %d %v %q", name, r.StatusCode, r.Header, body)
		}
	}
	first.close()
	h.await(time.Second, "there is room again", func() bool { return !h.server.streams.full() })
	h.open("sse", url.Values{"topic": {"ci/1"}}).want("an event")
}

func TestAStreamsEndIsToldAfterAllThatWasPublishedBefore(t *testing.T) {
	h := startHub(t, Options{}, brokerOf(0))
	feeds := map[string]*feed{}
	for _, transport := range []string{"sse", "ndjson"} {
		feeds[transport] = h.open(transport, url.Values{"topic": {"ci/1"}})
	}
	text := h.dial("GET /stream/ci/1 HTTP/1.1\nHost: localhost\n\n")
	text.head()
	h.lines("ci/1", 1, 5000)
	told := make(chan struct{})
	go func() { h.shutdown(5 * time.Second); close(told) }()
	for transport, f := range feeds {
		count := 0
		for {
			e, err := f.event()
			if err != nil {
				t.Fatalf("%s, after %d lines: %v", transport, count, err)
			}
			if e.Type == "bye" {
				break
			}
			if e.Type == "line" {
				count++
			}
		}
		if _, err := f.event(); count != 5000 || err != io.EOF {
			t.Errorf("%s: bye after %d lines, then %v", transport, count, err)
		}
	}
	// A text has no word for it, so its HTTP body is cut off.
	body, err := io.ReadAll(rawChunks(text.in))
	if lines := strings.Count(string(body), "\n"); lines != 5000 || err != io.ErrUnexpectedEOF {
		t.Errorf("text: %d lines, then %v", lines, err)
	}
	<-told
}

func TestTopicsTellWhatThereIs(t *testing.T) {
	h := startHub(t, Options{}, brokerOf(2))
	h.lines("ci/1", 1, 3)
	h.publish("ci/2", "end", `{}`)
	h.open("ndjson", url.Values{"topic": {"ci/*"}}).want("an event")
	_, body := h.get("/topics")
	body = regexp.MustCompile(`"bytes":\d+|"time":"[^"]+"`).ReplaceAllString(normal(h, body), "…")
	want := `{"topics":[` +
		`{"topic":"ci/1","readers":1,"events":2,…,"n":3,"first":"epoch-2","last":"epoch-3",…,"ended":false,"latest":false},` +
		`{"topic":"ci/2","readers":1,"events":1,…,"n":1,"first":"epoch-4","last":"epoch-4",…,"ended":true,"latest":false}]}`
	if body != want {
		t.Errorf("got  %s\nwant %s", body, want)
	}
	if _, body := h.get("/topics?match=none/*"); body != `{"topics":[]}` {
		t.Errorf("got %s", body)
	}
}
