package http

import (
	"encoding/json"
	"fmt"
	nethttp "net/http"
	"strings"
	"testing"
	"time"

	"hub/internal/broker"
)

// page is the answer to a poller.
type page struct {
	Events []event
	Next   string
	More   bool
	Ended  bool
}

func (h *testHub) page(query string) page {
	h.t.Helper()
	r, body := h.get("/stream?"+query, "Accept: application/json")
	var p page
	if err := json.Unmarshal([]byte(body), &p); err != nil || r.StatusCode != nethttp.StatusOK {
		h.t.Fatalf("%s: %d %s: %v", query, r.StatusCode, body, err)
	}
	return p
}

func (p page) String() string {
	var ns []uint64
	for _, e := range p.Events {
		ns = append(ns, e.N)
	}
	return fmt.Sprint(ns, " more=", p.More, " ended=", p.Ended)
}

func TestPagesFollowOneAnotherWithoutAGapOrARepeat(t *testing.T) {
	h := startHub(t, Options{}, broker.Options{Default: broker.Policy{MaxEvents: 20_000}})
	if got := h.page("topic=ci/1").String(); got != "[] more=false ended=false" {
		t.Errorf("a topic that does not exist: %s", got)
	}
	h.lines("ci/1", 1, 5)
	p := h.page("topic=ci/1&limit=3")
	if got := p.String(); got != "[1 2 3] more=true ended=false" || p.Next != p.Events[2].ID {
		t.Errorf("the first: %s, next %s", got, p.Next)
	}
	p = h.page("topic=ci/1&limit=3&since=" + p.Next)
	if got := p.String(); got != "[4 5] more=false ended=false" {
		t.Errorf("the second: %s", got)
	}
	h.lines("other", 1, 3)
	p = h.page("topic=ci/1&since=" + p.Next)
	if got := p.String(); got != "[] more=false ended=false" || p.Next != h.broker.Position() {
		t.Errorf("the third: %s, next %s", got, p.Next)
	}
	h.publish("ci/1", "end", `{"status":"completed"}`)
	p = h.page("topic=ci/1&wait=60s&since=" + p.Next)
	if got := p.String(); got != "[6] more=false ended=true" {
		t.Errorf("the last: %s", got)
	}
	if got := h.page("topic=ci/1&wait=60s&since=" + p.Next).String(); got != "[] more=false ended=true" {
		t.Errorf("beyond the last: %s", got)
	}
	if got := h.page("topic=ci/*&types=stage").String(); got != "[6] more=false ended=false" {
		t.Errorf("of a pattern, and other types: %s", got)
	}
}

func TestAPageHasAsManyEventsAsAreAskedFor(t *testing.T) {
	h := startHub(t, Options{}, broker.Options{Default: broker.Policy{MaxEvents: 20_000}})
	h.lines("ci/1", 1, 12_000)
	for query, want := range map[string]int{"": 1000, "&limit=10000": 10_000, "&limit=1": 1, "&tail=50&limit=10000": 50, "&types=stage": 0} {
		p := h.page("topic=ci/1" + query)
		if len(p.Events) != want || p.More != (want >= 1 && want != 50) {
			t.Errorf("%q: %d events, more=%v, want %d", query, len(p.Events), p.More, want)
		}
	}
}

func TestAPageBeginsWithTheGapOfWhatIsNotKept(t *testing.T) {
	h := startHub(t, Options{}, brokerOf(2))
	h.lines("ci/1", 1, 5)
	p := h.page("topic=ci/1&limit=1")
	if e := p.Events[0]; e.Type != "gap" || e.Data.Reason != "evicted" || *e.Data.Count != 3 || !p.More {
		t.Errorf("got %+v", p)
	}
	if got := h.page("topic=ci/1&since=" + p.Next).String(); got != "[4 5] more=false ended=false" {
		t.Errorf("then %s", got)
	}
	if p := h.page("topic=ci/1&since=zzz-1"); p.Events[0].Data.Reason != "restart" || p.Events[len(p.Events)-2].N != 4 {
		t.Errorf("of another life: %+v", p)
	}
}

func TestAnEmptyPageIsHeldUntilThereIsSomething(t *testing.T) {
	h := startHub(t, Options{}, brokerOf(0))
	h.lines("ci/1", 1, 1)
	c := h.dial("GET /stream/ci/1?since=now&wait=60s HTTP/1.1\nHost: localhost\nAccept: application/json\nConnection: close\n\n")
	h.await(5*time.Second, "the page is held", func() bool { return h.readers("ci/1") == 1 })
	h.publish("other", "line", `{"line":"not this"}`)
	began := time.Now()
	h.lines("ci/1", 2, 2)
	if c.head(); !strings.Contains(c.all(), `"line":"2"`) || time.Since(began) > 2*time.Second {
		t.Errorf("after %v", time.Since(began))
	}
	began = time.Now()
	if got := h.page("topic=ci/1&since=now&wait=300ms"); len(got.Events) != 0 || time.Since(began) < 300*time.Millisecond || time.Since(began) > 5*time.Second {
		t.Errorf("after %v: %s", time.Since(began), got)
	}
}
