package forward

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"hub/internal/broker"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// receiver is an endpoint on a port of its own that records what it accepts.
type receiver struct {
	*httptest.Server
	mu          sync.Mutex
	lines       []string // of the objects accepted, in order
	requests    []*http.Request
	connections int
}

// newReceiver asks answer first, which returns true when it has dealt with the request; else the object is accepted with 200.
func newReceiver(t testing.TB, answer func(w http.ResponseWriter, r *http.Request, line string) bool) *receiver {
	r := &receiver{}
	r.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		body, err := io.ReadAll(request.Body)
		var object struct{ Line, Status string }
		if err != nil || json.Unmarshal(body, &object) != nil {
			t.Errorf("received %q, %v", body, err)
		}
		line := object.Line + object.Status
		r.mu.Lock()
		r.requests = append(r.requests, request)
		r.mu.Unlock()
		if answer != nil && answer(w, request, line) {
			return
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		r.lines = append(r.lines, line)
		_, _ = io.WriteString(w, "a body that must be read before the connection can be used again")
	}))
	r.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, 0)
	r.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			r.mu.Lock()
			defer r.mu.Unlock()
			r.connections++
		}
	}
	r.Start()
	t.Cleanup(r.Close)
	return r
}

func (r *receiver) received() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]string(nil), r.lines...)
}

func newBroker() *broker.Broker {
	return broker.New(broker.Options{Rules: []broker.Rule{{Pattern: "tasks/*", Policy: broker.Policy{MaxEvents: 100_000, MaxBytes: 64 << 20}}}})
}

// run starts a forwarder; stop ends it as a shutdown does, and returns when Run has. Waits between tries are short.
func run(t testing.TB, b *broker.Broker, endpoint string, change func(*Options)) (f *Forwarder, stop func()) {
	t.Helper()
	o := Options{Broker: b, Endpoint: endpoint, MinWait: time.Millisecond, Grace: time.Minute, Log: slog.New(slog.DiscardHandler)}
	if change != nil {
		change(&o)
	}
	f, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return f, start(t, f)
}

func start(t testing.TB, f *Forwarder) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- f.Run(ctx) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(stop)
	return stop
}

// publisher publishes task events and counts them.
type publisher struct {
	testing.TB
	*broker.Broker
	events uint64
}

func (p *publisher) publish(task, kind, data string) {
	p.Helper()
	if _, err := p.Publish("tasks/"+task, kind, []byte(data)); err != nil {
		p.Fatal(err)
	}
	p.events++
}

func (p *publisher) start(task string) {
	p.publish(task, "status", `{"task":"generic_task","status":"running","cmd":"c"}`)
}

func (p *publisher) line(task, text string) {
	p.publish(task, "line", fmt.Sprintf(`{"stream":"stdout","line":%q}`, text))
}

// numbers publishes lines "0", "1", … and returns them.
func (p *publisher) numbers(task string, n int) (texts []string) {
	for i := range n {
		texts = append(texts, fmt.Sprint(i))
		p.line(task, texts[i])
	}
	return texts
}

// adds checks that every event published is counted once.
func (p *publisher) adds(s Stats) {
	p.Helper()
	if sum := s.Delivered + s.GivenUp + s.Omitted + uint64(s.Backlog); sum != p.events {
		p.Errorf("%d counted, %d published: %+v", sum, p.events, s)
	}
}

// eventually waits until ok.
func eventually(t testing.TB, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); !ok(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("it did not come to pass that %s", what)
		}
	}
}

// logs is a log that can be read.
type logs struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logs) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logs) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}
