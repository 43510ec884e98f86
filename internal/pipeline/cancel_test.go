package pipeline

import (
	"context"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"hub/internal/docker/dockertest"
	"hub/internal/task"
)

// soonEnough is how long after a cancel a run is at its end, whatever it did.
const soonEnough = 5 * time.Second

// cancel cancels a run, and checks that its end is the one event that says so, and comes soon.
func (w *world) cancel(k *task.Task) {
	w.Helper()
	ctx, stop := context.WithTimeout(context.Background(), time.Minute)
	defer stop()
	began := time.Now()
	s, err := w.o.Tasks.Cancel(ctx, k.ID())
	if err != nil || s.Outcome != task.Cancelled {
		w.Fatalf("%s: %s, %v\n%s", k.ID(), s.Outcome, err, w.events.text(k.ID()))
	}
	all := w.events.of(k.ID())
	last := all[len(all)-1]
	if last.kind != "end" || last.data["status"] != "cancelled" || strings.Count(w.events.text(k.ID()), "\nend {") != 1 {
		w.Errorf("its end is\n%s", w.events.text(k.ID()))
	}
	if took := last.at.Sub(began); took > soonEnough {
		w.Errorf("its end came after %v", took)
	}
}

// cancelAt is cancel once a stage has begun.
func (w *world) cancelAt(k *task.Task, stage string) {
	w.Helper()
	w.until(stage+" begins", func() bool { return w.events.stage(k.ID(), stage, "starting") != nil })
	w.cancel(k)
}

func TestACancelEndsAClone(t *testing.T) {
	w := newWorld(t, options{})
	before := w.look()
	w.git.Hold()
	k := w.start(w.own(Stage{Step: Clone{RepoURL: w.repo.URL}}, late))
	w.until("the clone hangs", func() bool { return w.git.Held() == 1 })
	w.cancel(k)
	w.until("the clone lets go", func() bool { return w.git.Held() == 0 })
	w.gone(before)
}

func TestACancelEndsABuildAndItsContainer(t *testing.T) {
	w := newWorld(t, options{files: map[string]string{"Dockerfile": base + "RUN echo begun; sleep 1000\n"}})
	before := w.look()
	k := w.start(w.own(Stage{Step: Clone{RepoURL: w.repo.URL}}, Stage{Step: Build{RepoTag: dockertest.Name("team/site")}}))
	w.until("the step runs", func() bool { return strings.Contains(w.events.lines(k.ID(), "build"), "begun") })
	w.cancel(k)
	w.until("its container goes", func() bool { return len(w.look().Containers) == len(before.Containers) })
	w.same(before)
	w.keeps(before, 0, 1)
}

func TestACancelEndsACommandAndAllThatItStarted(t *testing.T) {
	w := newWorld(t, options{})
	before := w.look()
	k := w.start(w.own(sh("one", "sleep 1000 & echo $!; sleep 1000"), sh("two", "true")))
	w.until("it runs", func() bool { return w.events.lines(k.ID(), "one") != "" })
	child := strings.TrimSpace(w.events.lines(k.ID(), "one"))
	w.cancel(k)
	if stat, err := os.ReadFile("/proc/" + child + "/stat"); err == nil && !strings.Contains(string(stat), ") Z ") {
		t.Errorf("process %s lives: %s", child, stat)
	}
	w.same(before)
	w.keeps(before, 0, 1)
}

func TestACancelEndsWhatHangsAtARegistry(t *testing.T) {
	w := newWorld(t, options{withRegistry: true})
	g := newGate(t, w.registry.Host)
	s := w.site()
	s.DockerhubRepo = g.Host + "/" + dockertest.Name("team/site")
	d := w.define(s, upToPull)
	d.Stages[1] = Stage{Step: Build{RepoTag: s.DockerhubRepo + ":latest", Inline: base + "COPY index.html /\n"}}
	for stage, hangs := range map[string]func(*http.Request) bool{
		"login": func(r *http.Request) bool { return true },
		"push":  func(r *http.Request) bool { return r.Method == http.MethodPost },
		"pull":  func(r *http.Request) bool { return strings.Contains(r.URL.Path, "/manifests/") },
	} {
		before := w.look()
		w.events.whenStage(stage, "starting", func() { g.hold(hangs) })
		k := w.start(d)
		w.until(stage+" hangs", func() bool { return g.held.Load() > 0 })
		w.cancel(k)
		g.open() // the engine itself may wait on, and nobody for it
		w.until("the engine lets go of the "+stage, func() bool { return g.held.Load() == 0 })
		w.same(before)
		w.keeps(before, 1, 1)
		w.remembersNobody()
		w.Forget(k.ID())
		w.gone(before)
	}
}

func TestACancelInRunOrProbeLeavesNothing(t *testing.T) {
	w := newWorld(t, options{files: map[string]string{"Dockerfile": base + "CMD [\"sleep\", \"1000\"]\n"}})
	before := w.look()
	for _, word := range []string{`"stage":"run","status":"starting"`, `"stage":"probe","status":"starting"`} {
		k := w.start(w.own(
			Stage{Step: Clone{RepoURL: w.repo.URL}}, Stage{Step: Build{RepoTag: dockertest.Name("team/site")}},
			Stage{Step: Run{HostPort: freePort(t)}}, Stage{Step: Probe{}},
		))
		w.until(word, func() bool { return strings.Contains(w.events.text(k.ID()), word) })
		w.cancel(k)
		w.same(before)
		w.keeps(before, 1, 1)
		w.Forget(k.ID())
		w.gone(before)
	}
}

func TestARunThatWaitsIsCancelledAtOnce(t *testing.T) {
	w := newWorld(t, options{task: task.Options{Running: 1}})
	busy := w.start(w.own(sh("busy", "sleep 1000")))
	k := w.start(w.own(sh("one", "true")))
	w.cancel(k)
	if s := w.events.stages(k.ID()); len(s) != 0 {
		t.Errorf("%q", s)
	}
	w.until("its record ends", func() bool { i, _ := w.Info(k.ID()); return i.Stages[0].Status == skipped })
	w.cancel(busy)
}

func TestTheHubsEndInterruptsRuns(t *testing.T) {
	w := newWorld(t, options{})
	before := w.look()
	k := w.start(w.own(sh("one", "sleep 1000")))
	w.until("it runs", func() bool { return w.events.stage(k.ID(), "one", "starting") != nil })
	if err := w.o.Tasks.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if s := k.Snapshot(); s.Outcome != task.Interrupted {
		t.Errorf("%+v", s)
	}
	if err := w.Close(); err != nil {
		t.Error(err)
	}
	w.gone(before)
	w.Runner, _ = New(w.o) // for the end of the test
}
