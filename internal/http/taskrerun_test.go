package http

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hub/internal/broker"
	"hub/internal/docker/dockertest"
	"hub/internal/task"
)

// rerun runs a task again, and is the new one's id.
func (h *testHub) rerun(id string) string {
	h.t.Helper()
	status, a := h.call("POST", "/tasks/"+id+"/rerun", "")
	next, _ := a["task_id"].(string)
	if status != 200 || next == "" || next == id {
		h.t.Fatalf("running %s again: %d %v", id, status, a)
	}
	want := map[string]any{"rerun_of": id, "status": "started", "stream": "/stream/tasks/" + next, "task_id": next}
	if diff := cmp.Diff(want, a); diff != "" {
		h.t.Errorf("running %s again: %s", id, diff)
	}
	return next
}

func TestACommandIsRunAgainWithItsEnvironmentAndItsSecrets(t *testing.T) {
	h := startTaskHub(t, task.Options{}, broker.Options{})
	_, a := h.call("POST", "/tasks/run-stream", `{"cmd":"echo $WORD $KEY; exit 4","env":{"WORD":"hello"},"secrets":{"KEY":"hunter2"},"task_id":"first"}`)
	is(t, "the answer", a, `{"exit_code":"4","status":"completed","task_id":"first"}`)
	next := h.rerun("first")
	h.await(10*time.Second, "it ends", func() bool { return strings.Contains(strings.Join(h.kept("tasks/"+next), "\n"), `"exit_code":4`) })
	want := strings.Join(h.kept("tasks/first"), "\n")
	if got := strings.Join(h.kept("tasks/"+next), "\n"); got != want || !strings.Contains(got, "hello ***") {
		t.Errorf("the second run told\n%s\nthe first\n%s", got, want)
	}
}

func TestWhatCannotBeRunAgainSaysWhy(t *testing.T) {
	h := startTaskHub(t, task.Options{}, broker.Options{})
	status, a := h.call("POST", "/tasks/nosuch/rerun", "")
	is(t, "of an unknown task", []any{status, a["detail"]}, `[404,"cannot run task nosuch again: no such task"]`)
	once, err := h.server.tasks.Start(task.Spec{ID: "once", Type: "upload", Run: func(context.Context, *task.Task) (task.Outcome, error) { return task.Outcome{}, nil }})
	if err != nil {
		t.Fatal(err)
	}
	<-once.Done()
	status, a = h.call("POST", "/tasks/once/rerun", "")
	is(t, "of one bound to its request", []any{status, a["detail"]}, `[409,"cannot run task once again: a task of type upload is bound to its request: it cannot be run again"]`)
}

func TestABuildIsRunAgain(t *testing.T) {
	h := startDockerHub(t)
	tag := h.imageName("hub-again")
	file := "FROM " + dockertest.Image(t) + "\nRUN echo built > /built\n"
	first := h.must("/docker/build/start", map[string]any{"dockerfile_content": file, "tag": tag})["task_id"].(string)
	h.ended(first)
	next := h.rerun(first)
	s := h.ended(next)
	if result, _ := s["result"].(map[string]any); s["status"] != "completed" || result["tag"] != tag || result["steps_completed"] != 2.0 {
		t.Errorf("%v", s)
	}
}

func TestAPullIsRunAgain(t *testing.T) {
	h := startDockerHub(t)
	registry := dockertest.StartRegistry(t)
	local := h.imageName("hub-again")
	h.image(local)
	h.login(registry)
	repo := registry.Host + "/" + dockertest.Name("again")
	h.must("/docker/tag", map[string]any{"source": local, "repo": repo, "tag": "1"})
	h.must("/docker/push", map[string]any{"repo_tag": repo + ":1"})
	a := h.must("/docker/pull", map[string]any{"name": repo, "tag": "1"})
	h.must("/docker/rmi", map[string]any{"id_or_name": repo + ":1"})
	s := h.ended(h.rerun(a["task_id"].(string)))
	if result, _ := s["result"].(map[string]any); s["status"] != "completed" || result["id"] != a["id"] {
		t.Errorf("%v", s)
	}
}

func TestACommandInAContainerIsRunAgain(t *testing.T) {
	h := startDockerHub(t)
	name := h.inside()
	first := h.must("/docker/exec", map[string]any{"id_or_name": name, "cmd": []string{"sh", "-c", "echo x >> /log; cat /log"}, "stream": true})["task_id"].(string)
	h.ended(first)
	next := h.rerun(first)
	h.ended(next)
	_, logs := h.call("GET", "/tasks/logs/"+next, "")
	is(t, "what it wrote", logs["lines"], `["x","x"]`)
}

func TestAPipelineIsRunAgainWithAllItsStages(t *testing.T) {
	h := startDockerHub(t)
	body := `{"stages":[{"kind":"shell","name":"one","cmd":"echo $KEY >> log"},{"kind":"shell","name":"two","cmd":"cat log; exit 1"}],"secrets":{"KEY":"hunter2"}}`
	first := h.must("/pipeline/start", body)["task_id"].(string)
	h.ended(first)
	next := h.rerun(first)
	h.ended(next)
	status, one := h.call("GET", "/pipeline/"+next, "")
	if status != 200 || one["retry_of"] != nil || strings.Contains(h.encoded(one), "reused") {
		t.Errorf("%d %v", status, one)
	}
	_, logs := h.call("GET", "/tasks/logs/"+next, "")
	if said := h.encoded(logs["lines"]); !strings.Contains(said, "***") || strings.Contains(said, "hunter2") || strings.Count(said, "***") != 1 {
		t.Errorf("it wrote %s", said)
	}
	if _, before := h.call("GET", "/pipeline/"+first, ""); before["retried_as"] != nil || before["retry_from"] != "two" {
		t.Errorf("the older one is %v", before)
	}
}
