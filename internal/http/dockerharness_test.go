package http

import (
	"context"
	"encoding/json"
	"log/slog"
	"testing"
	"time"

	containertypes "github.com/docker/docker/api/types/container"
	"github.com/docker/docker/client"

	"hub/internal/broker"
	"hub/internal/docker"
	"hub/internal/docker/dockertest"
	"hub/internal/pipeline"
	"hub/internal/task"
)

// dockerSetup is what a dockerHub is made of; the zero value is the engine of all
// tests, and what the hub allows by itself.
type dockerSetup struct {
	Host   string // DOCKER_HOST; "" is the shared engine
	Docker docker.Options
	Tasks  task.Options
	Log    *slog.Logger // nil: must stay free of errors
}

// dockerHub is a testHub with tasks and a real engine.
type dockerHub struct {
	*testHub
	engine *docker.Engine // as the hub has it
	api    *client.Client // the SDK's, to look at what the hub did
	host   string
}

// startDockerHub serves until the test ends, with the shared engine.
func startDockerHub(t testing.TB) *dockerHub {
	t.Helper()
	return startDockerHubWith(t, dockerSetup{})
}

func startDockerHubWith(t testing.TB, o dockerSetup) *dockerHub {
	t.Helper()
	if o.Host == "" {
		o.Host = dockertest.Engine(t)
	}
	history := broker.Options{Rules: []broker.Rule{
		{Pattern: "tasks/*", Policy: broker.Policy{MaxEvents: 100_000, MaxBytes: 64 << 20}},
		{Pattern: "containers/*/logs", Policy: broker.Policy{MaxEvents: 100_000, MaxBytes: 64 << 20, Start: broker.Tail(100)}},
		{Pattern: "containers/*/stats", Policy: broker.Policy{Latest: true, MaxEvents: 600, Start: broker.Tail(1)}},
		{Pattern: "docker/events", Policy: broker.Policy{Start: broker.Now}},
	}}
	b := broker.New(history)
	o.Tasks.Publisher = b
	if o.Tasks.Limits == nil {
		o.Tasks.Limits = map[string]int{"docker_build": 2}
	}
	tasks := task.New(o.Tasks)
	engine := newEngine(t, o.Host, o.Docker)
	runner := newRunner(t, pipeline.Options{Tasks: tasks, Engine: engine, Log: o.Log})
	h := startHub(t, Options{Broker: b, Tasks: tasks, Docker: engine, Pipelines: runner, AllowTasks: true, Log: o.Log, Mask: o.Tasks.Mask}, history)
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		if err := tasks.Close(ctx); err != nil {
			t.Error(err)
		}
	})
	return &dockerHub{h, engine, dockertest.Client(t, o.Host), o.Host}
}

// newEngine is the engine at host.
func newEngine(t testing.TB, host string, o docker.Options) *docker.Engine {
	t.Helper()
	o.Host = host
	engine, err := docker.New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { engine.Close() })
	return engine
}

// newRunner is what runs pipelines, until the test ends.
func newRunner(t testing.TB, o pipeline.Options) *pipeline.Runner {
	t.Helper()
	o.Folder = t.TempDir()
	runner, err := pipeline.New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := runner.Close(); err != nil {
			t.Error(err)
		}
	})
	return runner
}

// post sends a body, a value that becomes JSON or JSON as a string, and decodes
// the object that it is answered with.
func (h *dockerHub) post(path string, body any, heads ...string) (status int, answer map[string]any) {
	h.t.Helper()
	return h.call("POST", path, h.encoded(body), heads...)
}

// must is post where nothing but a 200 is right.
func (h *dockerHub) must(path string, body any) map[string]any {
	h.t.Helper()
	status, answer := h.post(path, body)
	if status != 200 {
		h.t.Fatalf("POST %s %s: %d %v", path, h.encoded(body), status, answer)
	}
	return answer
}

// list is a GET that is answered with a list.
func (h *dockerHub) list(path string) (list []map[string]any) {
	h.t.Helper()
	answer, text := h.raw("GET", path, "")
	if err := json.Unmarshal([]byte(text), &list); err != nil || answer.StatusCode != 200 {
		h.t.Fatalf("GET %s: %d %s: %v", path, answer.StatusCode, text, err)
	}
	return list
}

func (h *dockerHub) encoded(body any) string {
	h.t.Helper()
	if text, ok := body.(string); ok {
		return text
	}
	text, err := json.Marshal(body)
	if err != nil {
		h.t.Fatal(err)
	}
	return string(text)
}

// container makes a container of an image that does not run; it is gone after the test.
func (h *dockerHub) container(image, name string) (id string) {
	h.t.Helper()
	made, err := h.api.ContainerCreate(h.t.Context(), &containertypes.Config{Image: image}, nil, nil, nil, name)
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(func() {
		_ = h.api.ContainerRemove(context.Background(), made.ID, containertypes.RemoveOptions{Force: true})
	})
	return made.ID
}
