package pipeline

import (
	"testing"

	imagetypes "github.com/docker/docker/api/types/image"
	registrytypes "github.com/docker/docker/api/types/registry"

	"hub/internal/docker/dockertest"
)

// registryAuth is the world's registry's, as the engine takes it.
func (w *world) registryAuth() string {
	auth, err := registrytypes.EncodeAuthConfig(registrytypes.AuthConfig{
		Username: w.registry.User, Password: w.registry.Password, ServerAddress: w.registry.Host,
	})
	if err != nil {
		w.Fatal(err)
	}
	return auth
}

func pushOptions(auth string) imagetypes.PushOptions {
	return imagetypes.PushOptions{RegistryAuth: auth}
}

// late is a stage that fails when all before it have come through.
var late = Stage{Name: "late", Step: Shell{Cmd: "exit 1"}}

func TestANameThatSomebodyHasTakenMeanwhileStaysTheirs(t *testing.T) {
	w := newWorld(t, options{files: map[string]string{"Dockerfile": base + "COPY . /\n"}})
	name := dockertest.Name("team/site") + ":1"
	theirs := dockertest.Build(t, dockertest.Engine(t), base+"LABEL it=theirs\n", dockertest.Name("team/theirs"))
	w.events.whenStage("build", "completed", func() {
		if err := w.api.ImageTag(w.Context(), theirs, name); err != nil {
			w.Error(err)
		}
	})
	w.fails(w.own(Stage{Step: Clone{RepoURL: w.repo.URL}}, Stage{Step: Build{RepoTag: name}}, late), "late")
	if now := w.look().Names[name]; now != theirs {
		t.Errorf("%s stands for %q, want %s", name, now, theirs)
	}
	_, _ = w.api.ImageRemove(t.Context(), theirs, forced)
}

func TestANameThatMovesDuringItsPushIsAnError(t *testing.T) {
	w := newWorld(t, options{withRegistry: true})
	s := w.site()
	theirs := dockertest.Build(t, dockertest.Engine(t), base+"LABEL it=theirs\n", dockertest.Name("team/theirs"))
	w.events.when(func(e event) bool {
		return e.kind == "line" && e.data["line"] == "The push refers to repository ["+s.DockerhubRepo+"]"
	}, func() {
		if err := w.api.ImageTag(w.Context(), theirs, s.DockerhubRepo+":latest"); err != nil {
			w.Error(err)
		}
	})
	k := w.fails(w.define(s, upToPull), "push", s.DockerhubRepo+":latest was given to another image while it was pushed")
	again := w.retry(k.ID(), Retry{})
	w.completed(again)
	_, _ = w.api.ImageRemove(t.Context(), theirs, forced)
}

func TestAnImageThatWasPulledIsThereForTheRetry(t *testing.T) {
	w := newWorld(t, options{withRegistry: true})
	s := w.site()
	name := s.DockerhubRepo + ":latest"
	w.completes(w.define(s, upToPush))
	login := Stage{Step: Login{Registry: w.registry.Host, Username: w.registry.User, Password: w.registry.Password}}
	for _, i := range w.List() { // what was built goes, so that the pull brings it
		w.Forget(i.ID)
	}
	w.until("it is not kept", func() bool { return len(w.look().Kept) == 0 }) // an engine stumbles over two removals at once
	if _, err := w.api.ImageRemove(t.Context(), name, forced); err != nil {
		t.Fatal(err)
	}
	before := w.look()
	k := w.fails(w.own(login, Stage{Step: Pull{RepoTag: name}}, late), "late")
	w.same(before)
	w.keeps(before, 1, 1)
	k = w.retry(k.ID(), Retry{})
	w.failed(k, "late")
	if i, ok := w.Info(k.ID()); !ok || i.RetryFrom != "late" {
		t.Errorf("%+v", i)
	}
	w.keeps(before, 1, 1)
}

func TestABuildThatIsRetriedKeepsOneImage(t *testing.T) {
	w := newWorld(t, options{files: map[string]string{"Dockerfile": base + "COPY . /\n"}})
	before := w.look()
	name := dockertest.Name("team/site") + ":1"
	k := w.fails(w.own(Stage{Step: Clone{RepoURL: w.repo.URL}}, Stage{Step: Build{RepoTag: name}}, late), "late")
	w.same(before)
	again := w.retry(k.ID(), Retry{From: "build"})
	w.failed(again, "late")
	w.same(before)
	w.keeps(before, 1, 1)
	if n := len(w.look().Images) - len(before.Images); n != 1 {
		t.Errorf("%d images more than before", n)
	}
	w.Forget(again.ID())
	w.gone(before)
}

func TestTheNameOfWhatServesStaysWhenALaterStageFails(t *testing.T) {
	w := newWorld(t, options{files: map[string]string{"Dockerfile": base + "COPY . /www\nCMD [\"httpd\", \"-f\", \"-p\", \"80\", \"-h\", \"/www\"]\n", "index.html": "hello"}})
	before := w.look()
	name, port := dockertest.Name("team/site")+":1", freePort(t)
	k := w.fails(w.own(
		Stage{Step: Clone{RepoURL: w.repo.URL}}, Stage{Step: Build{RepoTag: name}},
		Stage{Step: Run{HostPort: port}}, Stage{Step: Probe{}}, late,
	), "late")
	served(t, port, map[string]string{"index.html": "hello"})
	w.Forget(k.ID())
	w.until("what was kept goes", func() bool { return len(w.look().Kept) == len(before.Kept) })
	if id := w.events.stage(k.ID(), "build", "completed")["image_id"]; w.look().Names[name] != id {
		t.Errorf("%s stands for %q", name, w.look().Names[name])
	}
}
