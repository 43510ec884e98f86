package http

import (
	"context"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	containertypes "github.com/docker/docker/api/types/container"

	"hub/internal/docker/dockertest"
	"hub/internal/task"
)

// run runs a container that is removed after the test; one that sleeps where the
// body has no command, under a name of its own where that has none.
func (h *dockerHub) run(path string, body map[string]any) map[string]any {
	h.t.Helper()
	status, a := h.tryRun(path, body)
	if status != 200 {
		h.t.Fatalf("%s %v: %d %v", path, body, status, a)
	}
	return a
}

func (h *dockerHub) tryRun(path string, body map[string]any) (int, map[string]any) {
	h.t.Helper()
	for key, value := range map[string]any{"image": dockertest.ImageOn(h.t, h.host), "name": dockertest.Name("web"), "command": "sleep 1000"} {
		if _, given := body[key]; !given {
			body[key] = value
		}
	}
	h.t.Cleanup(func() {
		name, _ := body["name"].(string)
		_ = h.api.ContainerRemove(context.Background(), name, containertypes.RemoveOptions{Force: true, RemoveVolumes: true})
	})
	return h.post(path, body)
}

func (h *dockerHub) inspect(id any) containertypes.InspectResponse {
	h.t.Helper()
	c, err := h.api.ContainerInspect(h.t.Context(), id.(string))
	if err != nil {
		h.t.Fatal(err)
	}
	return c
}

func TestRunAnswersAsTheOlderServiceDid(t *testing.T) {
	h := startDockerHub(t)
	name := dockertest.Name("web")
	for _, path := range []string{"/docker/run", "/docker/run-extended"} {
		a := h.run(path, map[string]any{
			"name": name, "command": `sh -c "echo 'a b' $0; sleep 1000"`, "env": map[string]any{"A": "x y", "N": 5}, "ports": map[string]any{"80/tcp": nil},
			"detach": nil, "privileged": true, "cap_add": []string{"ALL"}, "pid_mode": "host", "devices": []string{"/dev/mem"},
		})
		if a["name"] != name || a["status"] != "running" || len(a["id"].(string)) != 64 {
			t.Errorf("%v", a)
		}
		x := h.inspect(a["id"])
		is(t, "the command", x.Config.Cmd, `["sh","-c","echo 'a b' $0; sleep 1000"]`)
		is(t, "the environment", x.Config.Env[:2], `["A=x y","N=5"]`)
		if x.HostConfig.Privileged || len(x.HostConfig.CapAdd) > 0 || x.HostConfig.PidMode != "" || len(x.HostConfig.Devices) > 0 {
			t.Errorf("what is not in the contract has passed: %+v", x.HostConfig)
		}
		delete(a, "id")
		delete(a, "name")
		ports := a["ports"].(map[string]any)["80/tcp"].([]any)
		delete(a, "ports")
		is(t, "the rest", a, `{"status":"running"}`)
		if len(ports) == 0 || ports[0].(map[string]any)["port"].(float64) == 0 {
			t.Errorf("the ports are %v", ports)
		}
		h.must("/docker/rm", map[string]any{"id_or_name": name, "force": true})
	}
}

func TestRunExtendedTakesEveryField(t *testing.T) {
	h := startDockerHub(t)
	volume, folder := dockertest.Name("vol"), t.TempDir()
	t.Cleanup(func() { _ = h.api.VolumeRemove(context.Background(), volume, true) })
	a := h.run("/docker/run-extended", map[string]any{
		"command": []string{"-c", "sleep 1000"}, "entrypoint": "sh", "labels": map[string]any{"app": "x"}, "working_dir": "/tmp", "user": 0, "hostname": "box",
		"restart_policy": "on-failure:2", "volumes": map[string]any{volume: map[string]any{"bind": "/data", "mode": "ro"}, folder: map[string]any{"bind": "/host"}},
		"network": "none", "mem_limit": "64m", "memswap_limit": -1, "nano_cpus": 500000000, "cpu_shares": 512, "pids_limit": 99, "cpuset_cpus": "0", "cpuset_mems": 0,
		"log_driver": "json-file", "log_options": map[string]any{"max-size": "1m", "max-file": 2},
	})
	x := h.inspect(a["id"])
	for _, one := range []struct {
		what string
		got  any
		want string
	}{
		{"entrypoint", x.Config.Entrypoint, `["sh"]`}, {"command", x.Config.Cmd, `["-c","sleep 1000"]`}, {"label", x.Config.Labels["app"], `"x"`},
		{"working_dir", x.Config.WorkingDir, `"/tmp"`}, {"user", x.Config.User, `"0"`}, {"hostname", x.Config.Hostname, `"box"`},
		{"restart_policy", x.HostConfig.RestartPolicy, `{"Name":"on-failure","MaximumRetryCount":2}`}, {"network", x.HostConfig.NetworkMode, `"none"`},
		{"mem_limit", x.HostConfig.Memory, "67108864"}, {"memswap_limit", x.HostConfig.MemorySwap, "-1"}, {"nano_cpus", x.HostConfig.NanoCPUs, "500000000"},
		{"cpu_shares", x.HostConfig.CPUShares, "512"}, {"pids_limit", x.HostConfig.PidsLimit, "99"}, {"cpuset_cpus", x.HostConfig.CpusetCpus, `"0"`},
		{"cpuset_mems", x.HostConfig.CpusetMems, `"0"`}, {"the log", x.HostConfig.LogConfig, `{"Type":"json-file","Config":{"max-file":"2","max-size":"1m"}}`},
	} {
		is(t, one.what, one.got, one.want)
	}
	mounts := map[string]string{}
	for _, m := range x.Mounts {
		mounts[m.Destination] = fmt.Sprint(m.Type, " ", m.Name+m.Source, " ", m.RW)
	}
	if !strings.HasPrefix(mounts["/data"], "volume "+volume) || !strings.HasSuffix(mounts["/data"], " false") || mounts["/host"] != "bind "+folder+" true" {
		t.Errorf("the mounts are %v", mounts)
	}
	status, b := h.tryRun("/docker/run-extended", map[string]any{"storage_opt": map[string]any{"size": "10G"}})
	if detail := fmt.Sprint(b["detail"]); status != 200 && (status != 409 || !strings.Contains(detail, "storage cannot be bounded")) {
		t.Errorf("storage_opt: %d %v", status, b)
	}
}

func TestRunWaitsForTheEndWhereAsked(t *testing.T) {
	h := startDockerHub(t)
	a := h.run("/docker/run", map[string]any{"command": `sh -c "echo out; sleep 1; printf 'err\377' >&2; exit 4"`, "detach": false})
	delete(a, "id")
	delete(a, "name")
	is(t, "the answer", a, `{"exit_code":4,"logs":"out\nerr`+"\uFFFD"+`","ports":{},"status":"exited"}`)
	a = h.run("/docker/run-extended", map[string]any{"command": "echo unseen", "detach": false, "log_driver": "none"})
	if a["exit_code"] != 0.0 || a["logs"] != "" || !strings.Contains(fmt.Sprint(a["warnings"]), "log driver") {
		t.Errorf("%v", a)
	}
}

func TestAClientThatLeavesAWaitingRunEndsNothing(t *testing.T) {
	h := startDockerHub(t)
	name := dockertest.Name("left")
	t.Cleanup(func() {
		_ = h.api.ContainerRemove(context.Background(), name, containertypes.RemoveOptions{Force: true})
	})
	body := h.encoded(map[string]any{"image": dockertest.Image(t), "name": name, "command": "sleep 1000", "detach": false})
	c := h.dial(fmt.Sprintf("POST /docker/run HTTP/1.1\nHost: localhost\nContent-Type: application/json\nContent-Length: %d\n\n", len(body)) + body)
	h.await(20*time.Second, "it runs", func() bool {
		x, err := h.api.ContainerInspect(context.Background(), name)
		return err == nil && x.State.Running
	})
	c.Close()
	h.await(10*time.Second, "the server lets the connection go", func() bool { return h.listener.Open() == 0 })
	if !h.inspect(name).State.Running {
		t.Error("it was ended")
	}
}

func TestAMissingImageIsPulledByATask(t *testing.T) {
	h := startDockerHub(t)
	registry := dockertest.StartRegistry(t)
	h.login(registry)
	repo := registry.Host + "/" + dockertest.Name("run") + ":1"
	h.must("/docker/tag", map[string]any{"source": dockertest.Image(t), "repo": strings.TrimSuffix(repo, ":1"), "tag": "1"})
	h.must("/docker/push", map[string]any{"repo_tag": repo})
	h.must("/docker/rmi", map[string]any{"id_or_name": repo})
	a := h.run("/docker/run", map[string]any{"image": repo})
	id, _ := a["pulled_by"].(string)
	if a["status"] != "running" || !strings.HasPrefix(id, "docker_pull-") {
		t.Fatalf("%v", a)
	}
	if s, ok := h.server.tasks.Get(id); !ok || s.Status != "completed" || len(h.kept("tasks/"+id)) < 3 {
		t.Errorf("%+v", s)
	}
	a = h.run("/docker/run", map[string]any{"image": repo})
	if _, pulled := a["pulled_by"]; pulled {
		t.Errorf("it is pulled again: %v", a)
	}
	name := dockertest.Name("nothing")
	status, a := h.tryRun("/docker/run", map[string]any{"image": registry.Host + "/none/such:1", "name": name})
	if status != 404 || !strings.Contains(fmt.Sprint(a["detail"]), "none/such") || !strings.HasPrefix(fmt.Sprint(a["task_id"]), "docker_pull-") {
		t.Errorf("%d %v", status, a)
	}
	if _, err := h.api.ContainerInspect(t.Context(), name); err == nil {
		t.Error("a container is left")
	}
	t.Cleanup(func() { h.post("/docker/rmi", map[string]any{"id_or_name": repo, "force": true}) })
}

func TestWhatARunCannotBeMakesNothing(t *testing.T) {
	h := startDockerHub(t)
	taken := h.run("/docker/run", map[string]any{})
	l, err := net.Listen("tcp", "0.0.0.0:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	port := l.Addr().(*net.TCPAddr).Port
	for what, c := range map[string]struct {
		body   map[string]any
		status int
		says   string // or the field
	}{
		"a port in use":    {map[string]any{"ports": map[string]any{"80": port}}, 409, fmt.Sprint("port ", port)},
		"a name in use":    {map[string]any{"name": taken["name"]}, 409, "in use"},
		"no image":         {map[string]any{"image": nil}, 422, "image"},
		"a bad image":      {map[string]any{"image": "A B"}, 422, "image"},
		"a bad name":       {map[string]any{"name": "a b"}, 422, "name"},
		"a bad port":       {map[string]any{"ports": map[string]any{"80": 70000}}, 422, "ports"},
		"a bad host":       {map[string]any{"ports": map[string]any{"80": "web:80"}}, 422, "ports"},
		"a port that is":   {map[string]any{"ports": map[string]any{"80": true}}, 422, "80"},
		"ports as a list":  {map[string]any{"ports": []string{"80"}}, 422, "ports"},
		"an open quote":    {map[string]any{"command": `sh -c "x`}, 422, "command"},
		"a command of 5":   {map[string]any{"command": 5}, 422, "command"},
		"words of null":    {map[string]any{"command": []any{"a", nil}}, 422, "command"},
		"a size":           {map[string]any{"mem_limit": "much"}, 422, "mem_limit"},
		"a swap":           {map[string]any{"memswap_limit": "much"}, 422, "memswap_limit"},
		"cpus as a word":   {map[string]any{"nano_cpus": "two"}, 422, "nano_cpus"},
		"no bind":          {map[string]any{"volumes": map[string]any{"v": map[string]any{}}}, 422, "bind"},
		"no program":       {map[string]any{"command": "no-such-program"}, 400, "no-such-program"},
		"no network":       {map[string]any{"network": "no-such-network"}, 404, "no-such-network"},
		"the host":         {map[string]any{"network": "host"}, 403, "allow_host_access"},
		"another's":        {map[string]any{"network": "container:" + taken["id"].(string)}, 403, "allow_host_access"},
		"the engine":       {map[string]any{"volumes": map[string]any{"/var/run": map[string]any{"bind": "/x"}}}, 403, "allow_host_access"},
		"this engine":      {map[string]any{"volumes": map[string]any{strings.TrimPrefix(h.host, "unix://"): map[string]any{"bind": "/x"}}}, 403, "allow_host_access"},
		"a log elsewhere":  {map[string]any{"log_driver": "syslog"}, 403, "allow_host_access"},
		"a log's address":  {map[string]any{"log_options": map[string]any{"syslog-address": "udp://x"}}, 403, "allow_host_access"},
		"more CPUs than":   {map[string]any{"cpuset_cpus": "999"}, 400, "999"},
		"a user of no one": {map[string]any{"user": "nobody-here"}, 422, "user"},
	} {
		if c.body["name"] == nil {
			c.body["name"] = dockertest.Name("never")
		}
		status, a := h.tryRun("/docker/run-extended", c.body)
		if status != c.status || !strings.Contains(fmt.Sprint(a["detail"]), c.says) {
			t.Errorf("%s: %d %v, want %d %s", what, status, a, c.status, c.says)
		}
		if name := c.body["name"]; name != taken["name"] {
			if _, err := h.api.ContainerInspect(t.Context(), name.(string)); err == nil {
				t.Errorf("%s: it has made a container", what)
			}
		}
	}
	if tasks := h.server.tasks.List(task.Filter{}); len(tasks) > 0 {
		t.Errorf("tasks were made: %+v", tasks)
	}
}
