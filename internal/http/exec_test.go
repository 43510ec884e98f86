package http

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"hub/internal/docker/dockertest"
)

// inside runs a container that sleeps, and is its name.
func (h *dockerHub) inside() string {
	h.t.Helper()
	return h.sleeper(dockertest.Name("inside"))
}

// processes is how many of a container's processes have the words in their command line.
func (h *dockerHub) processes(container, words string) (n int) {
	h.t.Helper()
	top, err := h.api.ContainerTop(context.Background(), container, nil)
	if err != nil {
		h.t.Fatal(err)
	}
	for _, p := range top.Processes {
		if strings.Contains(strings.Join(p, " "), words) {
			n++
		}
	}
	return n
}

func TestExecAnswersAsTheOlderServiceDid(t *testing.T) {
	h := startDockerHub(t)
	name := h.inside()
	for body, want := range map[string]string{
		`"cmd":"echo 'a  b' \"$HOME\" ; ls"`:                                             `{"exit_code":0,"output":"a  b $HOME ; ls\n"}`,
		`"cmd":["sh","-c","echo out; sleep .2; echo err >&2; exit 4"]`:                   `{"exit_code":4,"output":"out\nerr\n"}`,
		`"cmd":["printf","\\377\\000"]`:                                                  `{"exit_code":0,"output":"\ufffd\u0000"}`,
		`"cmd":"sh -c 'echo $A; pwd; id -u'","env":{"A":1},"workdir":"/tmp","user":1234`: `{"exit_code":0,"output":"1\n/tmp\n1234\n"}`,
		`"cmd":"test -t 0 -a -t 1","tty":true,"stream":null,"unknown":1`:                 `{"exit_code":0,"output":""}`,
	} {
		r, text := h.raw("POST", "/docker/exec", `{"id_or_name":"`+name+`",`+body+`}`)
		if r.StatusCode != 200 || text != want {
			t.Errorf("%s: %d %s, want %s", body, r.StatusCode, text, want)
		}
	}
	a := h.must("/docker/exec", map[string]any{"id_or_name": name, "cmd": "no-such-program"})
	if code := a["exit_code"]; code != 126.0 && code != 127.0 || !strings.Contains(a["output"].(string), "no-such-program") {
		t.Errorf("a program that is not there: %v", a)
	}
}

func TestExecsOutputIsBounded(t *testing.T) {
	h := startDockerHub(t)
	a := h.must("/docker/exec", map[string]any{"id_or_name": h.inside(), "cmd": "sh -c 'head -c 9000000 /dev/zero | tr \"\\0\" x; exit 3'"})
	if len(a["output"].(string)) != mostExecOutput || a["truncated"] != true || a["exit_code"] != 3.0 {
		t.Errorf("%d bytes, truncated %v, exit code %v", len(a["output"].(string)), a["truncated"], a["exit_code"])
	}
}

func TestWhatExecCannotRunIsAnErrorAnswer(t *testing.T) {
	h := startDockerHub(t)
	name := h.inside()
	for _, stream := range []string{"", `,"stream":true`} {
		for body, want := range map[string]string{
			`"id_or_name":"no-such-container","cmd":"ls"`:             `404 {"detail":"cannot run a command in container no-such-container: No such container`,
			`"id_or_name":"../images/json","cmd":"ls"`:                `404 {"detail":`,
			`"id_or_name":"` + name + `"`:                             `422 {"detail":[{"loc":["body","cmd"],"msg":"field required"`,
			`"id_or_name":"` + name + `","cmd":" "`:                   `422 {"detail":[{"loc":["body","cmd"],`,
			`"id_or_name":"` + name + `","cmd":"a 'b"`:                `422 {"detail":[{"loc":["body","cmd"],`,
			`"id_or_name":"` + name + `","cmd":7`:                     `422 {"detail":[{"loc":["body","cmd"],`,
			`"id_or_name":"` + name + `","cmd":[]`:                    `422 {"detail":[{"loc":["body","cmd"],`,
			`"id_or_name":"` + name + `","cmd":"ls","workdir":"srv"`:  `422 {"detail":[{"loc":["body","workdir"],`,
			`"id_or_name":"` + name + `","cmd":"ls","env":{"A=B":""}`: `422 {"detail":[{"loc":["body","env"],`,
		} {
			r, text := h.raw("POST", "/docker/exec", "{"+body+stream+"}")
			if got := fmt.Sprintf("%d %s", r.StatusCode, text); !strings.HasPrefix(got, want) {
				t.Errorf("%s: %s, want %s", body+stream, got, want)
			}
		}
	}
	h.must("/docker/stop", map[string]any{"id_or_name": name, "timeout": 0})
	if status, a := h.post("/docker/exec", map[string]any{"id_or_name": name, "cmd": "ls"}); status != 409 || !strings.Contains(fmt.Sprint(a["detail"]), "does not run") {
		t.Errorf("stopped: %d %v", status, a)
	}
	away := startDockerHubWith(t, dockerSetup{Host: "unix://" + t.TempDir() + "/none.sock"})
	if status, a := away.post("/docker/exec", map[string]any{"id_or_name": name, "cmd": "ls"}); status != 503 || !strings.Contains(fmt.Sprint(a["detail"]), "DOCKER_HOST") {
		t.Errorf("no engine: %d %v", status, a)
	}
}

func TestAClientThatLeavesAWaitingExecEndsNothing(t *testing.T) {
	h := startDockerHub(t)
	name := h.inside()
	body := h.encoded(map[string]any{"id_or_name": name, "cmd": "sleep 501"})
	c := h.dial(fmt.Sprintf("POST /docker/exec HTTP/1.1\nHost: localhost\nContent-Type: application/json\nContent-Length: %d\n\n", len(body)) + body)
	h.await(20*time.Second, "it runs", func() bool { return h.processes(name, "sleep 501") == 1 })
	c.Close()
	h.await(10*time.Second, "the server lets the connection go", func() bool { return h.listener.Open() == 0 })
	if h.processes(name, "sleep 501") != 1 {
		t.Error("it was ended")
	}
}

func TestAWaitingExecIsAnsweredWhenTheHubShutsDown(t *testing.T) {
	h := startDockerHub(t)
	name := h.inside()
	answered := make(chan string, 1)
	go func() {
		status, a := h.post("/docker/exec", map[string]any{"id_or_name": name, "cmd": "sleep 502"})
		answered <- fmt.Sprint(status, a["detail"])
	}()
	h.await(20*time.Second, "it runs", func() bool { return h.processes(name, "sleep 502") == 1 })
	h.server.Leave()
	if got := <-answered; got != "503the hub is shutting down; the command runs on in the container" {
		t.Error(got)
	}
}

func TestALiveExecIsATask(t *testing.T) {
	h := startDockerHub(t)
	name := h.inside()
	a := h.must("/docker/exec", map[string]any{"id_or_name": name, "cmd": []string{"sh", "-c", "echo one; sleep .3; echo two >&2; printf three; exit 5"}, "stream": true})
	id, _ := a["task_id"].(string)
	if !strings.HasPrefix(id, "docker_exec-") || a["status"] != "started" || a["stream"] != "/stream/tasks/"+id {
		t.Errorf("%v", a)
	}
	_, text := h.get("/stream/tasks/"+id, "Accept: application/x-ndjson")
	for _, want := range []string{
		`"type":"status"`, `"container":"` + name + `"`, `"data":{"stream":"stdout","line":"one"}`, `"data":{"stream":"stderr","line":"two"}`,
		`"data":{"stream":"stdout","line":"three"}`, `"data":{"status":"completed","exit_code":5}`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s in\n%s", want, text)
		}
	}
}

func TestExecGivesItsLiveStreamToWhoNamesIt(t *testing.T) {
	h := startDockerHub(t)
	name := h.inside()
	r, text := h.raw("POST", "/docker/exec", `{"id_or_name":"`+name+`","cmd":"echo hello"}`, "Accept: text/plain")
	if r.StatusCode != 200 || !strings.HasPrefix(r.Header.Get("X-Task-Id"), "docker_exec-") || !strings.Contains(text, "\nhello\n") && !strings.HasPrefix(text, "hello\n") {
		t.Errorf("%d %v %s", r.StatusCode, r.Header, text)
	}
}

func TestACancelledLiveExecEndsInTheContainer(t *testing.T) {
	h := startDockerHub(t)
	name := h.inside()
	h.must("/docker/exec", map[string]any{"id_or_name": name, "cmd": "sh -c 'sleep 503 & sleep 503'", "stream": true, "task_id": "long"})
	h.await(20*time.Second, "it runs", func() bool { return h.processes(name, "sleep 503") > 1 })
	a := h.must("/tasks/long/cancel", "")
	if a["outcome"] != "cancelled" || a["error"] != "cancelled" {
		t.Errorf("%v", a)
	}
	if n := h.processes(name, "sleep 503"); n > 0 {
		t.Errorf("%d processes live on", n)
	}
}

func TestACancelledExecThatCannotBeEndedSaysSo(t *testing.T) {
	h := startDockerHub(t)
	name := h.inside()
	h.must("/docker/exec", map[string]any{"id_or_name": name, "cmd": "rm /bin/sh"})
	h.must("/docker/exec", map[string]any{"id_or_name": name, "cmd": "sleep 504", "stream": true, "task_id": "stuck"})
	h.await(20*time.Second, "it runs", func() bool { return h.processes(name, "sleep 504") == 1 })
	a := h.must("/tasks/stuck/cancel", "")
	if a["outcome"] != "cancelled" || !strings.Contains(fmt.Sprint(a["error"]), "may still run in container "+name) {
		t.Errorf("%v", a)
	}
}

func TestAnEngineThatIsKilledEndsALiveExecWithAnError(t *testing.T) {
	engine := dockertest.StartEngine(t)
	h := startDockerHubWith(t, dockerSetup{Host: engine.Host})
	name := h.inside()
	h.must("/docker/exec", map[string]any{"id_or_name": name, "cmd": "sleep 505", "stream": true, "task_id": "lost"})
	h.await(20*time.Second, "it runs", func() bool { return h.processes(name, "sleep 505") == 1 })
	engine.Kill()
	_, text := h.get("/stream/tasks/lost", "Accept: application/x-ndjson")
	if !strings.Contains(text, `"status":"error"`) || !strings.Contains(text, engine.Host) {
		t.Errorf("%s", text)
	}
	if err := engine.Start(); err != nil {
		t.Fatal(err)
	}
}
