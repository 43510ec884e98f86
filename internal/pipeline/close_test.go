package pipeline

import (
	"context"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"hub/internal/docker"
	"hub/internal/docker/dockertest"
	"hub/internal/task"
)

// newWorldAlone is a world with an engine of its own, which can be killed. Without a git server files are made by shell stages.
func newWorldAlone(t *testing.T) (w *world, daemon *dockertest.Daemon, image string) {
	t.Helper()
	daemon = dockertest.StartEngine(t)
	image = dockertest.ImageOn(t, daemon.Host)
	engine, err := docker.New(docker.Options{Host: daemon.Host})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { engine.Close() })
	if _, err := engine.Version(t.Context()); err != nil { // as a hub asks first of all
		t.Fatal(err)
	}
	w = &world{T: t, engine: engine, api: dockertest.Client(t, daemon.Host), events: &recorder{t: t}}
	tasks := task.New(task.Options{Publisher: w.events})
	w.nextHub(Options{Tasks: tasks, Engine: engine, Folder: t.TempDir()})
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if err := tasks.Close(ctx); err != nil {
			t.Error(err)
		}
		w.Close()
	})
	return w, daemon, image
}

// nextHub is a hub after the world's.
func (w *world) nextHub(o Options) {
	w.Helper()
	var err error
	if w.Runner, err = New(o); err != nil {
		w.Fatal(err)
	}
}

// closes ends the world's hub soon enough, and reports whether its folder is left.
func (w *world) closes() (left bool) {
	w.Helper()
	began := time.Now()
	if err := w.Close(); err != nil {
		w.Error(err)
	}
	if took := time.Since(began); took > soonEnough {
		w.Errorf("the hub's end took %v", took)
	}
	_, err := os.Stat(w.instance.folder)
	return err == nil
}

// kept are the names that hubs keep images under.
func (w *world) kept() []string {
	w.Helper()
	names, err := w.engine.ImageNames(context.Background(), keptNames)
	if err != nil {
		w.Fatal(err)
	}
	return names
}

// builtOf is a build stage's, of the files that a shell stage before it makes.
func builtOf(image, tag string) []Stage {
	return []Stage{sh("files", "echo hello > index.html"), {Step: Build{Inline: "FROM " + image + "\nCOPY index.html /\n", RepoTag: tag}}}
}

func TestWhatAHubCannotEndBeforeItsOwnEndIsTheNextHubsToEnd(t *testing.T) {
	t.Parallel()
	w, daemon, image := newWorldAlone(t)
	port := sitePort(t)
	deploys := func(run Run) Definition {
		run.Image = image
		return Definition{Type: TypeOwn, Site: "site", Stages: []Stage{{Step: run}, {Step: Probe{}}}}
	}
	w.completes(deploys(page("one", port)))
	k := w.start(deploys(dead(port)))
	w.until("the candidate is tried", func() bool { return strings.Contains(w.events.text(k.ID()), "asleep") })
	w.fails(Definition{Type: TypeOwn, Site: "other", Stages: append(builtOf(image, ""), late)}, "late")
	first := w.instance
	daemon.Kill()
	w.end(k)
	if !w.closes() {
		t.Error("the folder is gone, by which the next hub finds what is left")
	}
	if err := daemon.Start(); err != nil {
		t.Fatal(err)
	}
	w.nextHub(w.o)
	if err := w.Recover(t.Context()); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(first.folder); err == nil {
		t.Error("its folder is left")
	}
	if kept := w.kept(); len(kept) > 0 {
		t.Errorf("images are kept: %q", kept)
	}
	w.instance.name = first.name // whose the containers are
	if all := w.mine(); len(all) != 1 {
		t.Errorf("containers are %q", all)
	}
}

func TestAnEngineThatHangsDoesNotHoldUpTheHubsEnd(t *testing.T) {
	t.Parallel()
	w, daemon, image := newWorldAlone(t)
	w.fails(Definition{Type: TypeOwn, Site: "site", Stages: append(builtOf(image, ""), late)}, "late")
	goOn := daemon.Hang()
	left := w.closes()
	goOn()
	if !left {
		t.Error("the folder is gone, by which the next hub finds what is left")
	}
	w.nextHub(w.o)
	if err := w.Recover(t.Context()); err != nil {
		t.Error(err)
	}
	if kept := w.kept(); len(kept) > 0 {
		t.Errorf("images are kept: %q", kept)
	}
}

// stubborn is a step that ends when the test wants, whatever becomes of its context.
type stubborn struct{ begun, end chan struct{} }

func (stubborn) Kind() string        { return "stubborn" }
func (stubborn) check([]Stage) error { return nil }
func (stubborn) about(*run) facts    { return nil }
func (s stubborn) do(context.Context, *run) (facts, error) {
	close(s.begun)
	<-s.end
	return nil, nil
}

func TestWhatARunStillUsesIsNotDropped(t *testing.T) {
	t.Parallel()
	w := newWorld(t, options{})
	s := stubborn{make(chan struct{}), make(chan struct{})}
	end := sync.OnceFunc(func() { close(s.end) })
	defer end()
	k := w.start(w.own(sh("one", "echo 1 > log"), Stage{Step: s}, sh("two", "cat log")))
	<-s.begun
	w.Forget(k.ID()) // as of a task whose id is used again
	if w.closes(); len(w.look().Workspaces) != 1 {
		t.Error("a run that goes on has lost its files")
	}
	if other := (&instance{folder: w.instance.folder}); !other.take() {
		t.Error("the next hub cannot take the folder")
	} else {
		other.lock.Close()
	}
	end()
	w.completed(k)
	w.nextHub(w.o)
	if err := w.Recover(t.Context()); err != nil {
		t.Error(err)
	}
	if entries, _ := os.ReadDir(w.o.Folder); len(entries) != 1 {
		t.Errorf("%v", entries)
	}
}

func TestARunThatIsForgottenBeforeItsEndLeavesNothingAfterIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t, options{})
	s := stubborn{make(chan struct{}), make(chan struct{})}
	k := w.start(w.own(sh("one", "echo 1 > log"), Stage{Step: s}, sh("two", "cat log")))
	<-s.begun
	w.Forget(k.ID())
	close(s.end)
	w.completed(k)
	w.until("its files go", func() bool { return len(w.look().Workspaces) == 0 })
}
