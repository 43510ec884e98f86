package pipeline

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"testing"

	containertypes "github.com/docker/docker/api/types/container"

	"hub/internal/docker"
	"hub/internal/docker/dockertest"
	"hub/internal/task"
)

// faultyWorld is a world of another hub on the same engine, which fails what it is told to. A real engine does not on demand.
type faultyWorld struct {
	*world
	mu         sync.Mutex
	method, in string
}

// fail has requests fail that have this method and this in their path; "" is none.
func (f *faultyWorld) fail(method, in string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.method, f.in = method, in
}

func (f *faultyWorld) broken(r *http.Request) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return r.Method == f.method && strings.Contains(r.URL.Path, f.in)
}

func (w *world) faulty() *faultyWorld {
	w.Helper()
	f := &faultyWorld{}
	socket := strings.TrimPrefix(w.engine.Host(), "unix://")
	proxy := httputil.NewSingleHostReverseProxy(&url.URL{Scheme: "http", Host: "engine"})
	proxy.FlushInterval = -1
	proxy.Transport = &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "unix", socket)
	}}
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if f.broken(r) {
			http.Error(rw, `{"message":"device or resource busy"}`, http.StatusInternalServerError)
			return
		}
		proxy.ServeHTTP(rw, r)
	}))
	engine, err := docker.New(docker.Options{Host: "tcp://" + strings.TrimPrefix(server.URL, "http://")})
	if err == nil {
		_, err = engine.Version(w.Context())
	}
	if err != nil {
		w.Fatal(err)
	}
	events := &recorder{t: w.T}
	o := w.o
	o.Engine, o.Tasks = engine, task.New(task.Options{Publisher: events})
	runner, err := New(o)
	if err != nil {
		w.Fatal(err)
	}
	w.Cleanup(func() {
		if err := o.Tasks.Close(context.Background()); err != nil {
			w.Error(err)
		}
		runner.Close()
		engine.Close()
		server.CloseClientConnections()
		server.Close()
	})
	f.world = &world{T: w.T, Runner: runner, engine: engine, api: w.api, events: events, git: w.git, repo: w.repo}
	return f
}

func TestWhatADeployCannotRemoveGoesLater(t *testing.T) {
	t.Parallel()
	w := newWorld(t, options{})
	f := w.faulty()
	port := sitePort(t)
	f.completes(f.runs(page("one", port), Probe{}))
	f.fail("DELETE", "/containers/")
	named := page("two", port)
	named.Name = dockertest.Name("named")
	k := f.completes(f.runs(named, Probe{}))
	if said := f.events.text(k.ID()); !strings.Contains(said, "device or resource busy") {
		t.Errorf("the run does not say so:\n%s", said)
	}
	if all := f.mine(); len(all) != 3 || len(f.marks()) != 1 {
		t.Errorf("%q, marks %q", all, f.marks())
	}
	f.fail("", "")
	if err := f.Recover(t.Context()); err != nil {
		t.Error(err)
	}
	if all := f.mine(); len(all) != 1 || !strings.HasPrefix(all[0], "/"+named.Name+" ") || !strings.HasSuffix(all[0], " running") {
		t.Errorf("%q", all)
	}
	f.noMarks()
}

func TestACandidateThatNoRunOwnsGoesWithTheNextDeploy(t *testing.T) {
	t.Parallel()
	w := newWorld(t, options{})
	port := sitePort(t)
	w.leaves(w.instance, &deploy{unique: dockertest.Name("left"), port: port}, map[string]string{labelCandidate: "true"})
	living := w.deadHub()
	if !living.take() {
		t.Fatal("its folder cannot be had")
	}
	theirs := w.leaves(living, &deploy{unique: dockertest.Name("theirs"), port: port}, map[string]string{labelCandidate: "true"})
	w.completes(w.runs(page("one", port), Probe{}))
	if all := w.mine(); len(all) != 1 {
		t.Errorf("%q", all)
	}
	if _, err := w.engine.Container(t.Context(), theirs.ID); err != nil {
		t.Errorf("another hub's is gone, too: %v", err)
	}
	_ = w.api.ContainerRemove(t.Context(), theirs.ID, containertypes.RemoveOptions{Force: true})
	_ = living.remove()
}
