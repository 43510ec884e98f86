package docker

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"hub/internal/docker/dockertest"
)

func TestAContainersLife(t *testing.T) {
	t.Parallel()
	r := newRunner(t, Options{})
	c := r.run(RunSpec{Command: []string{"sh", "-c", "trap : HUP; while :; do sleep 1; done"}})
	e, ctx, now := r.e, t.Context(), 0*time.Second
	one := func(call func(context.Context, string) (Container, error)) func() (Container, error) {
		return func() (Container, error) { return call(ctx, c.Name) }
	}
	for _, step := range []struct {
		what string
		do   func() (Container, error)
		want string // the status, or
		kind error
	}{
		{"start what runs", one(e.Start), "running", nil},
		{"unpause what is not paused", one(e.Unpause), "", ErrConflict},
		{"pause", one(e.Pause), "paused", nil},
		{"pause what is paused", one(e.Pause), "", ErrConflict},
		{"remove what is paused", func() (Container, error) { return e.Remove(ctx, c.Name, false, false) }, "", ErrConflict},
		{"unpause", one(e.Unpause), "running", nil},
		{"a signal that it takes", func() (Container, error) { return e.Kill(ctx, c.ID, "SIGHUP") }, "running", nil},
		{"a signal that is none", func() (Container, error) { return e.Kill(ctx, c.ID, "SIGNOTHING") }, "", ErrInvalid},
		{"a signal that is a path", func() (Container, error) { return e.Kill(ctx, c.ID, "9&x=1") }, "", ErrInvalid},
		{"restart", func() (Container, error) { return e.Restart(ctx, c.ID[:12], &now) }, "running", nil},
		{"remove what runs", func() (Container, error) { return e.Remove(ctx, c.Name, false, false) }, "", ErrConflict},
		{"stop", func() (Container, error) { return e.Stop(ctx, c.Name, &now) }, "exited", nil},
		{"stop what has ended", func() (Container, error) { return e.Stop(ctx, c.Name, nil) }, "exited", nil},
		{"pause what has ended", one(e.Pause), "", ErrConflict},
		{"kill what has ended", func() (Container, error) { return e.Kill(ctx, c.Name, "") }, "", ErrConflict},
		{"start", one(e.Start), "running", nil},
		{"kill", func() (Container, error) { return e.Kill(ctx, c.Name, "") }, "", nil},
		{"remove", func() (Container, error) { return e.Remove(ctx, c.Name, true, true) }, "", nil},
		{"remove again", func() (Container, error) { return e.Remove(ctx, c.Name, true, true) }, "", ErrNotFound},
		{"start what is gone", one(e.Start), "", ErrNotFound},
	} {
		got, err := step.do()
		switch field := ""; {
		case step.kind == ErrInvalid:
			isError(t, step.what, err, step.kind, "signal")
		case step.kind != nil:
			isError(t, step.what, err, step.kind, field)
		case err != nil || got.ID != c.ID || got.Name != c.Name || step.want != "" && got.Status != step.want:
			t.Errorf("%s: %+v, %v, want it %s", step.what, got, err, step.want)
		}
	}
	if r.exists(c.ID) {
		t.Error("it is still there")
	}
}

func TestAnUpdateChangesWhatItNamesAlone(t *testing.T) {
	t.Parallel()
	r := newRunner(t, Options{})
	c := r.run(RunSpec{Limits: Limits{Memory: "64m", MemorySwap: "64m", CPUShares: 100}})
	pids := int64(50)
	if _, err := r.e.Update(t.Context(), c.Name, Limits{Memory: "128m", MemorySwap: "256m", PIDs: &pids}, "unless-stopped"); err != nil {
		t.Fatal(err)
	}
	x := r.seen(c.ID).HostConfig
	if x.Memory != 128<<20 || x.MemorySwap != 256<<20 || x.CPUShares != 100 || *x.PidsLimit != 50 || x.RestartPolicy.Name != "unless-stopped" {
		t.Errorf("%+v, %+v", x.Resources, x.RestartPolicy)
	}
	_, err := r.e.Update(t.Context(), c.Name, Limits{Memory: "512m"}, "")
	isError(t, "memory over memory and swap", err, ErrInvalid, "mem_limit")
	_, err = r.e.Update(t.Context(), c.Name, Limits{}, "")
	isError(t, "nothing", err, ErrBadInput, "")
	_, err = r.e.Update(t.Context(), c.Name, Limits{CPUs: "x"}, "")
	isError(t, "a bad limit", err, ErrInvalid, "cpuset_cpus")
}

// No name of a client's is part of an address of the engine, unless the engine
// itself could have given it.
func TestANameIsNeverAPath(t *testing.T) {
	var mu sync.Mutex
	var asked []string
	fakeEngine(t, func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		if asked = append(asked, r.URL.RequestURI()); strings.HasSuffix(r.URL.Path, "/_ping") {
			w.Header().Set("Api-Version", "1.41")
			return
		}
		http.Error(w, `{"message":"no such container"}`, http.StatusNotFound)
	})
	e, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	ctx := t.Context()
	for _, name := range []string{"../images/json?x", "..", "a/b", "a?b", "a#b", "%2e%2e", "a%2fb", "-f", ".x", "a b", "a\nb", "a\x00b", "é", "/web", "--privileged", " "} {
		for what, call := range map[string]func() error{
			"start":   func() error { _, err := e.Start(ctx, name); return err },
			"stop":    func() error { _, err := e.Stop(ctx, name, nil); return err },
			"remove":  func() error { _, err := e.Remove(ctx, name, true, true); return err },
			"kill":    func() error { _, err := e.Kill(ctx, name, ""); return err },
			"update":  func() error { _, err := e.Update(ctx, name, Limits{Memory: "64m"}, ""); return err },
			"inspect": func() error { _, err := e.Inspect(ctx, name); return err },
			"stats":   func() error { _, _, err := e.Stats(ctx, name); return err },
			"top":     func() error { _, _, err := e.Top(ctx, name); return err },
			"wait":    func() error { _, err := e.Wait(ctx, name); return err },
		} {
			isError(t, what+" "+name, call(), ErrNotFound, "")
		}
	}
	_, err = e.Start(ctx, "")
	isError(t, "no name", err, ErrInvalid, "id_or_name")
	mu.Lock()
	if len(asked) > 0 {
		t.Errorf("the engine was asked %q", asked)
	}
	mu.Unlock()
	_, err = e.Start(ctx, "web-1.x_Y")
	isError(t, "one that may be", err, ErrNotFound, "")
	mu.Lock()
	defer mu.Unlock()
	if !slices.Contains(asked, "/v1.41/containers/web-1.x_Y/json") {
		t.Errorf("the engine was asked %q", asked)
	}
}

func TestTheListTellsOfEveryContainerOnce(t *testing.T) {
	t.Parallel()
	r := newRunner(t, Options{})
	up := r.run(RunSpec{Labels: map[string]string{"k": "v"}, Ports: Ports{"80": {{"127.0.0.1", 0}}}})
	ended := r.run(RunSpec{Command: []string{"true"}})
	if _, err := r.e.Wait(t.Context(), ended.ID); err != nil {
		t.Fatal(err)
	}
	find := func(all bool, id string) []Container {
		list, err := r.e.Containers(t.Context(), all)
		if err != nil {
			t.Fatal(err)
		}
		return slices.DeleteFunc(list, func(c Container) bool { return c.ID != id })
	}
	if got := find(false, ended.ID); len(got) > 0 {
		t.Errorf("one that has ended is among those that run: %+v", got)
	}
	if got := find(true, ended.ID); len(got) != 1 || got[0].Status != "exited" || !strings.HasPrefix(got[0].State, "Exited (0)") {
		t.Errorf("%+v", got)
	}
	got := find(false, up.ID)
	if len(got) != 1 {
		t.Fatalf("%+v", got)
	}
	c := got[0]
	if c.Name != up.Name || c.Status != "running" || !slices.Contains(c.Image, r.image) || c.Labels["k"] != "v" || c.ImageID != up.ImageID ||
		c.Ports["80/tcp"][0] != up.Ports["80/tcp"][0] || !slices.Equal(c.Networks, []string{"bridge"}) || time.Since(c.Created) > time.Hour {
		t.Errorf("%+v", c)
	}
}

func TestTheTagsOfAContainerAreThoseOfItsImageNow(t *testing.T) {
	t.Parallel()
	r := newRunner(t, Options{})
	c := r.run(RunSpec{})
	tag := dockertest.Name("hub-test/other") + ":one"
	if err := r.e.api().ImageTag(t.Context(), r.image, tag); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = r.e.api().ImageRemove(context.Background(), tag, removeOptions) })
	list, err := r.e.Containers(t.Context(), false)
	i := slices.IndexFunc(list, func(one Container) bool { return one.ID == c.ID })
	if err != nil || i < 0 || !slices.Contains(list[i].Image, tag) || !slices.Contains(list[i].Image, r.image) {
		t.Errorf("%+v, %v", list, err)
	}
	all, err := r.e.Inspect(t.Context(), c.ID)
	if err != nil || !slices.Contains(all.Image, tag) {
		t.Errorf("%+v, %v", all.Image, err)
	}
}
