package http

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"hub/internal/broker"
	"hub/internal/docker/dockertest"
	"hub/internal/mask"
	"hub/internal/task"
)

// hidden is a set of the one secret hunter2.
func hidden() *mask.Set {
	s := new(mask.Set)
	s.Add("hunter2")
	return s
}

func TestAnAnswerShowsNoSecret(t *testing.T) {
	h := startHub(t, Options{Mask: hidden()}, broker.Options{})
	h.publish("ci/1", "line", `{"line":"from before it was secret: hunter2"}`)
	for target, want := range map[string]string{
		"/stream/ci/1?tail=10&format=json":     `"line":"from before it was secret: ***"`,
		"/no/such/hunter2":                     `no route GET /no/such/***`,
		"/stream/ci/1?types=line&tail=hunter2": `***`,
	} {
		r, body := h.get(target, "Accept: application/json")
		if !strings.Contains(body, want) || strings.Contains(body, "hunter2") || r.ContentLength != int64(len(body)) {
			t.Errorf("%s: %s", target, body)
		}
	}
}

// Whatever a client publishes, in each form that there is, in one piece or in two.
func TestWhatClientsPublishIsMasked(t *testing.T) {
	const text = "it is hunter2\nand a hundred\n"
	for _, c := range []struct{ kind, body, want string }{
		{"text/plain", text, `line {"line":"it is ***"}|line {"line":"and a hundred"}`},
		{"application/json", `[{"type":"line","data":{"line":"hun","part":1}},{"type":"line","data":{"line":"ter2","part":2,"last":true}}]`, `line {"line":"***"}`},
		{"application/json", `{"type":"line","data":{"line":"hun","part":1}}`, `line {"line":"hun","part":1}`},
		{"application/json", `{"type":"stage","data":{"stage":"clone","error":"\u0068unter2"}}`, `stage {"stage":"clone","error":"***"}`},
		{"application/x-ndjson", `{"type":"line","data":{"line":"hun","part":1}}` + "\n" + `{"type":"line","data":{"line":"ter2","part":2,"last":true}}`, `line {"line":"***"}`},
		{"application/x-ndjson", `{"type":"line","data":{"line":"hun","part":1}}` + "\n\n", `line {"line":"hun","part":1}`},
	} {
		h := startHub(t, Options{Mask: hidden()}, broker.Options{})
		a := h.send("POST", "/stream/ci/1", c.kind, strings.NewReader(c.body))
		got := strings.Join(h.kept("ci/1"), "|")
		if got != c.want || a.status != 200 || *a.Published != strings.Count(got, "|")+1 {
			t.Errorf("%s %s: %s, %s", c.kind, c.body, a, got)
		}
	}
	h := startHub(t, Options{Mask: hidden()}, broker.Options{})
	if a := h.send("POST", "/stream/ci/1", "text/plain", strings.NewReader(strings.Repeat("x", 59<<10-40)+"hunter2\n")); a.status != 200 {
		t.Error(a)
	}
	whole := ""
	for _, e := range h.kept("ci/1") {
		_, after, _ := strings.Cut(e, `"line":"`)
		text, _, _ := strings.Cut(after, `"`)
		whole += text
	}
	if whole != strings.Repeat("x", 59<<10-40)+"***" {
		t.Errorf("%d bytes, ending in %q", len(whole), whole[max(0, len(whole)-20):])
	}
}

// A piped body is answered on a connection of its own.
func TestAPipedPublishAndItsErrorAreMasked(t *testing.T) {
	h := startHub(t, Options{Mask: hidden()}, broker.Options{})
	c := h.pipe("/stream/ci/1", "Content-Type: application/x-ndjson")
	c.chunk(`{"type":"line","data":{"line":"a hun`)
	c.chunk(`ter2"}}` + "\n")
	h.await(5*time.Second, "the line is published", func() bool { return len(h.kept("ci/1")) == 1 })
	c.chunk(`{"hunter2":1}` + "\n")
	if answer := c.all(); strings.Contains(answer, "hunter2") || !strings.Contains(answer, `unknown key \"***\"`) {
		t.Error(answer)
	}
	h.has("ci/1", `line {"line":"a ***"}`)
}

func TestTrueBytesAreGivenBack(t *testing.T) {
	h := startDockerHubWith(t, dockerSetup{Tasks: task.Options{Mask: hidden()}})
	name := h.sleeper(dockertest.Name("files"))
	file := map[string]any{"id_or_name": name, "path": "/tmp/env", "content": "P=hunter2"}
	h.must(filesRoute+"write", file)
	if read := h.must(filesRoute+"read", map[string]any{"id_or_name": name, "path": "/tmp/env"}); read["text"] != "P=hunter2" {
		t.Errorf("%v", read)
	}
	if _, body := h.raw("GET", filesRoute+"download?id_or_name="+name+"&path=/tmp/env", ""); !strings.Contains(body, "P=hunter2") {
		t.Error("the download is masked")
	}
	h.refused(filesRoute+"read", map[string]any{"id_or_name": name, "path": "/tmp/hunter2"}, 404, "/tmp/***")
}

func TestTooLongASecretOfACommandIsRefused(t *testing.T) {
	h := startHub(t, Options{AllowTasks: true}, broker.Options{})
	for _, route := range []string{"run-stream", "start"} {
		status, answer := h.call("POST", "/tasks/"+route, `{"cmd":"true","secrets":{"KEY":"`+strings.Repeat("x", 16<<10+1)+`"}}`)
		if text := fmt.Sprint(answer); status != 422 || !strings.Contains(text, "too long for a secret") || strings.Contains(text, "xxxx") {
			t.Errorf("%s: %d %.300s", route, status, text)
		}
	}
}

func TestACommandsSecretsAreItsVariablesAndMasked(t *testing.T) {
	b := broker.New(broker.Options{})
	secrets := new(mask.Set)
	tasks := task.New(task.Options{Publisher: b, Mask: secrets})
	h := startHub(t, Options{Broker: b, Tasks: tasks, AllowTasks: true, Mask: secrets}, broker.Options{})
	const body = `{"cmd":"echo \"$TOKEN, ${#TOKEN} long, $PLAIN\"","env":{"PLAIN":"yes"},"secrets":{"TOKEN":"hunter2-and-more"},"task_id":"x"}`
	if status, answer := h.call("POST", "/tasks/run-stream", body); status != 200 {
		t.Fatal(status, answer)
	}
	if _, text := h.get("/stream/tasks/x"); !strings.HasSuffix(text, "\n***, 16 long, yes\n--- end: completed, exit code 0\n") {
		t.Errorf("%q", text)
	}
}
