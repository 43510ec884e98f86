package http

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"hub/internal/docker"
	"hub/internal/docker/dockertest"
)

// listed is a container in a list, nil where it is not.
func (h *dockerHub) listed(query string, id any) map[string]any {
	h.t.Helper()
	list := h.list("/docker/containers" + query)
	i := slices.IndexFunc(list, func(c map[string]any) bool { return c["id"] == id })
	if i < 0 {
		return nil
	}
	return list[i]
}

func TestTheListIsAsTheOlderServiceHadIt(t *testing.T) {
	h := startDockerHub(t)
	up := h.run("/docker/run", map[string]any{"labels": map[string]any{"k": "v"}, "ports": map[string]any{"80/tcp": "127.0.0.1:0"}})
	ended := h.run("/docker/run", map[string]any{"command": "true", "detach": false})
	for _, query := range []string{"", "?all=false", "?all=0"} {
		if h.listed(query, ended["id"]) != nil || h.listed(query, up["id"]) == nil {
			t.Errorf("%q lists other than those that run", query)
		}
	}
	for _, query := range []string{"?all=true", "?all=1", "?all=True&more=x"} {
		if c := h.listed(query, ended["id"]); c == nil || c["status"] != "exited" {
			t.Errorf("%q: %v", query, c)
		}
	}
	c := h.listed("", up["id"])
	is(t, "the name", c["name"], `"`+up["name"].(string)+`"`)
	is(t, "the ports", c["ports"], `{"80/tcp":`+h.encoded(up["ports"].(map[string]any)["80/tcp"])+`}`)
	if got := typesOf(c); got != "command str, created str, id str, image list, image_id str, labels dict, name str, networks list, ports dict, state str, status str" {
		t.Errorf("a container has %s", got)
	}
	if c["status"] != "running" || !slices.Contains(c["image"].([]any), any(dockertest.Base)) || !strings.HasPrefix(c["state"].(string), "Up ") {
		t.Errorf("%v", c)
	}
	if r, text := h.raw("GET", "/docker/containers?all=maybe", ""); r.StatusCode != 422 || !strings.Contains(text, `"loc":["query","all"]`) {
		t.Errorf("%d %s", r.StatusCode, text)
	}
}

func TestContainersAreActedOnByTheirRoutes(t *testing.T) {
	h := startDockerHub(t)
	c := h.run("/docker/run", map[string]any{"command": `sh -c "trap : HUP; while :; do sleep 1; done"`})
	id, name := c["id"].(string), c["name"].(string)
	for _, step := range []struct {
		path   string
		body   map[string]any
		status int
		want   string
	}{
		{"/docker/start", nil, 200, "running"},
		{"/docker/container/pause", nil, 200, "paused"},
		{"/docker/container/pause", nil, 409, "it is paused"},
		{"/docker/container/unpause", nil, 200, "running"},
		{"/docker/container/unpause", nil, 409, "it is not paused"},
		{"/docker/container/kill", map[string]any{"signal": "HUP"}, 200, "running"},
		{"/docker/container/kill", map[string]any{"signal": 1}, 200, "running"},
		{"/docker/container/kill", map[string]any{"signal": "NONE"}, 422, "signal"},
		{"/docker/container/update", map[string]any{"mem_limit": "64m", "memswap_limit": "64m", "restart_policy": "no"}, 200, "running"},
		{"/docker/container/update", map[string]any{"mem_limit": "x"}, 422, "mem_limit"},
		{"/docker/container/update", nil, 400, "neither a limit"},
		{"/docker/container/restart", map[string]any{"timeout": 0}, 200, "running"},
		{"/docker/container/restart", map[string]any{"timeout": -1}, 422, "timeout"},
		{"/docker/rm", nil, 409, "use force"},
		{"/docker/stop", map[string]any{"timeout": "0"}, 200, "exited"},
		{"/docker/stop", nil, 200, "exited"},
		{"/docker/container/kill", nil, 409, "not running"},
		{"/docker/container/start", nil, 200, "running"},
		{"/docker/rm", map[string]any{"force": true, "volumes": true}, 200, ""},
		{"/docker/rm", map[string]any{"force": true}, 404, name},
		{"/docker/start", nil, 404, name}, {"/docker/stop", nil, 404, name}, {"/docker/container/restart", nil, 404, name},
		{"/docker/container/pause", nil, 404, name}, {"/docker/container/unpause", nil, 404, name}, {"/docker/container/kill", nil, 404, name},
		{"/docker/container/update", map[string]any{"mem_limit": "64m"}, 404, name},
	} {
		body := map[string]any{"id_or_name": name}
		for key, value := range step.body {
			body[key] = value
		}
		status, a := h.post(step.path, body)
		switch what := fmt.Sprintf("%s %v", step.path, step.body); {
		case status != step.status:
			t.Errorf("%s: %d %v, want %d", what, status, a, step.status)
		case status != 200:
			if !strings.Contains(fmt.Sprint(a["detail"]), step.want) {
				t.Errorf("%s: %v, want %s", what, a, step.want)
			}
		case step.path == "/docker/rm":
			is(t, what, a, `{"id":"`+id+`","name":"`+name+`","removed":true}`)
		default:
			delete(a, "warnings")
			is(t, what, a, `{"id":"`+id+`","name":"`+name+`","status":"`+step.want+`"}`)
		}
	}
	for _, path := range []string{"/docker/start", "/docker/stop", "/docker/rm", "/docker/container/restart", "/docker/container/kill", "/docker/container/update"} {
		status, a := h.post(path, `{"id_or_name":null}`)
		is(t, path, a["detail"], `[{"loc":["body","id_or_name"],"msg":"field required","type":"value_error.missing"}]`)
		if status != 422 {
			t.Errorf("%s: %d", path, status)
		}
		if status, a := h.post(path, map[string]any{"id_or_name": "../images"}); path != "/docker/container/update" && (status != 404 || !strings.Contains(fmt.Sprint(a["detail"]), "../images")) {
			t.Errorf("%s: %d %v", path, status, a)
		}
	}
}

func TestAContainerIsLookedAt(t *testing.T) {
	h := startDockerHub(t)
	c := h.run("/docker/run", map[string]any{"env": map[string]any{"MODE": "live", "DB_PASSWORD": "hunter2-canary"}})
	name := c["name"].(string)
	_, a := h.call("GET", "/docker/container/inspect/"+name, "")
	if a["id"] != c["id"] || a["status"] != "running" || !slices.Contains(a["env"].([]any), any("DB_PASSWORD=***")) || !slices.Contains(a["image"].([]any), any(dockertest.Base)) {
		t.Errorf("%v", a)
	}
	engine := a["inspect"].(map[string]any)
	if engine["Id"] != c["id"] || engine["HostConfig"] == nil || strings.Contains(h.encoded(a), "hunter2") {
		t.Errorf("%v", engine)
	}
	_, a = h.call("GET", "/docker/container/top/"+name, "")
	if rows := a["processes"].([]any); typesOf(a) != "processes list, titles list" || len(rows) != 1 || !strings.Contains(fmt.Sprint(rows[0]), "sleep 1000") {
		t.Errorf("%v", a)
	}
	_, a = h.call("GET", "/docker/container/stats/"+name, "")
	if typesOf(a) != "block dict, cpu_percent num, id str, memory dict, name str, network dict, pids num" || a["id"] != c["id"] || a["pids"] == 0.0 {
		t.Errorf("%v", a)
	}
	for _, path := range []string{"/docker/container/inspect/", "/docker/container/top/", "/docker/container/stats/"} {
		for _, bad := range []string{"no-such-container", "%2e%2e", "a%2fb", "-f", "a%3fb", "a%00b"} {
			if status, a := h.call("GET", path+bad, ""); status != 404 {
				t.Errorf("%s: %d %v", path+bad, status, a)
			}
		}
	}
	h.must("/docker/container/kill", map[string]any{"id_or_name": name})
	h.await(10*time.Second, "it has ended", func() bool { return !h.inspect(name).State.Running })
	for _, path := range []string{"/docker/container/top/", "/docker/container/stats/"} {
		if status, a := h.call("GET", path+name, ""); status != 409 || !strings.Contains(fmt.Sprint(a["detail"]), "does not run") {
			t.Errorf("%s: %d %v", path, status, a)
		}
	}
}

// containerCalls are a call of each of these routes.
var containerCalls = map[string]string{
	"/docker/run": `{"image":"x"}`, "/docker/run-extended": `{"image":"x"}`, "/docker/start": `{"id_or_name":"x"}`, "/docker/stop": `{"id_or_name":"x"}`,
	"/docker/rm": `{"id_or_name":"x"}`, "/docker/container/start": `{"id_or_name":"x"}`, "/docker/container/restart": `{"id_or_name":"x"}`,
	"/docker/container/pause": `{"id_or_name":"x"}`, "/docker/container/unpause": `{"id_or_name":"x"}`, "/docker/container/kill": `{"id_or_name":"x"}`,
	"/docker/container/update": `{"id_or_name":"x","mem_limit":"64m"}`, "/docker/containers": "", "/docker/container/inspect/x": "",
	"/docker/container/stats/x": "", "/docker/container/top/x": "",
}

func TestWithoutAnEngineContainerRoutesSayWhatToDo(t *testing.T) {
	away := startDockerHubWith(t, dockerSetup{Host: "unix://" + t.TempDir() + "/none.sock"})
	none := startDockerHubWith(t, dockerSetup{Host: away.host})
	none.server.docker = nil
	for _, h := range []*dockerHub{away, none} {
		for path, body := range containerCalls {
			method := "POST"
			if body == "" {
				method = "GET"
			}
			if r, text := h.raw(method, path, body); r.StatusCode != 503 || !strings.HasPrefix(text, `{"detail":"`) || !strings.Contains(text, "DOCKER_HOST") {
				t.Errorf("%s: %d %s", path, r.StatusCode, text)
			}
		}
	}
}

func TestAnEngineThatComesBackIsUsedAgain(t *testing.T) {
	engine := dockertest.StartEngine(t)
	h := startDockerHubWith(t, dockerSetup{Host: engine.Host})
	c := h.run("/docker/run", map[string]any{})
	engine.Kill()
	if status, a := h.post("/docker/stop", map[string]any{"id_or_name": c["id"]}); status != 503 || !strings.Contains(fmt.Sprint(a["detail"]), "no Docker engine answers at "+engine.Host) {
		t.Errorf("%d %v", status, a)
	}
	if err := engine.Start(); err != nil {
		t.Fatal(err)
	}
	if got := h.listed("?all=true", c["id"]); got == nil || got["status"] != "exited" {
		t.Errorf("%v", got)
	}
	if a := h.must("/docker/start", map[string]any{"id_or_name": c["name"]}); a["status"] != "running" {
		t.Errorf("%v", a)
	}
}

func TestWithLeaveARunMayUseTheHost(t *testing.T) {
	h := startDockerHubWith(t, dockerSetup{Docker: docker.Options{AllowHostAccess: true}})
	c := h.run("/docker/run-extended", map[string]any{"network": "host", "volumes": map[string]any{"/run": map[string]any{"bind": "/host-run", "mode": "ro"}}})
	x := h.inspect(c["id"])
	is(t, "the network", x.HostConfig.NetworkMode, `"host"`)
	is(t, "the mount", x.HostConfig.Binds, `["/run:/host-run:ro"]`)
}
