package http

import (
	"net/url"
	"strings"
	"testing"
	"time"

	containertypes "github.com/docker/docker/api/types/container"

	"hub/internal/docker/dockertest"
	"hub/internal/task"
)

// sleeping starts a build whose last step does not end, and waits until that runs.
func (h *dockerHub) sleeping(mark string) (id string) {
	h.t.Helper()
	file := "FROM " + dockertest.Image(h.t) + "\nRUN echo asleep; sleep 600 # " + mark + "\n"
	id = h.must("/docker/build/start", map[string]any{"dockerfile_content": file})["task_id"].(string)
	f := h.open("ndjson", url.Values{"topic": {"tasks/" + id}, "types": {"line"}})
	for f.want("its step runs").Data.Line != "asleep" {
	}
	f.close()
	return id
}

// marked are the containers that run a step of that build.
func (h *dockerHub) marked(mark string) (n int) {
	h.t.Helper()
	list, err := h.api.ContainerList(h.t.Context(), containertypes.ListOptions{})
	if err != nil {
		h.t.Fatal(err)
	}
	for _, c := range list {
		if strings.Contains(c.Command, mark) {
			n++
		}
	}
	return n
}

func TestACancelledBuildEndsInTheEngineToo(t *testing.T) {
	h := startDockerHub(t)
	mark := dockertest.Name("mark")
	id := h.sleeping(mark)
	h.await(10*time.Second, "the engine lists its step", func() bool { return h.marked(mark) == 1 })
	a := h.must("/tasks/"+id+"/cancel", "{}")
	if a["status"] != "error" || a["outcome"] != "cancelled" {
		t.Errorf("%v", a)
	}
	h.await(10*time.Second, "its step is gone", func() bool { return h.marked(mark) == 0 })
	s := h.ended(id)
	events := s["events"].([]any)
	last := events[len(events)-1].(map[string]any)
	delete(last, "ts")
	is(t, "its last event", last, `{"app_id":null,"error":"cancelled","outcome":"cancelled","stage":"build","status":"error","task":"docker_build","task_id":"`+id+`"}`)
}

func TestWhoWaitsForABuildThatIsCancelledGetsAConflict(t *testing.T) {
	h := startDockerHub(t)
	type answer struct {
		status int
		body   map[string]any
	}
	answered := make(chan answer, 1)
	go func() {
		status, a := h.post("/docker/build-stream", map[string]any{
			"context_path": t.TempDir(), "task_id": "waited-for", "dockerfile_content": "FROM " + dockertest.Image(t) + "\nRUN echo asleep; sleep 600\n",
		})
		answered <- answer{status, a}
	}()
	f := h.open("sse", url.Values{"topic": {"tasks/waited-for"}, "types": {"line"}})
	for f.want("its step runs").Data.Line != "asleep" {
	}
	h.must("/tasks/waited-for/cancel", "{}")
	a := <-answered
	if a.status != 409 {
		t.Errorf("%d", a.status)
	}
	is(t, "the answer", a.body, `{"detail":"the build was cancelled","outcome":"cancelled","task_id":"waited-for"}`)
}

func TestBuildsWaitTheirTurnAndCanBeCancelledThere(t *testing.T) {
	h := startDockerHubWith(t, dockerSetup{Tasks: task.Options{Limits: map[string]int{"docker_build": 1}}})
	running := h.sleeping("the first")
	start := func() map[string]any {
		return h.must("/docker/build/start", map[string]any{"dockerfile_content": "FROM " + dockertest.Image(t) + "\nLABEL app=next\n", "tag": h.imageName("hub-next")})
	}
	second, third := start(), start()
	for position, a := range map[float64]map[string]any{1: second, 2: third} {
		if a["status"] != "started" || a["queued"] != true || a["position"] != position {
			t.Errorf("%v", a)
		}
	}
	id := third["task_id"].(string)
	reader := h.open("ws", url.Values{"topic": {"tasks/" + id}})
	if e := reader.want("its place"); !strings.Contains(e.raw, `"task":"docker_build","status":"queued","position":2`) {
		t.Error(e.raw)
	}
	if _, s := h.call("GET", "/tasks/status/"+id, ""); s["status"] != "running" || s["queued"] != true || s["position"] != 2.0 {
		t.Errorf("%v", s)
	}
	if a := h.must("/tasks/"+second["task_id"].(string)+"/cancel", "{}"); a["outcome"] != "cancelled" || a["started_at"] != nil {
		t.Errorf("%v", a)
	}
	if e := reader.want("its place"); !strings.Contains(e.raw, `"status":"queued","position":1`) {
		t.Error(e.raw)
	}
	h.must("/tasks/"+running+"/cancel", "{}")
	if s := h.ended(id); s["status"] != "completed" {
		t.Errorf("%v", s)
	}
}
