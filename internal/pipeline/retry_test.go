package pipeline

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hub/internal/docker"
	"hub/internal/docker/dockertest"
	"hub/internal/task"
)

// sh is a shell stage of a name.
func sh(name, cmd string) Stage { return Stage{Name: name, Step: Shell{Cmd: cmd}} }

// refused checks that a retry is refused, by kind and words.
func (w *world) refused(id string, o Retry, kind error, words string) {
	w.Helper()
	_, err := w.Retry(id, o)
	if !errors.Is(err, kind) || !strings.Contains(err.Error(), words) {
		w.Errorf("%+v: %v, want %q", o, err, words)
	}
}

func TestARetryThatCannotBeIsRefusedInWordsThatSayWhatToDo(t *testing.T) {
	t.Parallel()
	w := newWorld(t, options{})
	w.refused("nosuch", Retry{}, docker.ErrNotFound, "there is no pipeline nosuch")

	k := w.start(w.own(sh("one", "true"), sh("two", "sleep 100"), sh("three", "true")))
	w.until("it runs", func() bool { return w.events.stage(k.ID(), "two", "starting") != nil })
	w.refused(k.ID(), Retry{}, docker.ErrConflict, "is not at its end: cancel it first, or wait")
	w.cancel(k)
	w.refused(k.ID(), Retry{From: "four"}, docker.ErrInvalid, `has no stage "four"`)
	again := w.retry(k.ID(), Retry{From: "one"})
	w.refused(k.ID(), Retry{}, docker.ErrConflict, "was retried already: retry "+again.ID())
	w.cancelAt(again, "two")

	k = w.completes(w.own(sh("one", "true"), sh("two", "true")))
	w.refused(k.ID(), Retry{}, docker.ErrConflict, "has completed: name the stage to begin at in from")
	w.completed(w.retry(k.ID(), Retry{From: "two"}))
}

// A stage that did not complete is run on the way to the one that is named.
func TestARetryFromALaterStageRunsTheFailedOneToo(t *testing.T) {
	t.Parallel()
	w := newWorld(t, options{})
	k := w.fails(w.own(sh("one", "true"), sh("two", "test -e here || { touch here; exit 1; }"), sh("three", "true")), "two")
	again := w.retry(k.ID(), Retry{From: "three"})
	w.completed(again)
	want := []string{"one reused", "two starting", "two completed", "three starting", "three completed"}
	if diff := cmp.Diff(want, w.events.stages(again.ID())); diff != "" {
		t.Error(diff)
	}
}

func TestARetryBeginsWhereItIsTold(t *testing.T) {
	t.Parallel()
	w := newWorld(t, options{})
	k := w.fails(w.own(sh("one", "echo 1 >> log"), sh("two", "echo 2 >> log"), sh("three", "cat log; exit 1")), "three")
	again, err := w.Retry(k.ID(), Retry{From: "two", ID: "chosen"})
	if err != nil || again.ID() != "chosen" {
		t.Fatal(err)
	}
	w.failed(again, "three")
	if diff := cmp.Diff([]string{"one reused", "two starting", "two completed", "three starting", "three error"}, w.events.stages("chosen")); diff != "" {
		t.Error(diff)
	}
	if said := w.events.lines("chosen", "three"); said != "1\n2\n2\n" { // in the same workspace
		t.Errorf("%q", said)
	}
	holds(t, w.events.of("chosen")[0].data, `{"retry_of":"`+k.ID()+`","from":"two","stages":["one","two","three"]}`)
	first, _ := w.Info(k.ID())
	next, _ := w.Info("chosen")
	if first.RetriedAs != "chosen" || first.RetryFrom != "" || next.RetryOf != k.ID() || next.RetryFrom != "three" || !next.Stages[0].Reused {
		t.Errorf("%+v\n%+v", first, next)
	}
	third := w.retry("chosen", Retry{})
	w.failed(third, "three")
	if s := w.events.stages(third.ID()); s[0] != "one reused" || s[1] != "two reused" || s[2] != "three starting" {
		t.Errorf("%q", s)
	}
}

func TestARetryThatCannotStartTakesNothing(t *testing.T) {
	w := newWorld(t, options{Options: Options{KeepFor: time.Hour}})
	before := w.look()
	busy := w.start(w.own(sh("busy", "sleep 100")))
	w.until("it runs", func() bool { return w.events.stage(busy.ID(), "busy", "starting") != nil })
	k := w.fails(w.own(sh("one", "echo 1 >> log"), sh("two", "cat log; exit 1")), "two")
	w.refused(k.ID(), Retry{ID: busy.ID()}, task.ErrRunning, "")
	if i, _ := w.Info(k.ID()); i.RetryFrom != "two" || i.RetriedAs != "" || i.KeptUntil.IsZero() {
		t.Errorf("%+v", i)
	}
	again := w.retry(k.ID(), Retry{})
	w.failed(again, "two")
	w.cancel(busy)
	w.Forget(busy.ID())
	w.until("one workspace is kept", func() bool { return len(w.look().Workspaces) == len(before.Workspaces)+1 })
}

func TestARunThatWaitedAndWasCancelledLeavesTheRetryToOthers(t *testing.T) {
	w := newWorld(t, options{task: task.Options{Running: 1}})
	before := w.look()
	k := w.fails(w.own(sh("one", "echo 1 >> log"), sh("two", "cat log; exit 1")), "two")
	busy := w.start(w.own(sh("busy", "sleep 100")))
	again := w.retry(k.ID(), Retry{})
	w.cancel(again)
	w.until("its record ends", func() bool { i, _ := w.Info(again.ID()); return i.RetryFrom == "two" })
	third := w.retry(again.ID(), Retry{})
	w.cancel(busy)
	w.failed(third, "two")
	if said := w.events.lines(third.ID(), "two"); said != "1\n" {
		t.Errorf("%q", said)
	}
	w.Forget(third.ID())
	w.Forget(busy.ID())
	w.gone(before)
}

func TestWhatARefusedRetryLeavesGoesInItsTime(t *testing.T) {
	w := newWorld(t, options{Options: Options{KeepFor: 2 * time.Second}})
	before := w.look()
	busy := w.start(w.own(Stage{Step: Run{Image: dockertest.Base, HostPort: freePort(t), Command: []string{"sleep", "1000"}}}, Stage{Step: Probe{}}))
	k := w.fails(w.own(sh("one", "true"), late), "late")
	w.refused(k.ID(), Retry{ID: busy.ID()}, task.ErrRunning, "")
	w.until("what it kept goes", func() bool { return len(w.look().Workspaces) == len(before.Workspaces) })
	w.cancel(busy)
	w.gone(before)
}

func TestAProbeIsRetriedFromItsRun(t *testing.T) {
	w := newWorld(t, options{files: map[string]string{"Dockerfile": base + "CMD [\"sleep\", \"1000\"]\n"}})
	before := w.look()
	k := w.fails(w.own(
		Stage{Step: Clone{RepoURL: w.repo.URL}}, Stage{Step: Build{RepoTag: dockertest.Name("team/site")}},
		Stage{Step: Run{HostPort: freePort(t)}}, Stage{Step: Probe{Timeout: time.Second}},
	), "probe")
	w.same(before)
	if i, _ := w.Info(k.ID()); i.RetryFrom != "run" {
		t.Errorf("%+v", i)
	}
	again := w.retry(k.ID(), Retry{From: "probe"})
	w.failed(again, "probe")
	w.same(before)
	want := []string{"clone reused", "build reused", "run starting", "run completed", "probe starting", "probe error"}
	if diff := cmp.Diff(want, w.events.stages(again.ID())); diff != "" {
		t.Error(diff)
	}
}

// A run that needs nothing of the hub's to be kept can be retried from any stage all the same.
func TestARunThatMadeNothingForARetryIsRetriedFromWhereItFailed(t *testing.T) {
	t.Parallel()
	w := newWorld(t, options{})
	k := w.fails(w.own(Stage{Step: page("hello", sitePort(t))}, Stage{Step: Probe{}}, Stage{Step: panics{}}), "panic")
	again := w.retry(k.ID(), Retry{})
	w.failed(again, "panic")
	if s := w.events.stages(again.ID()); s[1] != "probe reused" {
		t.Errorf("%q", s)
	}
}

// What no probe asks stood by itself, and is not run again for the next one's sake.
func TestARunIsRetriedForItsOwnProbeOnly(t *testing.T) {
	t.Parallel()
	d := Definition{Stages: []Stage{{"a", Run{}}, {"b", Run{}}, {"ask", Probe{}}, {"c", Run{}}, late}}
	for i, want := range []int{0, 1, 1, 3, 4} {
		if got := d.beginAt(i); got != want {
			t.Errorf("stage %d is retried from %d, not %d", i, got, want)
		}
	}
}
