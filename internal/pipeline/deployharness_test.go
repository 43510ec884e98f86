package pipeline

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	containertypes "github.com/docker/docker/api/types/container"
	imagetypes "github.com/docker/docker/api/types/image"
	"github.com/docker/go-connections/nat"

	"hub/internal/docker"
	"hub/internal/docker/dockertest"
	"hub/internal/task"
)

// sitePorts are given out once each, below those that the system and the engine choose by themselves.
var sitePorts = struct {
	sync.Mutex
	next int
}{next: 21000 + int(time.Now().UnixNano()/1e6%8000)}

func sitePort(t testing.TB) int {
	t.Helper()
	sitePorts.Lock()
	defer sitePorts.Unlock()
	for range 1000 {
		if sitePorts.next++; !taken(sitePorts.next) {
			return sitePorts.next
		}
	}
	t.Fatal("no port is free")
	return 0
}

// page is a run stage of a site that answers with a text.
func page(text string, port int) Run {
	return Run{Image: dockertest.Base, HostPort: port, Prefix: "page",
		Command: []string{"sh", "-c", `mkdir /www; echo "$0" > /www/index.html; echo "serving $0"; exec httpd -f -p 80 -h /www`, text}}
}

// fault is one of a site that answers 500 to everything.
func fault(port int) Run {
	return Run{Image: dockertest.Base, HostPort: port, Prefix: "fault", Command: []string{"sh", "-c",
		`echo broken; exec nc -ll -p 80 -e sh -c 'while read -r l && [ ${#l} -gt 1 ]; do :; done; printf "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"'`}}
}

// dead is one of a container that never answers.
func dead(port int) Run {
	return Run{Image: dockertest.Base, HostPort: port, Prefix: "dead", Command: []string{"sh", "-c", "echo asleep; exec sleep 1000"}}
}

// deploy is a definition that runs and probes.
func (w *world) runs(run Run, probe Probe) Definition {
	return w.own(Stage{Step: run}, Stage{Step: probe})
}

// soon is a probe that gives up before long.
var soon = Probe{Timeout: time.Second}

// get is what a port of the host answers, asked for a file; the error's text where it does not.
func get(port int, file string) string {
	c := http.Client{Timeout: 5 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
	answer, err := c.Get(fmt.Sprintf("http://localhost:%d/%s", port, file))
	if err != nil {
		return err.Error()
	}
	defer answer.Body.Close()
	body, _ := io.ReadAll(answer.Body)
	return strings.TrimSpace(string(body))
}

// shows fails the test unless a port answers with a text.
func (w *world) shows(port int, want string) {
	w.Helper()
	if got := get(port, ""); got != want {
		w.Errorf("port %d answers %q, not %q", port, got, want)
	}
}

// mine are the containers of the world's runs, as "id state".
func (w *world) mine() (all []string) {
	w.Helper()
	containers, err := w.api.ContainerList(context.Background(), containertypes.ListOptions{All: true})
	if err != nil {
		w.Fatal(err)
	}
	for _, c := range containers {
		if c.Labels[labelOwner] == w.instance.name {
			all = append(all, c.Names[0]+" "+c.ID+" "+c.State)
		}
	}
	slices.Sort(all)
	return all
}

// stays fails the test unless the world's containers are those, and no deploy has left its mark.
func (w *world) stays(want []string) {
	w.Helper()
	if got := w.mine(); !slices.Equal(got, want) {
		w.Errorf("containers are %q, not %q", got, want)
	}
	w.noMarks()
}

func (w *world) noMarks() {
	w.Helper()
	if left := w.marks(); len(left) > 0 {
		w.Errorf("marks are left: %q", left)
	}
}

// rolledBack checks that a run failed in a stage, with those words, and that an older container serves.
func (w *world) rolledBack(k *task.Task, stage string, words ...string) {
	w.Helper()
	s := w.end(k)
	text, _ := w.events.stage(k.ID(), stage, "error")["error"].(string)
	if s.Outcome != task.RolledBack || s.Error != text {
		w.Fatalf("%s: %s: %s\n%s", k.ID(), s.Outcome, s.Error, w.events.text(k.ID()))
	}
	for _, word := range words {
		if !strings.Contains(text, word) {
			w.Errorf("%q, want %q in it", text, word)
		}
	}
	w.lastIsError(k.ID(), stage)
}

// lastIsError fails the test where something follows the error of a stage, other than the end.
func (w *world) lastIsError(id, stage string) {
	w.Helper()
	all := w.events.of(id)
	if n := len(all); n < 2 || !all[n-2].is(stage, "error") || all[n-1].kind != "end" {
		w.Errorf("something follows the stage's error:\n%s", w.events.text(id))
	}
}

// cancels cancels a run once it has said a word, and reports how long its end took.
func (w *world) cancels(k *task.Task, word string) time.Duration {
	w.Helper()
	w.until(k.ID()+" says "+word, func() bool { return strings.Contains(w.events.text(k.ID()), word) })
	ctx, stop := context.WithTimeout(context.Background(), time.Minute)
	defer stop()
	began := time.Now()
	s, err := w.o.Tasks.Cancel(ctx, k.ID())
	if err != nil || s.Outcome != task.Cancelled {
		w.Fatalf("%+v, %v", s, err)
	}
	return time.Since(began)
}

// foreign runs a container that is none of the hub's, which publishes a port.
func (w *world) foreign(port int, labels map[string]string) docker.Container {
	w.Helper()
	name := dockertest.Name("foreign")
	made, err := w.api.ContainerCreate(w.Context(),
		&containertypes.Config{Image: dockertest.Base, Cmd: page("foreign", port).Command, ExposedPorts: nat.PortSet{"80/tcp": {}}, Labels: labels},
		&containertypes.HostConfig{PortBindings: nat.PortMap{"80/tcp": {{HostPort: fmt.Sprint(port)}}}}, nil, nil, name)
	if err != nil {
		w.Fatal(err)
	}
	w.Cleanup(func() {
		_ = w.api.ContainerRemove(context.Background(), made.ID, containertypes.RemoveOptions{Force: true})
	})
	if err := w.api.ContainerStart(w.Context(), made.ID, containertypes.StartOptions{}); err != nil {
		w.Fatal(err)
	}
	c, err := w.engine.Container(w.Context(), made.ID)
	if err != nil {
		w.Fatal(err)
	}
	return c
}

// marks are the files of deploys that are not at their end.
func (w *world) marks() []string {
	w.Helper()
	files, err := filepath.Glob(filepath.Join(w.instance.folder, "*.deploy"))
	if err != nil {
		w.Fatal(err)
	}
	return files
}

// builtImage builds an image and removes it after the test. Worlds that run it are made later, and end before.
func builtImage(t *testing.T, dockerfile string) (id string) {
	t.Helper()
	host := dockertest.Engine(t)
	id = dockertest.Build(t, host, dockerfile, dockertest.Name("hub-test/built"))
	api := dockertest.Client(t, host)
	t.Cleanup(func() {
		_, _ = api.ImageRemove(context.Background(), id, imagetypes.RemoveOptions{Force: true})
	})
	return id
}

// removeSite removes what was deployed of a site that is not the world's own.
func (w *world) removeSite(site string) {
	w.Helper()
	all, err := w.engine.Labelled(context.Background(), map[string]string{labelSite: site})
	if err != nil {
		w.Error(err)
	}
	for _, c := range all {
		w.remove(context.Background(), c)
	}
}
