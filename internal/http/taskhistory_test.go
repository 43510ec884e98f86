package http

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"hub/internal/broker"
	"hub/internal/task"
)

func TestUnknownTasksAreAnsweredAsTheOlderServiceDid(t *testing.T) {
	h := startTaskHub(t, task.Options{}, broker.Options{})
	for target, want := range map[string]string{
		"/tasks/status/nobody": `{"error":"not_found"}`,
		"/tasks/logs/nobody":   `{"task_id":"nobody","status":null,"lines":[]}`,
	} {
		if r, text := h.raw("GET", target, ""); r.StatusCode != 200 || text != want {
			t.Errorf("%s: %d %s", target, r.StatusCode, text)
		}
	}
	for _, target := range []string{"/tasks/status/x?limit=a", "/tasks/logs/x?tail=-1", "/tasks/logs/x?tail=1.5"} {
		if status, a := h.call("GET", target, ""); status != 422 {
			t.Errorf("%s: %d %v", target, status, a)
		}
	}
}

func TestStatusHasTheFieldsOfTheOlderService(t *testing.T) {
	h := startTaskHub(t, task.Options{}, broker.Options{})
	h.call("POST", "/tasks/run-stream", `{"cmd":"echo a; exit 4","task_id":"s"}`)
	_, a := h.call("GET", "/tasks/status/s", "")
	created, updated := a["created_at"].(float64), a["updated_at"].(float64)
	if created <= 1.7e9 || updated < created || updated > created+60 {
		t.Errorf("created_at %v, updated_at %v", created, updated)
	}
	for _, e := range a["events"].([]any) {
		if ts := e.(map[string]any)["ts"].(float64); ts < created-1 || ts > updated+1 {
			t.Errorf("ts is %v", ts)
		}
		delete(e.(map[string]any), "ts")
	}
	is(t, "the events", a["events"], `[{"cmd":"echo a; exit 4","line":"a","task":"generic_task","task_id":"s"},{"cmd":"echo a; exit 4","exit_code":4,"status":"completed","task":"generic_task","task_id":"s"}]`)
	delete(a, "created_at")
	delete(a, "updated_at")
	delete(a, "events")
	is(t, "the rest", a, `{"result":{"exit_code":4},"status":"completed","task_type":"generic_task"}`)
}

// stages is a task that says its stages, and lines between them, far more than its topic keeps.
func stages(t *testing.T, h *testHub, id string, lines int) {
	t.Helper()
	one, err := h.server.tasks.Start(task.Spec{ID: id, Type: "html_site_pipeline", Run: func(_ context.Context, k *task.Task) (task.Outcome, error) {
		for _, stage := range []string{"clone", "build", "push"} {
			_ = k.Publish("stage", fmt.Appendf(nil, `{"stage":%q,"status":"starting"}`, stage))
			for i := range lines {
				_ = k.Publish("line", fmt.Appendf(nil, `{"stream":"stdout","line":"%s %d"}`, stage, i))
			}
			_ = k.Publish("stage", fmt.Appendf(nil, `{"stage":%q,"status":"completed"}`, stage))
		}
		return task.Outcome{}, nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	<-one.Done()
}

func TestALongLogCannotPushOutTheFirstTheStagesAndTheLast(t *testing.T) {
	h := startTaskHub(t, task.Options{}, broker.Options{Default: broker.Policy{MaxEvents: 100}})
	stages(t, h, "long", 5000)
	for _, limit := range []string{"", "?limit=10", "?limit=0"} {
		_, a := h.call("GET", "/tasks/status/long"+limit, "")
		var told []string
		lines := 0
		for _, e := range a["events"].([]any) {
			o := e.(map[string]any)
			if o["status"] == "stream" {
				lines++
				continue
			}
			told = append(told, fmt.Sprint(o["stage"], " ", o["status"]))
		}
		want := "clone starting, clone completed, build starting, build completed, push starting, push completed"
		if got := strings.Join(told, ", "); got != want {
			t.Errorf("%s: %s", limit, got)
		}
		if most := map[string]int{"": 100, "?limit=10": 10, "?limit=0": 0}[limit]; lines > most || most == 100 && lines < 90 {
			t.Errorf("%s: %d lines", limit, lines)
		}
	}
}

func TestLogsAreTheLastLinesEachWholeThoughTheyCameInParts(t *testing.T) {
	h := startTaskHub(t, task.Options{}, broker.Options{Default: broker.Policy{MaxBytes: 64 << 20}})
	long := strings.Repeat("x", 500<<10) // nine parts
	h.call("POST", "/tasks/run-stream", `{"cmd":"for i in $(seq 30); do head -c 512000 /dev/zero | tr '\\0' x; echo; done","task_id":"parts"}`)
	_, text := h.raw("GET", "/tasks/logs/parts?tail=20", "")
	var a struct{ Lines []string }
	if err := json.Unmarshal([]byte(text), &a); err != nil {
		t.Fatal(err)
	}
	if len(a.Lines) != 20 {
		t.Errorf("%d lines", len(a.Lines))
	}
	for i, line := range a.Lines {
		if line != long {
			t.Errorf("line %d has %d bytes", i, len(line))
		}
	}
}
