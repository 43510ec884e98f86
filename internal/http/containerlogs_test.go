package http

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	containertypes "github.com/docker/docker/api/types/container"

	"hub/internal/docker/dockertest"
	"hub/internal/follow"
)

// runScript starts a container that is gone after the test.
func (h *dockerHub) runScript(name, script string, tty bool) {
	h.t.Helper()
	config := &containertypes.Config{Image: dockertest.ImageOn(h.t, h.host), Cmd: []string{"sh", "-c", script}, Tty: tty}
	made, err := h.api.ContainerCreate(h.t.Context(), config, nil, nil, nil, name)
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(func() {
		_ = h.api.ContainerRemove(context.Background(), made.ID, containertypes.RemoveOptions{Force: true})
	})
	if err := h.api.ContainerStart(h.t.Context(), made.ID, containertypes.StartOptions{}); err != nil {
		h.t.Fatal(err)
	}
}

// logsOf asks until the log holds text.
func (h *dockerHub) logsOf(target, text string) (logs map[string]any) {
	h.t.Helper()
	h.await(20*time.Second, target+" holds "+text, func() bool {
		status, answer := h.call("GET", target, "")
		logs = answer
		return status == 200 && strings.Contains(answer["logs"].(string), text)
	})
	return logs
}

func TestLogsAreTheLastLinesOfBothStreams(t *testing.T) {
	h := startDockerHub(t)
	for _, tty := range []bool{false, true} {
		name, end := dockertest.Name("logs"), "\n"
		if tty {
			end = "\r\n" // what a terminal has written
		}
		h.runScript(name, "seq 200; sleep 0.2; echo sorry >&2; sleep 0.2; echo done", tty)
		h.logsOf("/docker/logs/"+name, "done")
		for query, lines := range map[string]int{"": 98, "?tail=3": 1, "?tail=all": 200, "?tail=10000": 200} {
			want := ""
			for i := 201 - lines; i <= 200; i++ {
				want += fmt.Sprint(i) + end
			}
			_, answer := h.call("GET", "/docker/logs/"+name+query, "")
			if want += "sorry" + end + "done" + end; answer["logs"] != want || answer["name"] != name || answer["id"] == "" {
				t.Errorf("%s: %q, want %q", query, answer, want)
			}
		}
		if _, answer := h.call("GET", "/docker/logs/"+name+"?tail=0", ""); answer["logs"] != "" {
			t.Errorf("tail=0: %v", answer)
		}
	}
	for query, want := range map[string]int{"none" + dockertest.Name("x"): 404, "none?tail=-1": 422, "none?tail=100000": 404, "none?tail=few": 422} {
		if status, answer := h.call("GET", "/docker/logs/"+query, ""); status != want {
			t.Errorf("%s: %d %v, want %d", query, status, answer, want)
		}
	}
}

// follows lets a follower feed the hub, as cmd/hub does.
func (h *dockerHub) follows() {
	h.t.Helper()
	f := follow.New(follow.Options{Broker: h.broker, Engine: h.engine, Log: slog.New(slog.DiscardHandler)})
	h.broker.AddSource("containers/*/logs", f.Logs)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- f.Run(ctx) }()
	h.t.Cleanup(func() {
		h.broker.Close()
		cancel()
		<-done
	})
}

func TestABurstOfAHundredThousandLinesReachesAWebSocketWhole(t *testing.T) {
	h := startDockerHub(t)
	h.follows()
	name := dockertest.Name("burst")
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	c, _, err := websocket.Dial(ctx, "ws://"+h.addr+"/stream/containers/"+name+"/logs", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer c.CloseNow()
	const lines = 250_000 // more than the topic keeps
	h.runScript(name, fmt.Sprint("seq ", lines), false)
	for next := 1; next <= lines; {
		_, message, err := c.Read(ctx)
		if err != nil {
			t.Fatalf("after %d lines: %v", next-1, err)
		}
		var e struct {
			Type string
			Data struct{ Line string }
		}
		if err := json.Unmarshal(message, &e); err != nil {
			t.Fatal(err)
		}
		switch {
		case e.Type == "gap":
			t.Fatalf("after %d lines: %s", next-1, message)
		case e.Type == "line" && e.Data.Line != fmt.Sprint(next):
			t.Fatalf("%s came where %d was due", e.Data.Line, next)
		case e.Type == "line":
			next++
		}
	}
}
