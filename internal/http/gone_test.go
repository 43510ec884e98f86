package http

import (
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"hub/internal/broker"
)

// waiting is the request for a topic in each transport, a held page included.
func waiting(topic string) map[string]string {
	all := streamsOf(topic)
	all["page"] = "GET /stream/" + topic + "?since=now&wait=60s HTTP/1.1\nHost: localhost\nAccept: application/json\n\n"
	return all
}

// A socket that the client closes, by FIN or by RST, idle or with events it does
// not take, is noticed within a second.
func TestAClosedSocketIsNoticedWithinASecond(t *testing.T) {
	h := startHub(t, Options{}, broker.Options{Default: broker.Policy{MaxEvents: 100}})
	h.lines("idle", 1, 1)
	h.lines("full", 1, 1)
	for _, reset := range []bool{false, true} {
		for _, topic := range []string{"idle", "full"} {
			for transport, text := range waiting(topic) {
				if topic == "full" && transport == "page" {
					continue // it is answered with the first event
				}
				t.Run(fmt.Sprint(transport, " ", topic, " reset=", reset), func(t *testing.T) {
					c := h.stalled(text)
					h.await(5*time.Second, "the reader is there", func() bool { return h.readers(topic) == 1 })
					if topic == "full" {
						for range 300 {
							h.publish(topic, "line", `{"line":"`+strings.Repeat("x", 10_000)+`"}`)
						}
						h.await(5*time.Second, "a write waits", func() bool { return blocked(h) })
					}
					if reset {
						_ = c.Conn.(*net.TCPConn).SetLinger(0)
					}
					c.Close()
					h.await(time.Second, "the reader is gone", func() bool { return h.readers(topic) == 0 })
				})
			}
		}
	}
}

// blocked says whether the one stream there is waits for its reader.
func blocked(h *testHub) bool {
	all := h.server.streams.list()
	if len(all) != 1 {
		return false
	}
	link, ok := linkOf(all[0].conn)
	return ok && link.Unsent > 0
}

// A page that is held for nothing is answered when the hub goes.
func TestAHeldPageIsAnsweredWhenTheHubGoes(t *testing.T) {
	h := startHub(t, Options{}, brokerOf(0))
	h.lines("ci/1", 1, 1)
	c := h.dial("GET /stream/ci/1?since=now&wait=60s HTTP/1.1\nHost: localhost\nAccept: application/json\n\n")
	h.await(5*time.Second, "the page is held", func() bool { return h.readers("ci/1") == 1 })
	began := time.Now()
	h.server.Leave()
	head, body := c.head(), c.all()
	if !strings.Contains(head, "Connection: close") || !strings.HasPrefix(body, `{"events":[],`) || time.Since(began) > time.Second {
		t.Errorf("after %v: %q %q", time.Since(began), head, body)
	}
}
