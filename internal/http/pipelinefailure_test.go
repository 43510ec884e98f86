package http

import (
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"hub/internal/task"
)

func TestADeployThatFailedIsRetriedFromWhereItDid(t *testing.T) {
	h := startSiteHub(t)
	h.registry.Stop()
	status, a := h.post("/pipeline/html-site", h.body("task_id", "first", "dockerhub_username", nil, "dockerhub_password", nil))
	if status != 401 || a["stage"] != "login" {
		t.Fatalf("without credentials: %d %v", status, a)
	}
	status, a = h.post("/pipeline/html-site", h.body("task_id", "first"))
	if detail, _ := a["detail"].(string); status != 502 || a["stage"] != "login" || a["task_id"] != "first" || a["outcome"] != "error" || !strings.Contains(detail, h.registry.Host) {
		t.Fatalf("without a registry: %d %v", status, a)
	}
	one := h.listedAs("first", `"status":"skipped"`, `"retry_from":"login"`, `"kept_until":`)
	clone := one["stages"].([]any)[0].(map[string]any)
	if facts := clone["facts"].(map[string]any); facts["commit"] != h.repo.Head() || clone["started_at"].(float64) < 1e9 {
		t.Errorf("the clone was %v", clone)
	}
	for _, c := range []struct {
		task, body string
		status     int
		says       string
	}{
		{"none", "", 404, "GET /pipeline lists them"},
		{"first", `{"from":"pusch"}`, 422, `"loc":["body","from"]`},
		{"first", `{"from":5}`, 422, `"loc":["body","from"]`},
		{"first", `{"task_id":"a/b"}`, 422, `"loc":["body","task_id"]`},
	} {
		if r, text := h.raw("POST", "/pipeline/"+c.task+"/retry", c.body); r.StatusCode != c.status || !strings.Contains(text, c.says) {
			t.Errorf("%s %s: %d %s, want %d with %s", c.task, c.body, r.StatusCode, text, c.status, c.says)
		}
	}
	h.registry.Start()
	clones := h.git.Requests()
	_, a = h.call("POST", "/pipeline/first/retry", "")
	id, _ := a["task_id"].(string)
	is(t, "the retry", a, `{"from":"login","retry_of":"first","reused":["clone","build"],"status":"started","stream":"/stream/tasks/`+id+`","task_id":"`+id+`"}`)
	s := h.ended(id)
	if s["status"] != "completed" || h.served() != "one" || h.git.Requests() != clones {
		t.Fatalf("%v, the site is %q", s, h.served())
	}
	for i, e := range h.stageEvents(s, id)[:3] {
		if reused := e["reused"] == true && e["status"] == "completed"; reused != (i < 2) {
			t.Errorf("event %d is %v", i, e)
		}
	}
	h.listedAs(id, `"retry_of":"first"`, `"reused":true`)
	if status, a := h.post("/pipeline/first/retry", `{}`); status != 409 || !strings.Contains(a["detail"].(string), id) {
		t.Errorf("a second retry: %d %v", status, a)
	}
	if _, text := h.get("/stream/tasks/" + id); !strings.Contains(text, "\nstage build: completed before, not run again, ") {
		t.Errorf("%s", text)
	}
	if _, list := h.call("GET", "/pipeline?status=error", ""); list["total"] != 1.0 || !strings.Contains(h.encoded(list), `"retried_as":"`+id+`"`) {
		t.Errorf("those that failed: %v", list)
	}
	if _, list := h.call("GET", "/pipeline?limit=1", ""); list["total"] != 2.0 || len(list["pipelines"].([]any)) != 1 {
		t.Errorf("one of two: %v", list)
	}
}

func TestAFailedDeployIsAnsweredWithTheStatusOfItsCause(t *testing.T) {
	h := startSiteHub(t)
	held, err := net.Listen("tcp", ":0")
	if err != nil {
		t.Fatal(err)
	}
	defer held.Close()
	taken := held.Addr().(*net.TCPAddr).Port
	h.repo.Commit(map[string]string{"Dockerfile": "FROM hub-test/busybox:latest\nRUN echo nearly && exit 3\n"})
	for _, c := range []struct {
		other  []any
		status int
		stage  string
		says   string
	}{
		{[]any{"repo_url", h.git.URL + "/team/none.git"}, 404, "clone", "none"},
		{[]any{"repo_url", "http://127.0.0.1:1/site.git"}, 502, "clone", "127.0.0.1:1"},
		{[]any{"ref", "nowhere"}, 404, "clone", "nowhere"},
		{[]any{"dockerfile", "Dockerfile"}, 422, "build", "returned a non-zero code: 3"},
		{[]any{"dockerfile", "Other"}, 400, "build", "Other"},
		{[]any{"dockerhub_password", "wrong"}, 401, "login", h.registry.Host},
		{[]any{"host_port", taken}, 409, "run", fmt.Sprint("port ", taken)},
	} {
		status, a := h.post("/pipeline/html-site", h.body(c.other...))
		if detail, _ := a["detail"].(string); status != c.status || a["stage"] != c.stage || !strings.Contains(detail, c.says) {
			t.Errorf("%v: %d %v, want %d in %s with %s", c.other, status, a, c.status, c.stage, c.says)
		}
	}
	events, _, _ := h.live("/pipeline/html-site", "application/x-ndjson", h.body("repo_url", h.git.URL+"/team/none.git"))
	if n := len(events); events[n-2].Type != "stage" || events[n-2].Data.Status != "error" || events[n-1].Type != "end" || events[n-1].Data.Status != "error" {
		t.Errorf("who follows one that fails gets %v", events)
	}
	// Who does not wait gets an id all the same, and the error by it.
	a := h.must("/pipeline/html-site/start", h.body("host_port", taken))
	id := a["task_id"].(string)
	s := h.ended(id)
	if events := h.stageEvents(s, id); len(events) != 2 || events[1]["stage"] != "run" || events[1]["error"] != s["error"] {
		t.Errorf("%v", events)
	}
}

func TestALiveStreamOfADeployIsNotOpenedWhereThereAreTooMany(t *testing.T) {
	h := startDockerHub(t)
	h.server.streams.most = 1
	h.open("sse", map[string][]string{"topic": {"x"}})
	h.await(5*time.Second, "the stream is open", func() bool { return h.server.streams.full() })
	r, text := h.raw("POST", "/pipeline/html-site", `{"dockerhub_repo":"team/site"}`, "Accept: text/event-stream")
	if r.StatusCode != 503 || r.Header.Get("Retry-After") == "" || len(h.server.tasks.List(task.Filter{})) > 0 {
		t.Errorf("%d %s", r.StatusCode, text)
	}
}

func TestWhoWaitsForADeployThatIsCancelledGetsAConflict(t *testing.T) {
	h := startSiteHub(t)
	h.git.Hold()
	type answer struct {
		status int
		body   map[string]any
	}
	answered := make(chan answer, 1)
	go func() {
		status, a := h.post("/pipeline/html-site", h.body("task_id", "held"))
		answered <- answer{status, a}
	}()
	h.await(20*time.Second, "the clone hangs", func() bool { return h.git.Held() == 1 })
	if status, a := h.post("/pipeline/held/retry", `{}`); status != 409 {
		t.Errorf("a retry of one that runs: %d %v", status, a)
	}
	h.listedAs("held", `"status":"waiting"`, `"status":"running"`)
	h.must("/tasks/held/cancel", `{}`)
	a := <-answered
	if a.status != 409 || a.body["outcome"] != task.Cancelled || a.body["stage"] != "clone" || a.body["detail"] != "the pipeline was cancelled" {
		t.Errorf("%d %v", a.status, a.body)
	}
	h.must("/tasks/run-stream", map[string]any{"cmd": "true", "task_id": "held"})
	if status, _ := h.call("GET", "/pipeline/held", ""); status != 404 {
		t.Errorf("a command of the same id is told of as a pipeline: %d", status)
	}
}
