package pipeline

import (
	"context"
	"strings"
	"testing"
	"time"

	"hub/internal/docker"
	"hub/internal/docker/dockertest"
	"hub/internal/task"
)

func TestWhatCannotBeTakenBackWhileTheEngineIsAwayIsLater(t *testing.T) {
	t.Parallel()
	daemon := dockertest.StartEngine(t)
	image := dockertest.ImageOn(t, daemon.Host)
	engine, err := docker.New(docker.Options{Host: daemon.Host})
	if err != nil {
		t.Fatal(err)
	}
	defer engine.Close()
	if _, err := engine.Version(t.Context()); err != nil { // as a hub asks first of all
		t.Fatal(err)
	}
	events := &recorder{t: t}
	tasks := task.New(task.Options{Publisher: events})
	r, err := New(Options{Tasks: tasks, Engine: engine, Folder: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	w := &world{T: t, Runner: r, engine: engine, api: dockertest.Client(t, daemon.Host), events: events}
	defer func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if err := tasks.Close(ctx); err != nil {
			t.Error(err)
		}
		w.Close()
	}()
	port := sitePort(t)
	deploys := func(run Run) Definition {
		run.Image = image
		return Definition{Type: TypeOwn, Site: "site", Stages: []Stage{{Step: run}, {Step: Probe{}}}}
	}
	w.completes(deploys(page("one", port)))
	before := strings.Fields(w.mine()[0])[1]
	k := w.start(deploys(dead(port)))
	w.until("the candidate is tried", func() bool { return strings.Contains(w.events.text(k.ID()), "asleep") })
	daemon.Kill()
	w.end(k)
	if said := w.events.stage(k.ID(), "probe", "error"); said == nil {
		t.Errorf("the probe goes on:\n%s", w.events.text(k.ID()))
	}
	if len(w.marks()) != 1 {
		t.Errorf("marks are %q", w.marks())
	}
	if err := w.Recover(t.Context()); err == nil {
		t.Error("an engine that is away takes something back")
	}
	if err := daemon.Start(); err != nil {
		t.Fatal(err)
	}
	if err := w.Recover(t.Context()); err != nil {
		t.Error(err)
	}
	if all := w.mine(); len(all) != 1 || !strings.Contains(all[0], before) {
		t.Errorf("containers are %q", all)
	}
	w.noMarks()
}

func TestAContainerThatCameAfterItsDeployWasToldOfAFailureIsTakenBackToo(t *testing.T) {
	t.Parallel()
	w := newWorld(t, options{})
	d := &deploy{site: w.repo.URL, unique: dockertest.Name("late")}
	labels := map[string]string{labelSite: d.site, labelOwner: w.instance.name}
	for _, name := range []string{d.unique, d.unique + candidateSuffix, d.unique + "-other"} {
		if name == d.unique+candidateSuffix {
			labels[labelCandidate] = "true"
		}
		if _, err := w.engine.Create(t.Context(), docker.RunSpec{Image: dockertest.Base, Name: name, Labels: labels}); err != nil {
			t.Fatal(err)
		}
	}
	if serves, err := w.restore(t.Context(), d); serves || err != nil {
		t.Errorf("%t, %v", serves, err)
	}
	if all := w.mine(); len(all) != 1 || !strings.HasPrefix(all[0], "/"+d.unique+"-other ") {
		t.Errorf("%q", all)
	}
}
