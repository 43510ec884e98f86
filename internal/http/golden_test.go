package http

import (
	"bytes"
	"flag"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hub/internal/broker"
)

var update = flag.Bool("update", false, "write the golden files anew")

// brokerOf keeps so many events of a topic; 0 is the default.
func brokerOf(events int) broker.Options {
	return broker.Options{Default: broker.Policy{MaxEvents: events}}
}

// script is a topic with everything that text must tell apart.
func script(h *testHub) {
	for _, e := range [][2]string{
		{"status", `{"status":"running","cmd":"make"}`},
		{"line", `{"line":"building <b>"}`},
		{"line", `{"line":""}`},
		{"line", `{"stream":"stderr","line":"a long ","part":1}`},
		{"line", `{"stream":"stderr","line":"line \"é\"","part":2,"last":true}`},
		{"progress", `{"stream":"stdout","line":"50%","redraw":true}`},
		{"note", `"just a string"`},
		{"end", `{"status":"completed","exit_code":4}`},
	} {
		h.publish("ci/1", e[0], e[1])
	}
}

// What each transport puts on the wire, to the byte, but for what differs from
// run to run.
func TestEveryTransportsBytesAreThoseOfItsGoldenFile(t *testing.T) {
	for name, text := range map[string]string{
		"sse":     "GET /stream/ci/1 HTTP/1.1\nHost: localhost\nAccept: text/event-stream\n\n",
		"ndjson":  "GET /stream/ci/1 HTTP/1.1\nHost: localhost\nAccept: application/x-ndjson\n\n",
		"text":    "GET /stream/ci/1 HTTP/1.1\nHost: localhost\nAccept: */*\n\n",
		"named":   "GET /stream?topic=ci/1&topic=ci/2&follow=0 HTTP/1.1\nHost: localhost\nAccept: */*\n\n",
		"page":    "GET /stream/ci/1 HTTP/1.1\nHost: localhost\nAccept: application/json\nConnection: close\n\n",
		"http10":  "GET /stream/ci/1 HTTP/1.0\nHost: localhost\nAccept: text/event-stream\n\n",
		"gap":     "GET /stream/ci/1?since=zzz-7 HTTP/1.1\nHost: localhost\nAccept: text/event-stream\n\n",
		"gaptext": "GET /stream/ci/1?since=zzz-7 HTTP/1.1\nHost: localhost\n\n",
		"ws":      "GET /stream/ci/1 HTTP/1.1\nHost: localhost\nConnection: Upgrade\nUpgrade: websocket\nSec-WebSocket-Version: 13\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\n\n",
		"wstext":  "GET /stream/ci/1?format=text HTTP/1.1\nHost: localhost\nConnection: Upgrade\nUpgrade: websocket\nSec-WebSocket-Version: 13\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\n\n",
		"wslines": "GET /stream/ci/1?format=ndjson HTTP/1.1\nHost: localhost\nConnection: Upgrade\nUpgrade: websocket\nSec-WebSocket-Version: 13\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\n\n",
	} {
		t.Run(name, func(t *testing.T) {
			h := startHub(t, Options{Version: Version{Version: "1.2.3"}}, brokerOf(0))
			script(h)
			c := h.dial(text)
			got := c.head()
			switch {
			case strings.Contains(got, "chunked"):
				body, err := io.ReadAll(rawChunks(c.in))
				if err != nil {
					t.Fatal(err)
				}
				got += string(body)
			case strings.HasPrefix(name, "ws"):
				got += frames(t, c)
			default:
				got += c.all()
			}
			compare(t, name, normal(h, got))
		})
	}
}

// normal replaces what differs from run to run by something of the same kind.
func normal(h *testHub, s string) string {
	s = strings.ReplaceAll(s, h.broker.Epoch(), "epoch")
	for pattern, with := range map[string]string{
		`"time":"[^"]*"`:          `"time":"2026-11-23T20:11:47.123Z"`,
		`(?m)^Date: .*\r$`:        "Date: today\r",
		`retry: 2\d\d\d\b`:        "retry: 2…",
		`X-Request-Id: [0-9a-f]+`: "X-Request-Id: 0123456789ab",
	} {
		s = regexp.MustCompile(pattern).ReplaceAllString(s, with)
	}
	for _, head := range protective { // they have tests of their own
		s = strings.ReplaceAll(s, head[0]+": "+head[1]+"\r\n", "")
	}
	return strings.ReplaceAll(s, "\r", "␍")
}

func compare(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", file, diff)
	}
}

func TestTheRetryAndTheHelloOfAStream(t *testing.T) {
	h := startHub(t, Options{Heartbeat: 7 * time.Second, Version: Version{Version: "1.2.3"}}, brokerOf(0))
	h.lines("ci/1", 1, 1)
	seen := map[string]bool{}
	for range 8 {
		_, body := h.get("/stream?topic=ci/1&topic=ci/none&follow=0", "Accept: text/event-stream")
		retry, rest, _ := strings.Cut(body, "\n\n")
		if !regexp.MustCompile(`^retry: 2\d\d\d$`).MatchString(retry) || strings.Contains(rest, "retry:") {
			t.Fatalf("the stream begins %q", body)
		}
		seen[retry] = true
		for _, want := range []string{
			"event: hello\ndata: {", `"heartbeat":7,`, `"topics":[{"topic":"ci/1","exists":true},{"topic":"ci/none","exists":false}]`,
		} {
			if !strings.Contains(rest, want) {
				t.Errorf("no %q in %q", want, rest)
			}
		}
	}
	if len(seen) < 2 {
		t.Error("all come back at the same moment")
	}
	f := h.open("ndjson", url.Values{"topic": {"ci/1"}})
	if e, err := f.event(); err != nil || e.Type != "hello" || e.ID != "" {
		t.Errorf("NDJSON begins %s, %v", e.raw, err)
	}
}

// frames are a WebSocket's messages until it is closed, one a line.
func frames(t *testing.T, c *raw) string {
	t.Helper()
	var all bytes.Buffer
	for {
		op, payload := c.frame()
		switch op {
		case opClose:
			all.WriteString("close " + closeOf(payload) + "\n")
			return all.String()
		case opText:
			all.Write(append(payload, '\n'))
		}
	}
}
