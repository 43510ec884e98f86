package http

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	nethttp "net/http"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"hub/internal/broker"
	"hub/internal/task"
)

// startTaskHub is startHub with tasks that the clients may run.
func startTaskHub(t *testing.T, o task.Options, history broker.Options) *testHub {
	t.Helper()
	b := broker.New(history)
	o.Publisher = b
	tasks := task.New(o)
	h := startHub(t, Options{Broker: b, Tasks: tasks, AllowTasks: true}, history)
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := tasks.Close(ctx); err != nil {
			t.Error(err)
		}
	})
	return h
}

// call is a request with a JSON body and its answer, decoded.
func (h *testHub) call(method, target, body string, heads ...string) (status int, answer map[string]any) {
	h.t.Helper()
	r, text := h.raw(method, target, body, heads...)
	if err := json.Unmarshal([]byte(text), &answer); err != nil {
		h.t.Fatalf("%s %s: %s: %v", method, target, text, err)
	}
	return r.StatusCode, answer
}

func (h *testHub) raw(method, target, body string, heads ...string) (*nethttp.Response, string) {
	h.t.Helper()
	r, err := nethttp.NewRequest(method, "http://"+h.addr+target, strings.NewReader(body))
	if err != nil {
		h.t.Fatal(err)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for _, head := range heads {
		name, value, _ := strings.Cut(head, ": ")
		r.Header.Set(name, value)
	}
	answer, err := nethttp.DefaultClient.Do(r)
	if err != nil {
		h.t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		h.t.Fatalf("%s %s: after %q: %v", method, target, text, err)
	}
	return answer, string(text)
}

// is fails the test unless the value, as JSON, is want.
func is(t *testing.T, what string, value any, want string) {
	t.Helper()
	got, err := encodeJSON(value)
	if err != nil || string(got) != want {
		t.Errorf("%s is %s, want %s", what, got, want)
	}
}

func TestRunStreamAnswersAsTheOlderServiceDid(t *testing.T) {
	h := startTaskHub(t, task.Options{}, broker.Options{})
	for _, heads := range [][]string{nil, {"Accept: */*"}, {"Accept: application/json"}, {"Accept: application/json, text/plain"}} {
		status, a := h.call("POST", "/tasks/run-stream", `{"cmd":"echo out; exit 4","cwd":null,"env":null,"task_id":null,"more":1}`, heads...)
		id, _ := a["task_id"].(string)
		if status != 200 || !strings.HasPrefix(id, "generic_task-") || len(id) != len("generic_task-")+10 {
			t.Errorf("%v: %d %v", heads, status, a)
		}
		delete(a, "task_id")
		is(t, "the answer", a, `{"exit_code":"4","status":"completed"}`)
	}
}

func TestACommandTakesItsDirectoryEnvironmentAndID(t *testing.T) {
	h := startTaskHub(t, task.Options{}, broker.Options{})
	dir := t.TempDir()
	_, a := h.call("POST", "/tasks/run-stream", `{"cmd":"pwd; echo $X; echo '<&>' >&2","cwd":"`+dir+`","env":{"X":"1 2"},"task_id":"my.task"}`)
	is(t, "the answer", a, `{"exit_code":"0","status":"completed","task_id":"my.task"}`)
	got := strings.Join(h.kept("tasks/my.task"), "\n")
	for _, want := range []string{`line {"stream":"stdout","line":"` + dir + `"}`, `line {"stream":"stdout","line":"1 2"}`, `line {"stream":"stderr","line":"<&>"}`} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in\n%s", want, got)
		}
	}
	_, status := h.raw("GET", "/tasks/status/my%2Etask", "") // as some clients write an id
	for _, want := range []string{`"cmd":"pwd; echo $X; echo '<&>' >&2"`, `"line":"<&>"`} {
		if !strings.Contains(status, want) {
			t.Errorf("no %s in %s", want, status)
		}
	}
	_, logs := h.raw("GET", "/tasks/logs/my.task", "")
	if !strings.Contains(logs, `"<&>"`) {
		t.Errorf("the logs are %s", logs)
	}
}

func TestWhatATaskCannotBe(t *testing.T) {
	h := startTaskHub(t, task.Options{}, broker.Options{})
	for _, route := range []string{"/tasks/run-stream", "/tasks/start"} {
		for body, want := range map[string]string{
			`{}`:                         `[{"loc":["body","cmd"],"msg":"field required","type":"value_error.missing"}]`,
			`{"cmd":null}`:               `[{"loc":["body","cmd"],"msg":"field required","type":"value_error.missing"}]`,
			`{"cmd":5,"env":[],"cwd":1}`: `[{"loc":["body","cmd"],"msg":"str type expected","type":"type_error.str"},{"loc":["body","cwd"],"msg":"str type expected","type":"type_error.str"},{"loc":["body","env"],"msg":"dict type expected","type":"type_error.dict"}]`,
			`{"cmd":"x","env":{"A":[]}}`: `[{"loc":["body","env","A"],"msg":"str type expected","type":"type_error.str"}]`,
			`[]`:                         `[{"loc":["body"],"msg":"dict type expected","type":"type_error.dict"}]`,
		} {
			status, a := h.call("POST", route, body)
			if status != 422 {
				t.Errorf("%s: %d %v", body, status, a)
			}
			is(t, body, a["detail"], want)
		}
		for _, id := range []string{"../x", "a/b", "", " ", ".", "a b", strings.Repeat("a", 129), "é"} {
			body, _ := json.Marshal(map[string]string{"cmd": "true", "task_id": id})
			status, a := h.call("POST", route, string(body))
			if id == "" {
				if status != 200 {
					t.Errorf("no id: %d %v", status, a)
				}
				continue
			}
			faults, ok := a["detail"].([]any)
			if status != 422 || !ok || len(faults) != 1 {
				t.Errorf("id %q: %d %v", id, status, a)
			}
		}
		status, a := h.call("POST", route, `{"cmd":"true","cwd":"/no/such/place"}`)
		if detail, _ := a["detail"].(string); status != 400 || !strings.Contains(detail, "/no/such/place: no such file or directory") {
			t.Errorf("%d %v", status, a)
		}
	}
}

func TestAHubThatAllowsNoTasksRunsNone(t *testing.T) {
	h := startTaskHub(t, task.Options{}, broker.Options{})
	h.server.allowTasks = false
	for _, route := range []string{"/tasks/run-stream", "/tasks/start"} {
		if status, a := h.call("POST", route, `{"cmd":"true"}`); status != 403 || len(h.server.tasks.List(task.Filter{})) > 0 {
			t.Errorf("%s: %d %v", route, status, a)
		}
	}
}

func TestAnIDIsTakenOnlyWhileItsTaskWaitsOrRuns(t *testing.T) {
	h := startTaskHub(t, task.Options{Running: 1}, broker.Options{})
	start := func(body string) (int, map[string]any) { return h.call("POST", "/tasks/start", body) }
	_, a := start(`{"cmd":"echo old; sleep 60","task_id":"a"}`)
	is(t, "the answer", a, `{"status":"started","stream":"/stream/tasks/a","task_id":"a"}`)
	_, a = start(`{"cmd":"true","task_id":"b"}`)
	is(t, "one that waits", a, `{"position":1,"queued":true,"status":"started","stream":"/stream/tasks/b","task_id":"b"}`)
	for _, id := range []string{"a", "b"} {
		if status, a := start(`{"cmd":"true","task_id":"` + id + `"}`); status != 409 || !strings.Contains(a["detail"].(string), id) {
			t.Errorf("%s again: %d %v", id, status, a)
		}
	}
	h.call("POST", "/tasks/a/cancel", "")
	_, live := h.raw("POST", "/tasks/run-stream", `{"cmd":"echo new","task_id":"a"}`, "Accept: text/plain")
	_, logs := h.raw("GET", "/tasks/logs/a", "")
	_, status := h.raw("GET", "/tasks/status/a", "")
	for what, text := range map[string]string{"live": live, "logs": logs, "status": status} {
		if strings.Contains(text, "old") || !strings.Contains(text, "new") {
			t.Errorf("%s: %s", what, text)
		}
	}
	is(t, "the logs", json.RawMessage(logs), `{"task_id":"a","status":"completed","lines":["new"]}`)
	if !strings.Contains(strings.Join(h.kept("tasks/a"), "\n"), "old") {
		t.Error("the topic does not go on")
	}
}

func TestCancelEndsTheWholeGroupAndMayBeRepeated(t *testing.T) {
	h := startTaskHub(t, task.Options{}, broker.Options{})
	h.call("POST", "/tasks/start", `{"cmd":"sleep 100 & echo $!; wait","task_id":"c"}`)
	reader := h.open("sse", map[string][]string{"topic": {"tasks/c"}, "types": {"line"}})
	child, err := strconv.Atoi(reader.want("the child's number").Data.Line)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		status, a := h.call("POST", "/tasks/c/cancel", "")
		if status != 200 || a["status"] != "error" || a["outcome"] != "cancelled" || a["error"] != "cancelled" {
			t.Errorf("%d %v", status, a)
		}
	}
	if stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", child)); err == nil && !strings.Contains(string(stat), ") Z ") {
		t.Errorf("the child lives on: %s", stat)
	}
	var ends int
	for _, e := range h.kept("tasks/c") {
		if strings.HasPrefix(e, "end ") {
			ends++
		}
	}
	if ends != 1 {
		t.Errorf("%d end events", ends)
	}
	if status, a := h.call("POST", "/tasks/nobody/cancel", ""); status != 404 || !strings.Contains(a["detail"].(string), "nobody") {
		t.Errorf("unknown: %d %v", status, a)
	}
	// A client that sends no body and no type may send no length either.
	if head := h.dial("POST /tasks/c/cancel HTTP/1.1\nHost: localhost\nConnection: close\n\n").head(); !strings.HasPrefix(head, "HTTP/1.1 200") {
		t.Error(head)
	}
	status, a := h.call("POST", "/tasks/c/cancel", "x=1", "Content-Type: application/x-www-form-urlencoded")
	if status != 415 {
		t.Errorf("a form: %d %v", status, a)
	}
}

func TestTheListOfTasksIsNewestFirstAndFiltered(t *testing.T) {
	h := startTaskHub(t, task.Options{Running: 1}, broker.Options{})
	h.call("POST", "/tasks/run-stream", `{"cmd":"exit 3","task_id":"done"}`)
	h.call("POST", "/tasks/start", `{"cmd":"sleep 60","task_id":"gone"}`)
	h.call("POST", "/tasks/gone/cancel", "")
	h.call("POST", "/tasks/start", `{"cmd":"sleep 60","cwd":"/","task_id":"runs"}`)
	h.call("POST", "/tasks/start", `{"cmd":"sleep 60","task_id":"waits"}`)
	for query, want := range map[string]string{
		"": "waits runs gone done", "?status=running": "waits runs", "?status=queued": "waits", "?status=completed": "done", "?status=error": "gone",
		"?status=cancelled": "gone", "?type=generic_task": "waits runs gone done", "?type=docker_build": "", "?limit=1": "waits", "?status=error&type=generic_task": "gone",
	} {
		_, a := h.call("GET", "/tasks"+query, "")
		var ids []string
		for _, one := range a["tasks"].([]any) {
			ids = append(ids, one.(map[string]any)["task_id"].(string))
		}
		if got := strings.Join(ids, " "); got != want {
			t.Errorf("%s: %s, want %s", query, got, want)
		}
	}
	_, a := h.call("GET", "/tasks?status=queued", "")
	waits := a["tasks"].([]any)[0].(map[string]any)
	delete(waits, "created_at")
	delete(waits, "updated_at")
	is(t, "one that waits", waits, `{"about":{"cmd":"sleep 60"},"position":1,"queued":true,"status":"running","stream":"/stream/tasks/waits","task_id":"waits","task_type":"generic_task"}`)
	_, a = h.call("GET", "/tasks?status=completed", "")
	done := a["tasks"].([]any)[0].(map[string]any)
	now := float64(time.Now().Unix())
	for _, name := range []string{"created_at", "updated_at", "started_at", "ended_at"} {
		if at, ok := done[name].(float64); !ok || at < now-60 || at > now+1 {
			t.Errorf("%s is %v", name, done[name])
		}
		delete(done, name)
	}
	is(t, "one that is done", done, `{"about":{"cmd":"exit 3"},"exit_code":3,"outcome":"completed","status":"completed","stream":"/stream/tasks/done","task_id":"done","task_type":"generic_task"}`)
	if status, a := h.call("GET", "/tasks?state=x", ""); status != 400 || !strings.Contains(a["detail"].(string), "known are status, type, limit") {
		t.Errorf("%d %v", status, a)
	}
}
