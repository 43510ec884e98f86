package http

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	imagetypes "github.com/docker/docker/api/types/image"

	"hub/internal/docker"
	"hub/internal/docker/dockertest"
	"hub/internal/task"
)

// folder is a folder with these files.
func folder(t testing.TB, files map[string]string) string {
	t.Helper()
	top := t.TempDir()
	for name, text := range files {
		path := filepath.Join(top, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return top
}

// imageName is a name for an image that is gone after the test.
func (h *dockerHub) imageName(prefix string) string {
	name := dockertest.Name(prefix) + ":1"
	h.t.Cleanup(func() {
		_, _ = h.api.ImageRemove(context.Background(), name, imagetypes.RemoveOptions{Force: true, PruneChildren: true})
	})
	return name
}

// typesOf is an object's keys with the JSON type of each, sorted.
func typesOf(object map[string]any) string {
	var all []string
	for _, key := range slices.Sorted(maps.Keys(object)) {
		kind := fmt.Sprintf("%T", object[key])
		all = append(all, key+" "+map[string]string{
			"string": "str", "float64": "num", "bool": "bool", "<nil>": "null", "[]interface {}": "list", "map[string]interface {}": "dict",
		}[kind])
	}
	return strings.Join(all, ", ")
}

var imageID = regexp.MustCompile(`^sha256:[0-9a-f]{64}$`)

func TestABuildAnswersAsTheOlderServiceDid(t *testing.T) {
	h := startDockerHub(t)
	base, tag := dockertest.Image(t), h.imageName("hub-build")
	context := folder(t, map[string]string{"Dockerfile": "FROM " + base + "\nCOPY hello /hello\nRUN cat /hello\n", "hello": "hello, hub\n"})
	a := h.must("/docker/build", map[string]any{"path": context, "tag": tag})
	want := "dockerfile_used str, duration_sec num, image_id str, inline bool, logs str, status str, steps list, steps_completed num, tag str, task_id str"
	if got := typesOf(a); got != want {
		t.Errorf("it has %s, want %s", got, want)
	}
	if !imageID.MatchString(a["image_id"].(string)) || a["tag"] != tag {
		t.Errorf("%v", a)
	}
	logs := a["logs"].(string)
	for _, line := range []string{"Step 1/3 : FROM " + base + "\n", "\nStep 3/3 : RUN cat /hello\n", "\nhello, hub\n", "\nSuccessfully tagged " + tag + "\n"} {
		if !strings.Contains("\n"+logs, line) {
			t.Errorf("no %q in %q", line, logs)
		}
	}
	if found, err := h.api.ImageInspect(t.Context(), tag); err != nil || found.ID != a["image_id"] {
		t.Errorf("the engine has %v, %v", found.ID, err)
	}
}

func TestABuildStreamAnswersWithItsStepsAndItsLastChunks(t *testing.T) {
	h := startDockerHub(t)
	base, tag := dockertest.Image(t), h.imageName("hub-build")
	context := folder(t, map[string]string{"hello": "hello\n"})
	a := h.must("/docker/build-stream", map[string]any{
		"context_path": context, "tag": tag, "dockerfile": nil, "cleanup": true, "task_id": nil, "of_no_known_name": 1,
		"dockerfile_content": "FROM " + base + "\nARG COUNT=0\nRUN seq $COUNT\n", "dockerfile_name": "Other.Dockerfile", "build_args": map[string]any{"COUNT": 30},
	})
	want := "dockerfile_used str, duration_sec num, image_id str, inline bool, logs list, status str, steps list, steps_completed num, tag str, task_id str"
	if got := typesOf(a); got != want {
		t.Errorf("it has %s, want %s", got, want)
	}
	if a["status"] != "ok" || a["tag"] != tag || a["dockerfile_used"] != "Other.Dockerfile" || a["inline"] != true || a["steps_completed"] != 3.0 || a["duration_sec"].(float64) < 0 {
		t.Errorf("%v", a)
	}
	is(t, "the steps", a["steps"], `[{"args":"`+base+`","instruction":"FROM `+base+`","line":1,"op":"FROM"},`+
		`{"args":"COUNT=0","instruction":"ARG COUNT=0","line":2,"op":"ARG"},{"args":"seq $COUNT","instruction":"RUN seq $COUNT","line":3,"op":"RUN"}]`)
	logs := a["logs"].([]any)
	last := logs[len(logs)-1]
	if len(logs) != 10 {
		t.Errorf("%d chunks", len(logs))
	}
	is(t, "the last chunk", last, `{"stream":"Successfully tagged `+tag+`\n"}`)
	if left, err := os.ReadDir(context); err != nil || len(left) != 1 {
		t.Errorf("the folder has %v, %v", left, err)
	}
}

func TestAStartedBuildAnswersAtOnceAndTagsByItsApp(t *testing.T) {
	h := startDockerHub(t)
	app := dockertest.Name("hub-app")
	t.Cleanup(func() { _, _ = h.api.ImageRemove(context.Background(), app, imagetypes.RemoveOptions{Force: true}) })
	a := h.must("/docker/build/start", map[string]any{"app_id": app, "dockerfile_content": "FROM " + dockertest.Image(t) + "\nRUN echo built\n"})
	id, _ := a["task_id"].(string)
	if !regexp.MustCompile(`^docker_build-[0-9a-f]{10}$`).MatchString(id) {
		t.Errorf("%v", a)
	}
	is(t, "the answer", a, `{"status":"started","stream":"/stream/tasks/`+id+`","task_id":"`+id+`"}`)
	s := h.ended(id)
	result := s["result"].(map[string]any)
	if s["status"] != "completed" || s["task_type"] != "docker_build" || result["tag"] != app+":latest" || !imageID.MatchString(result["image_id"].(string)) {
		t.Errorf("%v", s)
	}
}

// ended is /tasks/status of a task, once it has ended.
func (h *dockerHub) ended(id string) (status map[string]any) {
	h.t.Helper()
	h.await(time.Minute, "the end of "+id, func() bool {
		_, status = h.call("GET", "/tasks/status/"+id, "")
		return status["status"] != "running"
	})
	return status
}

func TestWhatABuildCannotBeIsSaidBeforeThereIsATask(t *testing.T) {
	roots := t.TempDir()
	inside := filepath.Join(roots, "inside")
	if err := os.Mkdir(inside, 0o755); err != nil {
		t.Fatal(err)
	}
	h := startDockerHubWith(t, dockerSetup{Docker: docker.Options{Roots: docker.Roots{roots}}})
	const inline = `"dockerfile_content":"FROM scratch"`
	for _, c := range []struct {
		route, body string
		status      int
		says        string
	}{
		{"build", `{"path":"` + inside + `/none"}`, 400, "none"},
		{"build", `{"path":"` + inside + `"}`, 400, "Dockerfile"},
		{"build", `{}`, 403, "workspace_roots"}, // the hub's own folder
		{"build", `{"path":"/etc"}`, 403, "workspace_roots"},
		{"build", `{"path":"` + inside + `","tag":"Not A Tag"}`, 422, `"loc":["body","tag"]`},
		{"build", `{"path":"` + inside + `","dockerfile":"../Dockerfile"}`, 422, `"loc":["body","dockerfile"]`},
		{"build", `{"path":5}`, 422, `"loc":["body","path"],"msg":"str type expected"`},
		{"build-stream", `{}`, 422, `"loc":["body","context_path"],"msg":"field required","type":"value_error.missing"`},
		{"build-stream", `{"context_path":"` + inside + `/none",` + inline + `}`, 400, "none"},
		{"build-stream", `{"context_path":"` + inside + `",` + inline + `,"dockerfile_name":"a/b"}`, 422, `"loc":["body","dockerfile_name"]`},
		{"build-stream", `{"context_path":"` + inside + `",` + inline + `,"platform":"a b"}`, 422, `"loc":["body","platform"]`},
		{"build-stream", `{"context_path":"` + inside + `",` + inline + `,"build_args":{"A":[]}}`, 422, `"loc":["body","build_args","A"]`},
		{"build-stream", `{"context_path":"` + inside + `",` + inline + `,"git_url":"https://git.example/x"}`, 422, `"loc":["body","git_url"]`},
		{"build-stream", `{"git_url":"file:///etc"}`, 422, `"loc":["body","git_url"]`},
		{"build/start", `{}`, 422, `"loc":["body","dockerfile_content"],"msg":"field required"`},
		{"build/start", `{"app_id":"No!",` + inline + `}`, 422, `"loc":["body","app_id"]`},
		{"build/start", `{"tag":"No!",` + inline + `}`, 422, `"loc":["body","tag"]`},
		{"build/start", `{"build_args":{"A":"` + strings.Repeat("x", 40<<10) + `"},` + inline + `}`, 422, "32 KiB"},
		{"build/start", `{"task_id":"a/b",` + inline + `}`, 422, `"loc":["body","task_id"]`},
	} {
		for _, accept := range []string{"*/*", "text/event-stream"} {
			r, text := h.raw("POST", "/docker/"+c.route, c.body, "Accept: "+accept)
			if r.StatusCode != c.status || !strings.Contains(text, c.says) || !strings.Contains(text, `"detail":`) {
				t.Errorf("%s %s: %d %s, want %d with %s", c.route, c.body, r.StatusCode, text, c.status, c.says)
			}
		}
	}
	if all := h.server.tasks.List(task.Filter{}); len(all) > 0 {
		t.Errorf("there are tasks: %+v", all)
	}
}

func TestAFailedBuildIsTheEnginesWords(t *testing.T) {
	h := startDockerHub(t)
	file := "FROM " + dockertest.Image(t) + "\nRUN echo nearly && exit 3\n"
	for route, body := range map[string]map[string]any{
		"/docker/build":        {"path": folder(t, map[string]string{"Dockerfile": file})},
		"/docker/build-stream": {"context_path": t.TempDir(), "dockerfile_content": file},
	} {
		status, a := h.post(route, body)
		if detail, _ := a["detail"].(string); status != 422 || !strings.Contains(detail, "returned a non-zero code: 3") || a["outcome"] != "error" {
			t.Errorf("%s: %d %v", route, status, a)
		}
		if _, s := h.call("GET", "/tasks/status/"+a["task_id"].(string), ""); s["status"] != "error" || s["error"] != a["detail"] {
			t.Errorf("%s: its task is %v", route, s)
		}
	}
}

func TestABuildTakesAnIDThatNoTaskHasNow(t *testing.T) {
	h := startDockerHub(t)
	body := map[string]any{"task_id": "mine", "dockerfile_content": "FROM " + dockertest.Image(t) + "\nRUN sleep 60\n"}
	if a := h.must("/docker/build/start", body); a["task_id"] != "mine" {
		t.Errorf("%v", a)
	}
	if status, a := h.post("/docker/build/start", body); status != 409 || !strings.Contains(a["detail"].(string), "mine") {
		t.Errorf("%d %v", status, a)
	}
}
