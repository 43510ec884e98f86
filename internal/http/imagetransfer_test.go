package http

import (
	"io"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hub/internal/docker/dockertest"
	"hub/internal/task"
)

// quiet is a log for hubs whose answers are to be of the 500s.
func quiet() *slog.Logger { return slog.New(slog.NewTextHandler(io.Discard, nil)) }

// image is an image of the shared base, with content of its own.
func (h *dockerHub) image(name string) (id string) {
	h.t.Helper()
	file := "FROM " + dockertest.Image(h.t) + "\nRUN head -c 300000 /dev/urandom > /data\n"
	return h.must("/docker/build-stream", map[string]any{"context_path": h.t.TempDir(), "dockerfile_content": file, "no_cache": true, "tag": name})["image_id"].(string)
}

// login logs in to a registry.
func (h *dockerHub) login(r *dockertest.Registry) {
	h.t.Helper()
	h.must("/docker/login", map[string]any{"username": r.User, "password": r.Password, "registry": r.Host})
}

// The calls of the older service's clients, in their order.
func TestAnImageIsTaggedPushedRemovedAndPulledAgain(t *testing.T) {
	h := startDockerHub(t)
	registry := dockertest.StartRegistry(t)
	local := h.imageName("hub-image")
	id := h.image(local)
	repo := registry.Host + "/" + dockertest.Name("site")
	is(t, "the tag", h.must("/docker/tag", map[string]any{"source": local, "repo": repo, "tag": "1.4"}), `{"source":"`+local+`","status":"ok","target":"`+repo+`:1.4"}`)
	is(t, "the tag without one", h.must("/docker/tag", map[string]any{"source": id, "repo": repo, "tag": nil}), `{"source":"`+id+`","status":"ok","target":"`+repo+`:latest"}`)

	a := h.must("/docker/login", map[string]any{"username": registry.User, "password": registry.Password, "registry": "http://" + registry.Host + "/v1/"})
	is(t, "the login", a, `{"detail":{"IdentityToken":"","Status":"Login Succeeded"},"status":"ok"}`)

	a = h.must("/docker/push", map[string]any{"repo_tag": repo + ":1.4"})
	if got := typesOf(a); got != "digest str, logs str, pushed str, size num, status str, task_id str" {
		t.Errorf("the push has %s", got)
	}
	logs, digest := a["logs"].(string), a["digest"].(string)
	if a["status"] != "ok" || a["pushed"] != repo+":1.4" || !imageID.MatchString(digest) || !strings.HasPrefix(logs, "The push refers to repository ["+repo+"]\n") || !strings.Contains(logs, ": Pushed\n") || strings.Contains(logs, "Pushing") {
		t.Errorf("the push is %v", a)
	}

	is(t, "the removal", h.must("/docker/rmi", map[string]any{"id_or_name": repo + ":1.4"}), `{"image":"`+repo+`:1.4","removed":true}`)
	is(t, "the removal by id", h.must("/docker/rmi", map[string]any{"id_or_name": id, "force": true}), `{"image":"`+id+`","removed":true}`)
	for _, i := range h.list("/docker/images") {
		if i["id"] == id {
			t.Errorf("there still is %v", i)
		}
	}

	a = h.must("/docker/pull", map[string]any{"name": repo, "tag": "1.4"})
	if got := typesOf(a); got != "digest str, id str, status str, tags list, task_id str" {
		t.Errorf("the pull has %s", got)
	}
	is(t, "the pulled tags", a["tags"], `["`+repo+`:1.4"]`)
	if a["status"] != "ok" || a["id"] != id || a["digest"] != digest {
		t.Errorf("the pull is %v", a)
	}
	found := false
	for _, i := range h.list("/docker/images") {
		if got := typesOf(i); got != "containers num, created str, digests list, id str, size num, tags list" {
			t.Errorf("an image has %s", got)
		}
		found = found || i["id"] == id && len(i["tags"].([]any)) == 1 && i["size"].(float64) > 300_000
	}
	if !found {
		t.Error("the images have it not")
	}
	h.must("/docker/rmi", map[string]any{"id_or_name": id, "force": true})
}

func TestAnImageIsSavedRemovedAndLoadedAgain(t *testing.T) {
	h := startDockerHub(t)
	name := h.imageName("hub-saved")
	id, path := h.image(name), filepath.Join(t.TempDir(), "image.tar")
	a := h.must("/docker/save", map[string]any{"repo_tag": name, "tar_path": path})
	if got := typesOf(a); got != "bytes num, saved_to str, status str, task_id str" || a["status"] != "ok" || a["saved_to"] != path {
		t.Errorf("the save is %v", a)
	}
	if info, err := os.Stat(path); err != nil || float64(info.Size()) != a["bytes"] {
		t.Errorf("%v, %v", info, err)
	}
	h.must("/docker/rmi", map[string]any{"id_or_name": name, "force": true})
	a = h.must("/docker/load", map[string]any{"tar_path": path})
	if got := typesOf(a); got != "images list, status str, tags list, task_id str" {
		t.Errorf("the load has %s", got)
	}
	delete(a, "task_id")
	is(t, "the load", a, `{"images":["`+id+`"],"status":"ok","tags":["`+name+`"]}`)
}

func TestAPushIsWatchedLiveWithTheSameLinesAndNoBareProgressWords(t *testing.T) {
	h := startDockerHub(t)
	registry := dockertest.StartRegistry(t)
	name := registry.Host + "/" + dockertest.Name("live") + ":1"
	id := h.image(name)
	t.Cleanup(func() { h.must("/docker/rmi", map[string]any{"id_or_name": id, "force": true}) })
	h.login(registry)
	body := map[string]any{"repo_tag": name, "task_id": "live-push"}
	events, _, answer := h.live("/docker/push", "text/event-stream", body)
	if answer.Header.Get("X-Task-Id") != "live-push" {
		t.Errorf("%v", answer.Header)
	}
	last := events[len(events)-1]
	if last.Type != "end" || !strings.Contains(last.raw, `"result":{"status":"ok","pushed":"`+name+`","digest":"sha256:`) {
		t.Errorf("it ends with %s", last.raw)
	}
	progress := 0
	for _, e := range events {
		if e.Type == "progress" {
			progress++
		}
	}
	if progress == 0 {
		t.Error("no progress")
	}
	for _, transport := range transports {
		if got := linesOf(h.open(transport, url.Values{"topic": {"tasks/live-push"}}).rest()); got != linesOf(events) {
			t.Errorf("%s has %s", transport, got)
		}
	}
	for what, text := range map[string]string{"sse": linesOf(events), "text": func() string {
		_, text := h.get("/stream/tasks/live-push")
		return text
	}(), "messages": strings.Join(h.textMessages("/stream/tasks/live-push?format=text"), "\n")} {
		if !strings.Contains(text, ": Pushed\n") {
			t.Errorf("%s has no layer: %s", what, text)
		}
		for _, word := range []string{"Pushing", "Preparing", "Waiting", "progress", "percent"} {
			if strings.Contains(text, word) {
				t.Errorf("%s has %s: %s", what, word, text)
			}
		}
	}
}

// textMessages are a WebSocket's until it closes.
func (h *testHub) textMessages(target string) (all []string) {
	h.t.Helper()
	ws := h.socket(target)
	for op, payload := ws.frame(); op != opClose; op, payload = ws.frame() {
		if op == opText {
			all = append(all, string(payload))
		}
	}
	return all
}

func TestAllTransfersCanBeFollowedLive(t *testing.T) {
	h := startDockerHub(t)
	registry := dockertest.StartRegistry(t)
	name := registry.Host + "/" + dockertest.Name("all") + ":1"
	id, path := h.image(name), filepath.Join(t.TempDir(), "image.tar")
	t.Cleanup(func() { h.must("/docker/rmi", map[string]any{"id_or_name": id, "force": true}) })
	h.login(registry)
	for _, c := range []struct {
		route  string
		body   map[string]any
		result string
	}{
		{"/docker/push", map[string]any{"repo_tag": name}, `"pushed":"` + name + `"`},
		{"/docker/pull", map[string]any{"name": name}, `"id":"` + id + `"`},
		{"/docker/save", map[string]any{"repo_tag": name, "tar_path": path}, `"saved_to":"` + path + `"`},
		{"/docker/load", map[string]any{"tar_path": path}, `"images":["` + id + `"]`},
	} {
		for _, accept := range []string{"text/event-stream", "application/x-ndjson"} {
			events, _, _ := h.live(c.route, accept, c.body)
			if last := events[len(events)-1]; last.Type != "end" || last.Data.Status != "completed" || !strings.Contains(last.raw, c.result) {
				t.Errorf("%s as %s ends with %s", c.route, accept, last.raw)
			}
		}
		if _, text, _ := h.live(c.route, "text/plain", c.body); !strings.Contains(text, "\n--- end: completed") || strings.Contains(text, "percent") {
			t.Errorf("%s is %s", c.route, text)
		}
	}
}

func TestWhatAnImageRouteCannotDo(t *testing.T) {
	h := startDockerHubWith(t, dockerSetup{Log: quiet()})
	registry := dockertest.StartRegistry(t)
	name := registry.Host + "/" + dockertest.Name("no") + ":1"
	id, dir := h.image(name), t.TempDir()
	t.Cleanup(func() { h.must("/docker/rmi", map[string]any{"id_or_name": id, "force": true}) })
	junk := filepath.Join(folder(t, map[string]string{"junk.tar": "this is no archive"}), "junk.tar")
	for _, c := range []struct {
		route, body string
		status      int
		says        string
	}{
		{"login", `{"username":"builder","password":"wrong","registry":"` + registry.Host + `"}`, 401, registry.Host},
		{"login", `{"username":"builder"}`, 422, `"loc":["body","password"],"msg":"field required"`},
		{"login", `{"username":"a","password":"b","registry":"no host"}`, 422, `"loc":["body","registry"]`},
		{"push", `{"repo_tag":"` + name + `"}`, 401, registry.Host},
		{"push", `{}`, 422, `"loc":["body","repo_tag"],"msg":"field required"`},
		{"push", `{"repo_tag":"Not A Name"}`, 422, `"loc":["body","repo_tag"]`},
		{"push", `{"repo_tag":"` + registry.Host + `/nobody:1"}`, 404, "nobody"},
		{"push", `{"repo_tag":"` + name + `","task_id":"a b"}`, 422, `"loc":["body","task_id"]`},
		{"pull", `{"name":"` + registry.Host + `/site"}`, 401, "site"},
		{"pull", `{"name":"UPPER"}`, 422, `"loc":["body","name"]`},
		{"pull", `{"name":"site","tag":"a b"}`, 422, `"loc":["body","tag"]`},
		{"pull", `{"name":"127.0.0.1:1/site"}`, 502, "127.0.0.1:1"},
		{"tag", `{"source":"hub-test/none:1","repo":"x"}`, 404, "hub-test/none:1"},
		{"tag", `{"source":"` + id + `","repo":"UPPER"}`, 422, `"loc":["body","repo"]`},
		{"tag", `{"source":"` + id + `","repo":"x","tag":"a b"}`, 422, `"loc":["body","tag"]`},
		{"save", `{"repo_tag":"hub-test/none:1","tar_path":"` + dir + `/a.tar"}`, 404, "hub-test/none:1"},
		{"save", `{"repo_tag":"` + id + `","tar_path":"` + dir + `/none/a.tar"}`, 400, dir + "/none"},
		{"save", `{"repo_tag":"` + id + `","tar_path":"` + dir + `"}`, 400, dir},
		{"load", `{"tar_path":"` + dir + `/none.tar"}`, 400, "none.tar"},
		{"load", `{"tar_path":"` + junk + `"}`, 400, "junk.tar"},
		{"rmi", `{"id_or_name":"hub-test/none:1"}`, 404, "hub-test/none:1"},
		{"rmi", `{"id_or_name":"../images"}`, 422, `"loc":["body","id_or_name"]`},
	} {
		for _, accept := range []string{"*/*", "text/event-stream"} {
			r, text := h.raw("POST", "/docker/"+c.route, c.body, "Accept: "+accept)
			stream := strings.HasPrefix(r.Header.Get("Content-Type"), "text/event-stream")
			switch {
			case stream && strings.Contains(text, `"status":"error"`) && strings.Contains(text, c.says):
			case stream || r.StatusCode != c.status || !strings.Contains(text, c.says) || !strings.HasPrefix(text, `{"detail":`):
				t.Errorf("%s %s as %s: %d %s, want %d with %s", c.route, c.body, accept, r.StatusCode, text, c.status, c.says)
			case strings.Contains(text, "wrong"):
				t.Errorf("the password is in %s", text)
			}
		}
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("there are %v, %v", left, err)
	}
}

// So that a script that follows need not read the stream to know of a wrong name.
func TestALiveTransferThatFailsWithoutAWordIsAnsweredWithItsStatus(t *testing.T) {
	h := startDockerHub(t)
	for path, body := range map[string]map[string]any{
		"/docker/push": {"repo_tag": "hub-test/none:1"},
		"/docker/save": {"repo_tag": "hub-test/none:1", "tar_path": filepath.Join(t.TempDir(), "x.tar")},
	} {
		for _, accept := range []string{"text/event-stream", "text/plain"} {
			r, text := h.raw("POST", path, h.encoded(body), "Accept: "+accept)
			if r.StatusCode != 404 || r.Header.Get("X-Task-Id") == "" || !strings.Contains(text, "hub-test/none:1") {
				t.Errorf("%s as %s: %d %s", path, accept, r.StatusCode, text)
			}
		}
	}
}

func TestAFailedLoginForgetsNothing(t *testing.T) {
	h := startDockerHubWith(t, dockerSetup{Log: quiet()})
	registry := dockertest.StartRegistry(t)
	name := registry.Host + "/" + dockertest.Name("kept") + ":1"
	id := h.image(name)
	t.Cleanup(func() { h.must("/docker/rmi", map[string]any{"id_or_name": id, "force": true}) })
	h.login(registry)
	if status, a := h.post("/docker/login", map[string]any{"username": registry.User, "password": "wrong", "registry": registry.Host}); status != 401 {
		t.Errorf("%d %v", status, a)
	}
	h.must("/docker/push", map[string]any{"repo_tag": name})
	if status, a := h.post("/docker/pull", map[string]any{"name": registry.Host + "/nobody"}); status != 404 {
		t.Errorf("what the registry does not have: %d %v", status, a)
	}
	registry.Stop()
	if status, a := h.post("/docker/push", map[string]any{"repo_tag": name}); status != 502 {
		t.Errorf("a registry that is away: %d %v", status, a)
	}
	for _, s := range h.server.tasks.List(task.Filter{}) {
		if _, text := h.raw("GET", "/stream/tasks/"+s.ID+"?follow=0", ""); strings.Contains(text, registry.Password) {
			t.Errorf("the password is in %s", text)
		}
	}
}

func TestAnImageInUseIsAConflictThatNamesItsContainer(t *testing.T) {
	h := startDockerHub(t)
	name, container := h.imageName("hub-used"), dockertest.Name("hub-user")
	h.image(name)
	h.container(name, container)
	status, a := h.post("/docker/rmi", map[string]any{"id_or_name": name})
	if detail, _ := a["detail"].(string); status != 409 || !strings.Contains(detail, container) {
		t.Errorf("%d %v", status, a)
	}
}
