package pipeline

import (
	"cmp"
	"context"
	"errors"
	"net"
	"testing"
	"time"

	"github.com/docker/docker/client"

	"hub/internal/docker"
	"hub/internal/docker/dockertest"
	"hub/internal/git/gittest"
	"hub/internal/task"
)

// world is a runner of a test's own, with all that its pipelines reach: the tests' engine, a git server and a registry.
type world struct {
	*testing.T
	*Runner
	engine   *docker.Engine
	api      *client.Client
	events   *recorder
	git      *gittest.Server
	repo     *gittest.Repo
	registry *dockertest.Registry // nil where the test asked for none
}

// options of a world.
type options struct {
	Options
	git          gittest.Options
	files        map[string]string // of the repository; nil is siteFiles
	withRegistry bool
	task         task.Options
}

// siteFiles are a site's, among them those that a build would take for its own.
var siteFiles = map[string]string{
	"index.html":    "<h1>hello</h1>\n",
	"css/a.css":     "h1 { color: teal }\n",
	"Dockerfile":    "FROM scratch\nCOPY . /nowhere\n",
	".dockerignore": "css\n",
}

func newWorld(t *testing.T, o options) *world {
	t.Helper()
	w := &world{T: t, events: &recorder{t: t}}
	host := dockertest.Engine(t)
	dockertest.Nginx(t, host)
	w.api = dockertest.Client(t, host)
	var err error
	if w.engine, err = docker.New(docker.Options{Host: host}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.engine.Close() })
	if _, err := w.engine.Version(t.Context()); err != nil { // as a hub asks first of all
		t.Fatal(err)
	}
	if _, err := w.engine.Version(t.Context()); err != nil { // the SDK's client must not agree on a version in two goroutines at once
		t.Fatal(err)
	}
	o.task.Publisher = w.events
	forget := func(id string) { w.Forget(id) }
	o.task.Forget = forget
	tasks := task.New(o.task)
	o.Options.Tasks, o.Options.Engine, o.Options.Folder = tasks, w.engine, cmp.Or(o.Options.Folder, t.TempDir())
	if w.Runner, err = New(o.Options); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if err := errors.Join(tasks.Close(ctx), w.Close()); err != nil {
			t.Error(err)
		}
		w.removeAll()
	})
	w.git = gittest.StartServer(t, o.git)
	if o.files == nil {
		o.files = siteFiles
	}
	w.repo = w.git.Repo(dockertest.Name("site"), o.files)
	if o.withRegistry {
		w.registry = dockertest.StartRegistry(t)
	}
	return w
}

// site is the html site of the world's repository and registry.
func (w *world) site() HTMLSite {
	w.Helper()
	return HTMLSite{
		RepoURL: w.repo.URL, DockerhubRepo: w.registry.Host + "/" + dockertest.Name("team/site"),
		Username: w.registry.User, Password: w.registry.Password, HostPort: freePort(w),
	}
}

// define is a site's definition, or its first stages alone.
func (w *world) define(s HTMLSite, stages int) Definition {
	w.Helper()
	d, err := s.Definition()
	if err != nil {
		w.Fatal(err)
	}
	d.Stages = d.Stages[:stages]
	return d
}

const (
	upToBuild = 2
	upToLogin = 3
	upToPush  = 4
	upToPull  = 5
	allStages = 7
)

// own is a pipeline of the test's own.
func (w *world) own(stages ...Stage) Definition {
	return Definition{Type: TypeOwn, Site: w.repo.URL, Stages: stages}
}

func (w *world) start(d Definition) *task.Task {
	w.Helper()
	k, err := w.Start(d, "")
	if err != nil {
		w.Fatal(err)
	}
	return k
}

func (w *world) retry(id string, o Retry) *task.Task {
	w.Helper()
	k, err := w.Retry(id, o)
	if err != nil {
		w.Fatal(err)
	}
	return k
}

// end waits for a run's.
func (w *world) end(k *task.Task) task.Snapshot {
	w.Helper()
	select {
	case <-k.Done():
		return k.Snapshot()
	case <-time.After(time.Minute):
		w.Fatalf("%s has no end:\n%s", k.ID(), w.events.text(k.ID()))
		panic("unreachable")
	}
}

// completes runs a definition that the test expects to come through.
func (w *world) completes(d Definition) *task.Task {
	w.Helper()
	k := w.start(d)
	w.completed(k)
	return k
}

func (w *world) completed(k *task.Task) {
	w.Helper()
	if s := w.end(k); s.Outcome != task.Completed {
		w.Fatalf("%s: %s: %s\n%s", k.ID(), s.Outcome, s.Error, w.events.text(k.ID()))
	}
}

// fails runs a definition that the test expects to fail in a stage, with the words given in its error.
func (w *world) fails(d Definition, stage string, words ...string) *task.Task {
	w.Helper()
	k := w.start(d)
	w.failed(k, stage, words...)
	return k
}

// until waits for a condition that comes true by itself.
func (w *world) until(what string, is func() bool) {
	w.Helper()
	for deadline := time.Now().Add(30 * time.Second); !is(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			w.Fatalf("%s: not within 30 s", what)
		}
	}
}

// freePort is one of the host that nobody listens on.
func freePort(t testing.TB) int {
	t.Helper()
	l, err := net.Listen("tcp", "0.0.0.0:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}
