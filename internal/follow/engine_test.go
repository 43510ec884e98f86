package follow

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httputil"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"hub/internal/broker"
	"hub/internal/docker/dockertest"
)

// counter stands before an engine and counts the requests for logs.
type counter struct {
	host       string
	asked, now atomic.Int64
	all        atomic.Int64
}

func count(t *testing.T, engine string) *counter {
	t.Helper()
	c := &counter{host: "unix://" + filepath.Join(t.TempDir(), "engine.sock")}
	l, err := net.Listen("unix", strings.TrimPrefix(c.host, "unix://"))
	if err != nil {
		t.Fatal(err)
	}
	proxy := &httputil.ReverseProxy{
		Rewrite:       func(r *httputil.ProxyRequest) { r.Out.URL.Scheme, r.Out.URL.Host = "http", "engine" },
		FlushInterval: -1,
		Transport: &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) {
			return net.Dial("unix", strings.TrimPrefix(engine, "unix://"))
		}},
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, _ error) { w.WriteHeader(http.StatusBadGateway) },
	}
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c.all.Add(1)
		if strings.HasSuffix(r.URL.Path, "/logs") {
			c.asked.Add(1)
			c.now.Add(1)
			defer c.now.Add(-1)
		}
		defer func() {
			if p := recover(); p != nil && p != http.ErrAbortHandler {
				panic(p)
			}
		}()
		proxy.ServeHTTP(w, r)
	})}
	go server.Serve(l)
	t.Cleanup(func() { server.Close() })
	return c
}

func TestAThousandReadersAreOneRequestAndNoneAfterTheLast(t *testing.T) {
	engine := dockertest.Engine(t)
	c := count(t, engine)
	h := start(t, c.host, engine)
	idle := c.all.Load()
	name, topic := name()
	h.run(name, "while :; do date; sleep 0.1; done")
	var readers []*reader
	for i := range 1000 {
		start := []broker.Start{broker.All, broker.Now, broker.Tail(10)}[i%3]
		readers = append(readers, h.read(start, []string{topic, "containers/*/logs"}[i%2]))
	}
	for _, r := range readers {
		r.until("a line", func() bool { return len(r.events) > 0 })
	}
	if asked := c.asked.Load(); asked != 1 {
		t.Errorf("%d requests for logs", asked)
	}
	for _, r := range readers {
		r.sub.Close()
	}
	left := time.Now()
	await(t, "the request ends", func() bool { return c.now.Load() == 0 })
	if took := time.Since(left); took > broker.Linger+2*time.Second {
		t.Errorf("the request ended after %v", took)
	}
	calls := c.all.Load()
	if calls-idle > 10 {
		t.Errorf("%d calls for all of that", calls-idle)
	}
}

func TestAFollowerComesBackAfterTheEngineWasKilled(t *testing.T) {
	engine := dockertest.StartEngine(t)
	h := start(t, engine.Host)
	name, topic := name()
	id := h.run(name, "i=0; while :; do i=$((i+1)); echo $i; usleep 2000; done")
	r := h.read(broker.All, topic)
	r.untilSaid(`"100"`)
	for kill := range 2 {
		engine.Kill()
		r.until("the loss is said", func() bool { return strings.Count(kinds(r.events), "status") == 2*kill+1 })
		if err := engine.Start(); err != nil {
			t.Fatal(err)
		}
		seen := len(r.events)
		h.start(id)
		back := time.Now()
		r.until("lines of the next run", func() bool {
			return strings.Contains(kinds(r.events[seen:]), "container line")
		})
		if took := time.Since(back); took > 2*time.Second {
			t.Errorf("lines came after %v", took)
		}
	}
	eachOnce(t, r)
	// What the engine has of it is what came.
	h.must(h.api.ContainerKill(t.Context(), id, "KILL"))
	r.until("it stops", func() bool { return strings.HasSuffix(r.String(), "[stopped 137]") })
	eachOnce(t, r)
	all := h.read(broker.All, "docker/events")
	all.untilSaid(`"upstream"`)
}

// eachOnce checks that every run of counting lines is complete.
func eachOnce(t *testing.T, r *reader) {
	t.Helper()
	next := 1
	for i := range r.events {
		if r.events[i].Kind != "line" {
			continue
		}
		switch text := data(&r.events[i]); text {
		case fmt.Sprint(next):
			next++
		case "1":
			next = 2
		default:
			t.Fatalf("line %s came where %d was due", text, next)
		}
	}
}

func kinds(events []broker.Event) string {
	var kinds []string
	for _, e := range events {
		kinds = append(kinds, e.Kind)
	}
	return strings.Join(kinds, " ")
}

func TestAStoppedEngineEndsNothing(t *testing.T) {
	engine := dockertest.StartEngine(t)
	h := start(t, engine.Host)
	name, topic := name()
	id := h.run(name, "trap 'echo bye; exit 0' TERM; echo hello; while :; do sleep 0.05; done", stoppable)
	r := h.read(broker.All, topic)
	r.untilSaid(`"hello"`)
	engine.Stop()
	r.untilSaid(`"lost"`)
	if err := engine.Start(); err != nil {
		t.Fatal(err)
	}
	h.start(id)
	r.until("the second run", func() bool { return r.count()["hello"] == 2 })
	if n := r.count(); n["bye"] != 1 {
		t.Errorf("the last line before the engine stopped came %d times: %s", n["bye"], r)
	}
}
