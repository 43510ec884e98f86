package pipeline

import (
	"strings"
	"testing"

	"hub/internal/docker"
	"hub/internal/docker/dockertest"
)

// pushes is a definition that ends with a push, with these credentials for it.
func (w *world) pushes(username, password string) Definition {
	s := w.site()
	s.Username, s.Password = username, password
	return w.define(s, upToPush)
}

func TestTheRunsOwnCredentialsGoOverThoseOfTheHub(t *testing.T) {
	t.Parallel()
	w := newWorld(t, options{withRegistry: true, Options: Options{Username: "somebody", Password: "else entirely"}})
	k := w.completes(w.pushes(w.registry.User, w.registry.Password))
	holds(t, w.events.stage(k.ID(), "login", "completed"), `{"username":"builder"}`)
	w.remembersNobody()
	w.failed(w.start(w.pushes("", "")), "login", "cannot log in to "+w.registry.Host)
	w.remembersNobody()
}

func TestTheHubsConfigurationHasCredentialsForThoseWhoBringNone(t *testing.T) {
	t.Parallel()
	r := dockertest.StartRegistry(t)
	w := newWorld(t, options{Options: Options{Username: r.User, Password: r.Password}})
	w.registry = r
	k := w.completes(w.pushes("", ""))
	holds(t, w.events.stage(k.ID(), "login", "completed"), `{"username":"builder"}`)
	w.remembersNobody()
}

func TestWhatTheHubIsLoggedInWithServesThoseWhoBringNone(t *testing.T) {
	t.Parallel()
	w := newWorld(t, options{withRegistry: true})
	if _, err := w.engine.Login(t.Context(), docker.Login{Registry: w.registry.Host, Username: w.registry.User, Password: w.registry.Password}); err != nil {
		t.Fatal(err)
	}
	k := w.completes(w.pushes("", ""))
	holds(t, w.events.stage(k.ID(), "login", "completed"), `{"username":"builder","detail":"the hub is logged in already"}`)
}

func TestALoginThatFailsSaysWhatToDo(t *testing.T) {
	w := newWorld(t, options{withRegistry: true})
	before := w.look()
	logsIn := func(username, password string) Definition {
		return w.own(Stage{Step: Login{Registry: w.registry.Host, Username: username, Password: password}}, late)
	}
	for _, one := range []struct {
		username, password string
		words              []string
	}{
		{"", "", []string{"there are no credentials for " + w.registry.Host, "give a username and a password", "DOCKERHUB_USERNAME", "POST /docker/login"}},
		{"builder", "wrong horse", []string{"cannot log in to " + w.registry.Host}},
		{"nobody", "correct horse", []string{"cannot log in to " + w.registry.Host}},
	} {
		k := w.fails(logsIn(one.username, one.password), "login", one.words...)
		if text := w.events.text(k.ID()); strings.Contains(text, " horse") {
			t.Error(text)
		}
		w.gone(before)
		w.remembersNobody()
	}
	w.registry.Stop()
	w.fails(logsIn("builder", "correct horse"), "login", "cannot log in to "+w.registry.Host, "connection refused")
}

func TestCredentialsAreKeptForARetryAndForNobodyElse(t *testing.T) {
	t.Parallel()
	w := newWorld(t, options{withRegistry: true})
	d := w.pushes(w.registry.User, w.registry.Password)
	d.Stages = append(d.Stages, Stage{Name: "late", Step: Shell{Cmd: "exit 1"}})
	k := w.fails(d, "late")
	w.remembersNobody()
	again := w.retry(k.ID(), Retry{From: "push"})
	w.failed(again, "late")
	if digest := w.events.stage(again.ID(), "push", "completed")["digest"]; digest == nil || digest != w.events.stage(k.ID(), "push", "completed")["digest"] {
		t.Errorf("%v", digest)
	}
	w.remembersNobody()
	d = w.pushes("", "")
	d.Stages = append(d.Stages[:2], d.Stages[3]) // no login
	w.fails(d, "push", "no basic auth credentials")
}

// remembersNobody checks that the engine's adapter has no credentials for the world's registry.
func (w *world) remembersNobody() {
	w.Helper()
	if who, known, err := w.engine.KnowsRegistry(w.registry.Host); err != nil || known {
		w.Errorf("the hub is logged in as %q, %v", who, err)
	}
}

func TestALoginAloneIsKeptForARetryToo(t *testing.T) {
	t.Parallel()
	w := newWorld(t, options{withRegistry: true})
	k := w.fails(w.own(
		Stage{Step: Login{Registry: w.registry.Host, Username: w.registry.User, Password: w.registry.Password}},
		Stage{Step: Pull{RepoTag: w.registry.Host + "/nosuch:1"}},
	), "pull", "cannot pull "+w.registry.Host+"/nosuch:1")
	again := w.retry(k.ID(), Retry{})
	w.failed(again, "pull", "manifest unknown")
	if s := w.events.stages(again.ID()); s[0] != "login reused" {
		t.Errorf("%q", s)
	}
}

func TestALoginServesTheBaseImagesOfABuild(t *testing.T) {
	w := newWorld(t, options{withRegistry: true})
	s := w.site()
	name := s.DockerhubRepo + ":latest"
	k := w.completes(w.define(s, upToPush))
	w.Forget(k.ID())
	if _, err := w.api.ImageRemove(t.Context(), name, forced); err != nil {
		t.Fatal(err)
	}
	w.until("the image goes", func() bool { return len(w.look().Kept) == 0 })
	w.repo.Commit(map[string]string{"derived": "FROM " + name + "\nCOPY index.html /\n"})
	clone, build := Stage{Step: Clone{RepoURL: w.repo.URL}}, Stage{Step: Build{Dockerfile: "derived"}}
	w.fails(w.own(clone, build), "build", "no basic auth credentials")
	w.completes(w.own(clone, Stage{Step: Login{Registry: w.registry.Host, Username: w.registry.User, Password: w.registry.Password}}, build))
	w.remembersNobody()
}
