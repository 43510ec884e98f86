package http

import (
	nethttp "net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"
)

func TestComingBackToAnEndedStreamIsA204(t *testing.T) {
	h := startHub(t, Options{}, brokerOf(0))
	h.lines("ci/1", 1, 2)
	end := h.broker.ID(h.publish("ci/1", "end", `{"status":"completed"}`))
	later := h.broker.ID(h.publish("other", "line", `{"line":"x"}`))
	before := h.broker.ID(2)
	for _, transport := range []string{"sse", "ndjson", "text"} {
		accept := "Accept: " + accepts[transport]
		for how, answer := range map[string]func(id string) (*nethttp.Response, string){
			"by head": func(id string) (*nethttp.Response, string) {
				return h.get("/stream/ci/1", accept, "Last-Event-ID: "+id)
			},
			"by last_event_id": func(id string) (*nethttp.Response, string) { return h.get("/stream/ci/1?last_event_id="+id, accept) },
			"by since":         func(id string) (*nethttp.Response, string) { return h.get("/stream/ci/1?since="+id, accept) },
			"by head over since": func(id string) (*nethttp.Response, string) {
				return h.get("/stream/ci/1?since=all&tail=3", accept, "Last-Event-ID: "+id)
			},
		} {
			for _, id := range []string{end, later} {
				if r, body := answer(id); r.StatusCode != nethttp.StatusNoContent || body != "" {
					t.Errorf("%s %s %s: %d %q", transport, how, id, r.StatusCode, body)
				}
			}
			if r, body := answer(before); r.StatusCode != nethttp.StatusOK || !strings.Contains(body, "completed") || strings.Contains(body, `"line":"2"`) {
				t.Errorf("%s %s before the end: %d %q", transport, how, r.StatusCode, body)
			}
		}
	}
	if r, body := h.get("/stream/ci/1?follow=0&since="+end, "Accept: application/x-ndjson"); r.StatusCode != 200 || strings.Count(body, "\n") != 1 {
		t.Errorf("follow=0 past the end: %d %q", r.StatusCode, body)
	}
	if r, _ := h.get("/stream/ci/1?last_event_id=zzz-9", "Accept: text/event-stream"); r.StatusCode != 200 {
		t.Errorf("an id of another life: %d", r.StatusCode)
	}
}

func TestFollow0EndsWhenItHasCaughtUp(t *testing.T) {
	h := startHub(t, Options{}, brokerOf(0))
	h.lines("ci/1", 1, 500)
	for _, transport := range []string{"ws", "sse", "ndjson"} {
		for topic, want := range map[string]int{"ci/1": 500, "ci/*": 500, "ci/none": 0} {
			if got := len(h.open(transport, url.Values{"topic": {topic}, "follow": {"0"}}).rest()); got != want {
				t.Errorf("%s of %s: %d events, want %d", transport, topic, got, want)
			}
		}
	}
}

func TestSinceTailAndTypesChoose(t *testing.T) {
	h := startHub(t, Options{}, brokerOf(0))
	h.publish("ci/1", "stage", `{"name":"build"}`)
	h.lines("ci/1", 2, 9)
	h.publish("ci/1", "end", `{"status":"completed"}`)
	for query, want := range map[string]string{
		"":                           "12345678910",
		"since=all":                  "12345678910",
		"since=all&tail=2":           "910",
		"tail=3":                     "8910",
		"since=" + h.broker.ID(7):    "8910",
		"since=1h":                   "12345678910",
		"since=7d&types=stage":       "110",
		"types=stage,status":         "110",
		"tail=2&types=line":          "910",
		"since=2026-01-02T03:04:05Z": "12345678910",
		"last_event_id=" + h.broker.ID(8) + "&since=all&tail=1": "910",
	} {
		var got string
		_, body := h.get("/stream/ci/1?format=ndjson&follow=0&" + query)
		for _, n := range regexp.MustCompile(`"n":(\d+)`).FindAllStringSubmatch(body, -1) {
			got += n[1]
		}
		if got != want {
			t.Errorf("%s: %s, want %s", query, got, want)
		}
	}
}

func TestABadRequestNamesWhatIsKnown(t *testing.T) {
	h := startHub(t, Options{}, brokerOf(0))
	for target, want := range map[string]string{
		"/stream/x?sinse=all":                 `unknown parameter "sinse", known are topic, since, tail, follow, types, limit, wait, format, last_event_id`,
		"/stream/x?since=yesterday":           "it is an id, all, now, a duration such as 10m",
		"/stream/x?since=-5m":                 "bad since",
		"/stream/x?tail=-1":                   "bad tail",
		"/stream/x?tail=many":                 "bad tail",
		"/stream/x?follow=maybe":              "bad follow",
		"/stream/x?types=a,,b":                "bad type",
		"/stream/x?types=a%20b":               "bad type",
		"/stream/x?limit=0":                   "1 to 10000",
		"/stream/x?limit=10001":               "1 to 10000",
		"/stream/x?wait=61s":                  "at most 60s",
		"/stream/x?wait=25":                   "bad wait",
		"/stream/x?format=xml":                "known are ws, sse, ndjson, json, text",
		"/stream/x?last_event_id=nonsense":    "bad last event id",
		"/stream/x?since=all&since=now":       "since is given 2 times",
		"/stream/x?a=%zz":                     "cannot read the query",
		"/stream/a//b":                        "a segment is empty",
		"/stream/a%20b":                       "is not allowed",
		"/stream/a%2525b":                     "is not allowed",
		"/stream/**/b":                        "is not allowed",
		"/stream/1/2/3/4/5/6/7/8/9":           "more than 8 segments",
		"/stream/" + strings.Repeat("a", 201): "at most 200",
		"/stream":                             "name a topic",
		"/stream/":                            "name a topic",
		"/stream?topic=" + strings.Repeat("a&topic=", mostTopics) + "a": "at most 128",
		"/topics?math=x":     "known are match",
		"/topics?match=a//b": "bad topic",
	} {
		r, body := h.get(target, "Accept: application/x-ndjson")
		body = strings.ReplaceAll(body, `\"`, `"`)
		if r.StatusCode != nethttp.StatusBadRequest || !strings.Contains(body, want) || !strings.HasPrefix(body, `{"detail":"`) {
			t.Errorf("%.60s: %d %s, want %s", target, r.StatusCode, body, want)
		}
	}
	if r, body := h.get("/stream/x", "Last-Event-ID: x"); r.StatusCode != nethttp.StatusBadRequest {
		t.Errorf("a bad Last-Event-ID: %d %s", r.StatusCode, body)
	}
	h.lines("ci/1", 1, 1)
	if _, body := h.get("/stream/ci%2F1?follow=0"); body != "1\n" {
		t.Errorf("a path is decoded once: %q", body)
	}
}

// The head and the first bytes leave at once, on every route that streams.
func TestTheFirstByteComesAtOnce(t *testing.T) {
	h := startHub(t, Options{}, brokerOf(0))
	heads := map[string]string{"text": "", "ws": "Connection: Upgrade\nUpgrade: websocket\nSec-WebSocket-Version: 13\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\n"}
	for transport, accept := range accepts {
		if heads[transport] == "" {
			heads[transport] = "Accept: " + accept + "\n"
		}
	}
	for transport, head := range heads {
		for _, target := range []string{"/stream/none", "/stream?topic=none&topic=x/*"} {
			quickest := time.Hour
			for range 5 { // a busy machine may be slow, now and then
				began := time.Now()
				c := h.dial("GET " + target + " HTTP/1.1\nHost: localhost\n" + head + "\n")
				first := c.head()
				if transport != "text" {
					if _, err := c.in.ReadByte(); err != nil {
						t.Error(err)
					}
				}
				if !strings.HasPrefix(first, "HTTP/1.1 200 ") && !strings.HasPrefix(first, "HTTP/1.1 101 ") {
					t.Errorf("%s: %q", transport, first)
				}
				quickest = min(quickest, time.Since(began))
				c.Close()
			}
			if quickest > 100*time.Millisecond {
				t.Errorf("%s %s: the first byte came after %v", transport, target, quickest)
			}
		}
	}
}

func TestAHEADOfAStreamIsItsHeadAndTheConnectionGoesOn(t *testing.T) {
	h := startHub(t, Options{}, brokerOf(0))
	for _, target := range []string{"/stream/x", "/stream/x?format=sse", "/stream/x?format=ndjson", "/stream/x?format=json"} {
		c := h.dial(strings.Repeat("HEAD "+target+" HTTP/1.1\nHost: localhost\n\n", 2) + "GET /healthz HTTP/1.1\nHost: localhost\nConnection: close\n\n")
		for range 2 {
			if head := c.head(); !strings.HasPrefix(head, "HTTP/1.1 200 ") || !strings.Contains(head, "Content-Type: ") {
				t.Errorf("%s: %q", target, head)
			}
		}
		if head, body := c.head(), c.all(); !strings.HasPrefix(head, "HTTP/1.1 200 ") || body != `{"status":"ok"}` {
			t.Errorf("%s: then %q %q", target, head, body)
		}
	}
	if n := len(h.server.streams.list()); n != 0 {
		t.Errorf("%d streams are open", n)
	}
}

func TestAClientOfHTTP10GetsNoChunks(t *testing.T) {
	h := startHub(t, Options{}, brokerOf(0))
	h.lines("ci/1", 1, 3)
	began := time.Now()
	c := h.dial("GET /stream/ci/1?follow=0 HTTP/1.0\nHost: localhost\n\n")
	head, body := c.head(), c.all()
	if took := time.Since(began); took > farewell*3/4 { // it has nothing but the close to know the end by
		t.Errorf("the end came after %v", took)
	}
	if strings.Contains(strings.ToLower(head), "transfer-encoding") || !strings.Contains(head, "Connection: close\r\n") || body != "1\n2\n3\n" {
		t.Errorf("got %q %q", head, body)
	}
}
