package follow

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"testing"
	"time"

	containertypes "github.com/docker/docker/api/types/container"
	"github.com/docker/docker/client"

	"hub/internal/broker"
	"hub/internal/docker"
	"hub/internal/docker/dockertest"
	"hub/internal/mask"
)

func TestMain(m *testing.M) { os.Exit(dockertest.Main(m)) }

// hub is a broker that a follower feeds from a real engine.
type hub struct {
	t        *testing.T
	broker   *broker.Broker
	follower *Follower
	api      *client.Client
	image    string
}

// start follows the engine at host until the test ends. The image is made by way
// of direct, where host is something in front of that engine.
func start(t *testing.T, host string, direct ...string) *hub {
	t.Helper()
	api := host
	if len(direct) > 0 {
		api = direct[0]
	}
	h := &hub{t: t, api: dockertest.Client(t, api), image: dockertest.ImageOn(t, api)}
	engine, err := docker.New(docker.Options{Host: host})
	if err != nil {
		t.Fatal(err)
	}
	logs := broker.Policy{MaxEvents: 100_000, MaxBytes: 64 << 20, Start: broker.Tail(100)}
	h.broker = broker.New(broker.Options{Rules: []broker.Rule{
		{Pattern: "containers/*/logs", Policy: logs},
		{Pattern: "containers/*/stats", Policy: broker.Policy{Latest: true, Start: broker.Tail(1)}},
	}})
	h.follower = New(Options{Broker: h.broker, Engine: engine, Mask: new(mask.Set), Log: slog.New(slog.NewTextHandler(t.Output(), nil))})
	h.broker.AddSource("containers/*/logs", h.follower.Logs)
	h.broker.AddSource("containers/*/stats", h.follower.Stats)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- h.follower.Run(ctx) }()
	t.Cleanup(func() {
		h.broker.Close()
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
		engine.Close()
	})
	await(t, "the engine is found", func() bool { ok, _, _ := h.follower.Engine(); return ok })
	return h
}

func await(t *testing.T, what string, is func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !is(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("not within 20 s: %s", what)
		}
	}
}

// create makes a container that runs a script, and removes it after the test.
func (h *hub) create(name, script string, more ...option) string {
	h.t.Helper()
	config := &containertypes.Config{Image: h.image, Cmd: []string{"sh", "-c", script}}
	host := &containertypes.HostConfig{}
	for _, change := range more {
		change(config, host)
	}
	made, err := h.api.ContainerCreate(context.Background(), config, host, nil, nil, name)
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(func() {
		_ = h.api.ContainerRemove(context.Background(), made.ID, containertypes.RemoveOptions{Force: true})
	})
	return made.ID
}

// run creates and starts one.
func (h *hub) run(name, script string, more ...option) string {
	h.t.Helper()
	id := h.create(name, script, more...)
	h.start(id)
	return id
}

func (h *hub) start(id string) {
	h.t.Helper()
	h.must(h.api.ContainerStart(context.Background(), id, containertypes.StartOptions{}))
}

func (h *hub) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

// ends waits until a container has stopped.
func (h *hub) ends(id string) {
	h.t.Helper()
	await(h.t, "the container stops", func() bool {
		r, err := h.api.ContainerInspect(context.Background(), id)
		return err == nil && !r.State.Running
	})
}

// option changes what a container is made of.
type option func(*containertypes.Config, *containertypes.HostConfig)

func plain(*containertypes.Config, *containertypes.HostConfig) {}

func terminal(c *containertypes.Config, _ *containertypes.HostConfig) { c.Tty = true }

// stoppable is for a script that ends on TERM.
func stoppable(c *containertypes.Config, _ *containertypes.HostConfig) { c.StopSignal = "TERM" }

// filled waits until the log's topic of a container has what was there before its
// readers.
func (h *hub) filled(name string) {
	h.t.Helper()
	h.follower.logs.mu.Lock()
	filled := h.follower.logs.workers[name].filled
	h.follower.logs.mu.Unlock()
	select {
	case <-filled:
	case <-time.After(20 * time.Second):
		h.t.Fatal("the topic is not filled")
	}
}

// reader reads topics and keeps all that came.
type reader struct {
	t      *testing.T
	sub    *broker.Subscription
	events []broker.Event
}

func (h *hub) read(start broker.Start, topics ...string) *reader {
	h.t.Helper()
	sub, err := h.broker.Subscribe(broker.Request{Topics: topics, Start: start})
	h.must(err)
	h.t.Cleanup(sub.Close)
	return &reader{t: h.t, sub: sub}
}

// until reads on until is holds of all that has come.
func (r *reader) until(what string, is func() bool) {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	for !is() {
		var err error
		if r.events, err = r.sub.Receive(ctx, r.events); err != nil {
			r.t.Fatalf("%s: %v, after %s", what, err, r)
		}
	}
}

// untilSaid reads until a line, a part or an event contains text.
func (r *reader) untilSaid(text string) {
	r.t.Helper()
	seen := 0
	r.until(text, func() bool {
		for ; seen < len(r.events); seen++ {
			if strings.Contains(string(r.events[seen].Data()), text) {
				return true
			}
		}
		return false
	})
}

// data is an event's as text: of a line its text, with "!" before what came from
// stderr and "…" behind a part; of a container event what happened.
func data(e *broker.Event) string {
	var d struct {
		Stream, Line, Event, Warning, Status, Reason string
		Part                                         int
		Last                                         bool
		ExitCode                                     *int `json:"exit_code"`
	}
	_ = json.Unmarshal(e.Data(), &d)
	switch e.Kind {
	case "line":
		text := d.Line
		if d.Stream == "stderr" {
			text = "!" + text
		}
		if d.Part > 0 && !d.Last {
			text += "…"
		}
		return text
	case "container":
		if d.ExitCode != nil {
			return fmt.Sprintf("[%s %d]", d.Event, *d.ExitCode)
		}
		return "[" + d.Event + "]"
	}
	return "[" + e.Kind + " " + d.Status + d.Reason + "]"
}

// String is all that came, each in its short form, long runs of lines abridged.
func (r *reader) String() string {
	var all []string
	for i := range r.events {
		if at := len(all); at > 40 && r.events[i].Kind == "line" && i+20 < len(r.events) {
			if all[at-1] != "…" {
				all = append(all, "…")
			}
			continue
		}
		all = append(all, data(&r.events[i]))
	}
	return strings.Join(all, "|")
}

func (r *reader) want(want string) {
	r.t.Helper()
	if r.String() != want {
		r.t.Errorf("got  %s\nwant %s", r, want)
	}
}

// exec runs a command in a container and waits for it to begin.
func (h *hub) exec(id string, command ...string) {
	h.t.Helper()
	made, err := h.api.ContainerExecCreate(context.Background(), id, containertypes.ExecOptions{Cmd: command})
	h.must(err)
	h.must(h.api.ContainerExecStart(context.Background(), made.ID, containertypes.ExecStartOptions{}))
}
