package forward

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"hub/internal/broker"
)

// A dead endpoint slows nothing: 100,000 events are published while its first answer is still to come. The backlog stays in its bounds
// and keeps the newest; when the endpoint lives again they arrive in order, and every event has been counted.
func TestDeadEndpoint(t *testing.T) {
	p := &publisher{TB: t, Broker: newBroker()}
	alive := make(chan struct{})
	r := newReceiver(t, func(http.ResponseWriter, *http.Request, string) bool { <-alive; return false })
	f, stop := run(t, p.Broker, r.URL, func(o *Options) { o.AnswerTimeout = time.Hour; o.MaxEvents = 500 })
	p.line("x", "0")
	eventually(t, "the endpoint hangs on the first", func() bool { r.mu.Lock(); defer r.mu.Unlock(); return len(r.requests) == 1 })
	const n = 100_000
	for i := 1; i < n; i++ {
		p.line("x", fmt.Sprint(i))
	}
	if got := r.received(); len(got) != 0 {
		t.Fatalf("received %v", got)
	}
	eventually(t, "all is taken off the broker", func() bool { s := f.Stats(); return s.GivenUp+uint64(s.Backlog) == n })
	if s := f.Stats(); s.Backlog != 500 {
		t.Errorf("a backlog of %d events, want 500", s.Backlog)
	}
	close(alive)
	stop()
	got := r.received()
	if len(got) != 500 || got[0] != "0" || got[1] != strconv.Itoa(n-499) || got[499] != strconv.Itoa(n-1) || !slices.IsSortedFunc(got, byNumber) {
		t.Errorf("%d received: %v", len(got), got)
	}
	s := f.Stats()
	p.adds(s)
	if s.Delivered != 500 || s.GivenUp != n-500 {
		t.Errorf("%+v", s)
	}
}

func byNumber(a, b string) int {
	x, _ := strconv.Atoi(a)
	y, _ := strconv.Atoi(b)
	return x - y
}

// The bound in bytes holds too, with the defaults as they are documented.
func TestBacklogBytes(t *testing.T) {
	p := &publisher{TB: t, Broker: newBroker()}
	r := newReceiver(t, status500)
	f, stop := run(t, p.Broker, r.URL, func(o *Options) { o.MinWait = time.Hour; o.Grace = -1 })
	text := strings.Repeat("x", 50_000)
	for range 400 {
		p.line("x", text)
	}
	eventually(t, "all is taken off the broker", func() bool { s := f.Stats(); return s.GivenUp+uint64(s.Backlog) == 400 })
	s := f.Stats()
	if s.Bytes > 16<<20 || s.Bytes < 15<<20 {
		t.Errorf("%d bytes in the backlog", s.Bytes)
	}
	stop()
	p.adds(f.Stats())
}

func status500(w http.ResponseWriter, _ *http.Request, _ string) bool {
	w.WriteHeader(500)
	return true
}

// What the subscription was too slow for is counted as given up, exactly.
func TestGap(t *testing.T) {
	b := broker.New(broker.Options{Default: broker.Policy{MaxEvents: 10}, MaxBytes: 11_000})
	p := &publisher{TB: t, Broker: b}
	r := newReceiver(t, nil)
	f, err := New(Options{Broker: b, Endpoint: r.URL})
	if err != nil {
		t.Fatal(err)
	}
	p.start("x")
	p.numbers("x", 100)
	for _, task := range []string{"forgotten", "evicted"} {
		p.start(task)
		p.publish(task, "end", `{"status":"completed"}`)
	}
	p.Forget("tasks/forgotten")
	for range 10 {
		p.line("x", strings.Repeat("x", 1000)) // more than MaxBytes, so that the ended task's events go
	}
	start(t, f)()
	s := f.Stats()
	p.adds(s)
	if s.Delivered == 0 || s.Delivered > 10 || s.Omitted != 0 || len(r.received()) != int(s.Delivered) {
		t.Errorf("%d received, %+v", len(r.received()), s)
	}
	if len(f.shape.topics()) != 1 {
		t.Errorf("still known are %v, want the one that has not ended", f.shape.topics())
	}
}

// A try that is not on its way makes room like everything older than the newest.
func TestWhatWaitsForAnotherTryIsPushedOut(t *testing.T) {
	b := newBacklog(2, 1<<20)
	it := func(n uint64) []item { return []item{{number: n, events: 1}} }
	next := func(want uint64) {
		t.Helper()
		if got, ok := b.next(t.Context()); !ok || got.number != want {
			t.Errorf("next is %d, want %d", got.number, want)
		}
	}
	b.add(it(1), 0, 0)
	next(1)
	b.add(it(2), 0, 0)
	if lost := b.add(it(3), 0, 0); lost != 1 { // 2: 1 is on its way
		t.Errorf("%d pushed out", lost)
	}
	b.settle(again)
	if lost := b.add(it(4), 0, 0); lost != 1 { // 1
		t.Errorf("%d pushed out", lost)
	}
	next(3)
	b.settle(delivered)
	next(4)
	b.settle(givenUp)
	if s := b.stats(); s.Delivered != 1 || s.GivenUp != 3 || s.Backlog != 0 || s.Bytes != 0 {
		t.Errorf("%+v", s)
	}
}
