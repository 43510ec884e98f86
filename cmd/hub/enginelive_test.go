package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	containertypes "github.com/docker/docker/api/types/container"
	"github.com/google/go-cmp/cmp"

	"hub/internal/docker/dockertest"
)

// watchers read a topic over every transport at once.
type watchers struct {
	h       *running
	topic   string
	all     sync.WaitGroup
	reading map[string]*reading
	text    bytes.Buffer // of curl -N
}

type reading struct {
	ids   []string
	lines []string
}

// watch begins before the topic exists. more says whether a reader wants more after an event; the end of a topic ends it anyway.
func (h *running) watch(topic string, more func(event) bool) *watchers {
	w := &watchers{h: h, topic: topic, reading: map[string]*reading{}}
	for _, transport := range []string{"sse", "ws", "page", "ndjson"} {
		r := &reading{}
		w.reading[transport] = r
		w.all.Go(func() {
			_, err := h.follow(transport, topic, "", func(e event) bool {
				r.ids = append(r.ids, e.ID)
				if e.Type == "line" {
					r.lines = append(r.lines, e.Data.Line)
				}
				return more(e)
			})
			if err != nil {
				h.t.Error(err)
			}
		})
	}
	return w
}

// curl reads the topic as text until it has shown last.
func (w *watchers) curl(last string) {
	ctx, stop := context.WithCancel(w.h.t.Context())
	cmd := exec.CommandContext(ctx, "curl", "-sN", w.h.url+"/stream/"+w.topic)
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		w.h.t.Fatal(err)
	}
	w.all.Go(func() {
		defer func() { stop(); _ = cmd.Wait() }()
		for b := make([]byte, 4096); err == nil && !strings.Contains(w.text.String(), last); {
			var n int
			n, err = out.Read(b)
			w.text.Write(b[:n])
		}
	})
}

// same waits for all and fails the test unless they have read the same events, and these lines among them.
func (w *watchers) same(t *testing.T, want ...string) {
	t.Helper()
	w.all.Wait()
	first := w.reading["sse"]
	for transport, r := range w.reading {
		if d := cmp.Diff(first.ids, r.ids); d != "" {
			t.Errorf("%s by %s is not what it is by sse: %s", w.topic, transport, d)
		}
		if d := cmp.Diff(first.lines, r.lines); d != "" {
			t.Errorf("%s by %s has other lines than by sse: %s", w.topic, transport, d)
		}
	}
	said := strings.Join(first.lines, "\n")
	for _, line := range want {
		if !strings.Contains(said, line) {
			t.Errorf("%s has no line %q:\n%s", w.topic, line, said)
		}
	}
	for _, line := range first.lines {
		if !strings.Contains(w.text.String(), line+"\n") {
			t.Errorf("%s by curl -N has no line %q:\n%s", w.topic, line, w.text.String())
		}
	}
}

func untilItEnds(event) bool { return true }

func TestABuildAPushAndALogAreLiveOnAllTransportsWithTheSameLines(t *testing.T) {
	t.Setenv("DOCKER_HOST", dockertest.Engine(t))
	t.Setenv("DOCKER_CONFIG", t.TempDir())
	h := startProgram(t)
	registry := dockertest.StartRegistry(t)
	image, name := registry.Host+"/"+dockertest.Name("live")+":1", dockertest.Name("live")
	folder := t.TempDir()
	dockerfile := "FROM " + dockertest.Image(t) + "\nRUN for i in 1 2 3 4 5 6 7 8 9 10; do echo tick $i; sleep 0.1; done\nCMD for i in $(seq 1 200); do echo out $i; done; exec sleep 300\n"
	if err := os.WriteFile(filepath.Join(folder, "Dockerfile"), []byte(dockerfile), 0o600); err != nil {
		t.Fatal(err)
	}

	build := h.watch("tasks/live-build", untilItEnds)
	build.curl("--- end")
	h.post(t, "/docker/build-stream", fmt.Sprintf(`{"context_path":%q,"tag":%q,"task_id":"live-build"}`, folder, image), `{"status":"ok"}`)
	build.same(t, "Step 1/3 : FROM", "tick 1", "tick 10", "Successfully tagged "+image)

	h.post(t, "/docker/login", fmt.Sprintf(`{"username":%q,"password":%q,"registry":%q}`, registry.User, registry.Password, registry.Host), `{"status":"ok"}`)
	push := h.watch("tasks/live-push", untilItEnds)
	push.curl("--- end")
	h.post(t, "/docker/push", fmt.Sprintf(`{"repo_tag":%q,"task_id":"live-push"}`, image), `{"status":"ok"}`)
	push.same(t, "Pushed", "digest: sha256:")

	api := dockertest.Client(t, os.Getenv("DOCKER_HOST"))
	t.Cleanup(func() {
		_ = api.ContainerRemove(context.Background(), name, containertypes.RemoveOptions{Force: true})
	})
	log := h.watch("containers/"+name+"/logs", func(e event) bool { return e.Data.Line != "out 200" })
	log.curl("out 200\n")
	h.post(t, "/docker/run", fmt.Sprintf(`{"image":%q,"name":%q}`, image, name), `{"status":"running"}`)
	var lines []string
	for i := range 200 {
		lines = append(lines, fmt.Sprintf("out %d", i+1))
	}
	log.same(t, strings.Join(lines, "\n"))
	if strings.Contains(build.text.String()+push.text.String(), "Pushing") {
		t.Errorf("the text has bare words of progress:\n%s", push.text.String())
	}
}
