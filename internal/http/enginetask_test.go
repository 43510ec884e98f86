package http

import (
	"strings"
	"testing"
	"time"

	"hub/internal/docker/dockertest"
	"hub/internal/task"
)

// engineBodies are requests that the engine is needed for, by route.
func engineBodies(t *testing.T) map[string]any {
	return map[string]any{
		"/docker/build":        map[string]any{"path": folder(t, map[string]string{"Dockerfile": "FROM scratch\n"})},
		"/docker/build-stream": map[string]any{"context_path": t.TempDir(), "dockerfile_content": "FROM scratch\n"},
		"/docker/build/start":  map[string]any{"dockerfile_content": "FROM scratch\n"},
		"/docker/push":         map[string]any{"repo_tag": "127.0.0.1:5000/x:1"},
		"/docker/pull":         map[string]any{"name": "127.0.0.1:5000/x"},
		"/docker/save":         map[string]any{"repo_tag": "x", "tar_path": t.TempDir() + "/x.tar"},
		"/docker/load":         map[string]any{"tar_path": folder(t, map[string]string{"x.tar": "x"}) + "/x.tar"},
		"/docker/tag":          map[string]any{"source": "x", "repo": "y"},
		"/docker/rmi":          map[string]any{"id_or_name": "x"},
		"/docker/login":        map[string]any{"username": "a", "password": "b", "registry": "127.0.0.1:5000"},
	}
}

func TestWithoutAnEngineEveryImageRouteSaysWhatToDoAndMakesNoTask(t *testing.T) {
	away := startDockerHubWith(t, dockerSetup{Host: "unix://" + t.TempDir() + "/none.sock"})
	none := startDockerHubWith(t, dockerSetup{Host: away.host})
	none.server.docker = nil
	for _, h := range []*dockerHub{away, none} {
		for path, body := range engineBodies(t) {
			for _, accept := range []string{"*/*", "text/event-stream", "text/plain"} {
				r, text := h.raw("POST", path, h.encoded(body), "Accept: "+accept)
				if r.StatusCode != 503 || !strings.HasPrefix(text, `{"detail":"`) || !strings.Contains(text, "DOCKER_HOST") {
					t.Errorf("%s as %s: %d %s", path, accept, r.StatusCode, text)
				}
			}
		}
		if r, text := h.raw("GET", "/docker/images", ""); r.StatusCode != 503 || !strings.Contains(text, "DOCKER_HOST") {
			t.Errorf("images: %d %s", r.StatusCode, text)
		}
		if all := h.server.tasks.List(task.Filter{}); len(all) > 0 {
			t.Errorf("there are tasks: %+v", all)
		}
	}
}

func TestAnEngineKilledInMidBuildEndsItWithAnErrorThatSaysSo(t *testing.T) {
	engine := dockertest.StartEngine(t)
	h := startDockerHubWith(t, dockerSetup{Host: engine.Host})
	file := "FROM " + dockertest.ImageOn(t, engine.Host) + "\nRUN echo asleep; sleep 600\n"
	type answer struct {
		status int
		body   map[string]any
	}
	answered := make(chan answer, 1)
	go func() {
		status, a := h.post("/docker/build-stream", map[string]any{"context_path": t.TempDir(), "task_id": "killed", "dockerfile_content": file})
		answered <- answer{status, a}
	}()
	f := h.open("ndjson", map[string][]string{"topic": {"tasks/killed"}, "types": {"line,end"}})
	for f.want("its step runs").Data.Line != "asleep" {
	}
	engine.Kill()
	if end := f.want("its end"); end.Type != "end" || end.Data.Status != "error" || !strings.Contains(end.raw, "went away") {
		t.Errorf("it ends with %s", end.raw)
	}
	if a := <-answered; a.status != 503 || !strings.Contains(a.body["detail"].(string), "went away") {
		t.Errorf("%d %v", a.status, a.body)
	}
}

func TestALiveStreamOfATransferIsNotOpenedWhereThereAreTooMany(t *testing.T) {
	h := startDockerHub(t)
	h.server.streams.most = 1
	h.open("sse", map[string][]string{"topic": {"x"}})
	h.await(5*time.Second, "the stream is open", func() bool { return h.server.streams.full() })
	r, text := h.raw("POST", "/docker/build/start", "{}", "Accept: text/plain")
	if r.StatusCode != 422 {
		t.Errorf("what is no stream: %d %s", r.StatusCode, text)
	}
	r, text = h.raw("POST", "/docker/build", `{"path":"`+t.TempDir()+`"}`, "Accept: text/plain")
	if r.StatusCode != 503 || r.Header.Get("Retry-After") == "" || len(h.server.tasks.List(task.Filter{})) > 0 {
		t.Errorf("%d %s", r.StatusCode, text)
	}
}
