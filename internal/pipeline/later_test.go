package pipeline

import (
	"context"
	"strings"
	"testing"

	containertypes "github.com/docker/docker/api/types/container"

	"hub/internal/docker/dockertest"
)

func TestNamesThatCannotBePutBackWhileTheEngineHangsAreLater(t *testing.T) {
	t.Parallel()
	w, daemon, image := newWorldAlone(t)
	before, _, err := w.engine.ImageID(t.Context(), image)
	if err != nil {
		t.Fatal(err)
	}
	const moved, fresh = "team/moved:1", "team/new:1"
	if err := w.api.ImageTag(t.Context(), image, moved); err != nil {
		t.Fatal(err)
	}
	goOn := func() {}
	w.events.whenStage("hangs", "starting", func() { goOn = daemon.Hang() })
	stages := append(builtOf(image, moved), Stage{Name: "again", Step: Build{Inline: "FROM " + image + "\nCOPY index.html /other\n", RepoTag: fresh}})
	k := w.start(Definition{Type: TypeOwn, Site: "site", Stages: append(stages, sh("hangs", "echo hangs; sleep 1000"))})
	w.until("the engine hangs", func() bool { return w.events.lines(k.ID(), "hangs") != "" })
	w.cancel(k)
	goOn()
	if err := w.Recover(t.Context()); err != nil {
		t.Error(err)
	}
	if now, _, err := w.engine.ImageID(t.Context(), moved); err != nil || now != before {
		t.Errorf("%s stands for %q, want %q: %v", moved, now, before, err)
	}
	if _, there, err := w.engine.ImageID(t.Context(), fresh); err != nil || there {
		t.Errorf("%s is there: %v", fresh, err)
	}
}

// What an earlier run could not put back is put back before a later one takes note of what there was.
func TestALaterRunFindsNamesAsTheyWere(t *testing.T) {
	t.Parallel()
	w, daemon, image := newWorldAlone(t)
	const name = "team/site:1"
	w.events.whenStage("late", "starting", daemon.Kill)
	d := Definition{Type: TypeOwn, Site: "site", Stages: append(builtOf(image, name), late)}
	w.fails(d, "late")
	if err := daemon.Start(); err != nil {
		t.Fatal(err)
	}
	w.fails(d, "late")
	if _, there, err := w.engine.ImageID(t.Context(), name); err != nil || there {
		t.Errorf("%s is there: %v", name, err)
	}
	d.Stages = d.Stages[:2]
	k := w.completes(d)
	if err := w.Recover(t.Context()); err != nil {
		t.Error(err)
	}
	if id, _, err := w.engine.ImageID(t.Context(), name); err != nil || id != w.events.stage(k.ID(), "build", "completed")["image_id"] {
		t.Errorf("%s stands for %q: %v", name, id, err)
	}
}

// serving is a site that is built under no name of its user's.
func (w *world) serving(image string) Definition {
	run := page("hello", sitePort(w))
	run.Image = ""
	return Definition{Type: TypeOwn, Site: "site", Stages: append(builtOf(image, ""), Stage{Step: run}, Stage{Step: Probe{}})}
}

func TestAnImageThatIsKeptAndRunsGoesWithItsContainer(t *testing.T) {
	t.Parallel()
	w, _, image := newWorldAlone(t)
	k := w.completes(w.serving(image))
	w.Forget(k.ID())
	w.dropping.Wait()
	if err := w.Recover(t.Context()); err != nil || len(w.kept()) != 1 {
		t.Errorf("%q, %v", w.kept(), err)
	}
	w.removeSite("site")
	if err := w.Recover(t.Context()); err != nil || len(w.kept()) != 0 {
		t.Errorf("%q, %v", w.kept(), err)
	}
	if w.closes() {
		t.Error("the folder is left")
	}
}

func TestAnImageThatRunsIsHandedFromHubToHub(t *testing.T) {
	t.Parallel()
	w, _, image := newWorldAlone(t)
	w.completes(w.serving(image))
	for range 2 {
		if !w.closes() {
			t.Error("the folder is gone, by which the next hub finds the image")
		}
		w.nextHub(w.o)
		for range 2 { // it is found, and then the next hub's
			if err := w.Recover(t.Context()); err != nil {
				t.Error(err)
			}
		}
		if kept := w.kept(); len(kept) != 1 || !strings.HasPrefix(kept[0], w.instance.keptNames()) {
			t.Errorf("kept are %q, want one of %q", kept, w.instance.keptNames())
		}
	}
	w.removeSite("site")
	if err := w.Recover(t.Context()); err != nil || len(w.kept()) != 0 {
		t.Errorf("%q, %v", w.kept(), err)
	}
}

func TestARunsOwnImageIsPulledWithItsCredentialsAndGoesWithItsFailure(t *testing.T) {
	w := newWorld(t, options{withRegistry: true})
	s := w.site()
	name := s.DockerhubRepo + ":latest"
	k := w.completes(w.define(s, upToPush))
	w.Forget(k.ID())
	if _, err := w.api.ImageRemove(t.Context(), name, forced); err != nil {
		t.Fatal(err)
	}
	w.dropping.Wait() // the image goes
	before := w.look()
	login := Stage{Step: Login{Registry: w.registry.Host, Username: w.registry.User, Password: w.registry.Password}}
	run := Run{Image: name, HostPort: sitePort(t), Command: []string{"sleep", "1000"}}
	w.fails(w.own(Stage{Step: run}), "run", "no basic auth credentials")
	w.fails(w.own(login, Stage{Step: run}, Stage{Step: soon}), "probe")
	w.gone(before)
	k = w.completes(w.own(login, Stage{Step: run}))
	if out := w.events.lines(k.ID(), "run"); !strings.Contains(out, "Pull complete") && !strings.Contains(out, "Downloaded newer image") {
		t.Errorf("the run says:\n%s", out)
	}
	if w.look().Names[name] == "" {
		t.Errorf("%s is gone", name)
	}
	w.remembersNobody()
	for _, c := range w.mine() {
		_ = w.api.ContainerRemove(context.Background(), strings.Fields(c)[1], containertypes.RemoveOptions{Force: true})
	}
	_, _ = w.api.ImageRemove(context.Background(), name, forced)
}

func TestARetryDeploysItsImageUnderItsName(t *testing.T) {
	w := newWorld(t, options{})
	before := w.look()
	name := dockertest.Name("team/site") + ":1"
	run := page("hello", sitePort(t))
	run.Image = ""
	first := sh("first", "test -e there || { touch there; exit 1; }")
	d := w.own(append(builtOf(dockertest.Base, name), first, Stage{Step: run}, Stage{Step: Probe{}}, late)...)
	k := w.fails(d, "first")
	w.same(before)
	k = w.retry(k.ID(), Retry{})
	w.failed(k, "late")
	w.shows(run.HostPort, "hello")
	info, _ := w.Info(k.ID())
	if id := info.Stages[1].Facts["image_id"]; w.look().Names[name] != id {
		t.Errorf("%s stands for %q, want %s", name, w.look().Names[name], id)
	}
	// It is deployed by now, and the name may be another's.
	if err := w.api.ImageTag(t.Context(), dockertest.Base, name); err != nil {
		t.Fatal(err)
	}
	theirs := w.look().Names[name]
	w.events.whenStage("late", "error", func() {
		if now := w.look().Names[name]; now != theirs {
			t.Errorf("%s stands for %q, want %s", name, now, theirs)
		}
	})
	w.failed(w.retry(k.ID(), Retry{}), "late")
	_, _ = w.api.ImageRemove(t.Context(), name, forced)
}
