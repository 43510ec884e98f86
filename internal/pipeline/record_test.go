package pipeline

import (
	"os"
	"strings"
	"testing"
	"time"

	"hub/internal/docker"
	"hub/internal/docker/dockertest"
)

// builds is a definition that leaves a workspace and an image to a retry, and fails.
func (w *world) builds() Definition {
	return w.own(Stage{Step: Clone{RepoURL: w.repo.URL}}, Stage{Step: Build{RepoTag: dockertest.Name("team/site")}}, late)
}

func buildable() options {
	return options{files: map[string]string{"Dockerfile": base + "COPY . /\n"}}
}

func TestWhatIsKeptGoesWhenItsTimeIsOver(t *testing.T) {
	o := buildable()
	o.KeepFor = 500 * time.Millisecond
	w := newWorld(t, o)
	before := w.look()
	k := w.fails(w.builds(), "late")
	w.gone(before)
	i, ok := w.Info(k.ID())
	if !ok || i.RetryFrom != "" || !i.KeptUntil.IsZero() {
		t.Errorf("%+v", i)
	}
	w.refused(k.ID(), Retry{}, docker.ErrConflict, "is no longer kept (pipeline_keep_for is 500ms): begin at clone, or start it anew")
	again := w.retry(k.ID(), Retry{From: "clone"})
	w.failed(again, "late")
	w.gone(before)
}

func TestWhatIsKeptGoesWhenItsTaskIsForgotten(t *testing.T) {
	o := buildable()
	o.task.Keep = 1
	w := newWorld(t, o)
	before := w.look()
	k := w.fails(w.builds(), "late")
	w.keeps(before, 1, 1)
	last := w.completes(w.own(sh("one", "true")))
	w.until("it is forgotten", func() bool { _, ok := w.Info(k.ID()); return !ok })
	w.refused(k.ID(), Retry{}, docker.ErrNotFound, "there is no pipeline "+k.ID())
	if all := w.List(); len(all) != 1 || all[0].ID != last.ID() {
		t.Errorf("%+v", all)
	}
	w.until("what it kept goes", func() bool { now := w.look(); return len(now.Kept) == len(before.Kept) && len(now.Workspaces) == 1 })
}

func TestWhatIsKeptGoesWithTheHub(t *testing.T) {
	w := newWorld(t, buildable())
	before := w.look()
	w.fails(w.builds(), "late")
	w.keeps(before, 1, 1)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(w.instance.folder); !os.IsNotExist(err) {
		t.Errorf("%v", err)
	}
	w.gone(before)
	w.Runner, _ = New(w.o) // for the end of the test
}

func TestARunOfAnIdThatIsUsedAgainIsForgotten(t *testing.T) {
	w := newWorld(t, buildable())
	before := w.look()
	first, err := w.Start(w.builds(), "again")
	if err != nil {
		t.Fatal(err)
	}
	w.failed(first, "late")
	second, err := w.Start(w.own(sh("one", "true")), "again")
	if err != nil {
		t.Fatal(err)
	}
	w.completed(second)
	w.until("what the first has kept goes", func() bool { now := w.look(); return len(now.Kept) == len(before.Kept) && len(now.Workspaces) == 1 })
	if i, _ := w.Info("again"); len(i.Stages) != 1 || i.Stages[0].Status != completed {
		t.Errorf("%+v", i)
	}
}

func TestTheListSaysHowEachStageStands(t *testing.T) {
	t.Parallel()
	w := newWorld(t, options{})
	k := w.start(w.own(sh("one", "echo hello"), sh("two", "sleep 100"), sh("three", "true")))
	w.until("it is there", func() bool { return w.events.stage(k.ID(), "two", "starting") != nil })
	statuses := func() string {
		var all []string
		for _, i := range w.List() {
			for _, s := range i.Stages {
				all = append(all, s.Name+" "+s.Kind+" "+s.Status)
			}
		}
		return strings.Join(all, ", ")
	}
	if s := statuses(); s != "one shell completed, two shell running, three shell waiting" {
		t.Error(s)
	}
	if i, _ := w.Info(k.ID()); i.Type != TypeOwn || i.Site != w.repo.URL || i.Stages[0].Duration <= 0 || i.Stages[1].Started.IsZero() || w.Failure(k.ID()) != nil {
		t.Errorf("%+v", i)
	}
	w.cancel(k)
	if s := statuses(); s != "one shell completed, two shell error, three shell skipped" {
		t.Error(s)
	}
	if i, _ := w.Info(k.ID()); i.Stages[1].Error == "" || i.Stages[1].Duration <= 0 || i.RetryFrom != "two" {
		t.Errorf("%+v", i)
	}
}

func TestAStageThatPanicsIsAnErrorOfItsOwn(t *testing.T) {
	t.Parallel()
	w := newWorld(t, options{})
	k := w.fails(w.own(sh("one", "true"), Stage{Step: panics{}}), "panic", "at the disco")
	if i, _ := w.Info(k.ID()); i.Stages[1].Status != failed || i.RetryFrom != "panic" {
		t.Errorf("%+v", i)
	}
}
