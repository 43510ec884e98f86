package follow

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	containertypes "github.com/docker/docker/api/types/container"

	"hub/internal/broker"
	"hub/internal/docker"
	"hub/internal/docker/dockertest"
)

func TestWhatHappensInTheEngineIsPublished(t *testing.T) {
	h := start(t, dockertest.Engine(t))
	name, _ := name()
	r := h.read(broker.Now, Events)
	id := h.run(name, "exit 4")
	h.ends(id)
	h.must(h.api.ContainerRemove(context.Background(), id, containertypes.RemoveOptions{}))
	var actions []string
	next := 0
	r.until("it is removed", func() bool {
		for ; next < len(r.events); next++ {
			var e struct {
				Action, ID, Name string
				Attributes       map[string]string
			}
			if err := json.Unmarshal(r.events[next].Data(), &e); err != nil {
				t.Fatal(err)
			}
			if r.events[next].Kind != "container" || e.ID != id {
				continue
			}
			if actions = append(actions, e.Action); e.Name != name {
				t.Errorf("%s", r.events[next].JSON())
			}
			if e.Action == "die" && e.Attributes["exitCode"] != "4" {
				t.Errorf("%s", r.events[next].JSON())
			}
		}
		return strings.HasSuffix(strings.Join(actions, " "), "destroy")
	})
	if got := strings.Join(actions, " "); got != "create start die destroy" {
		t.Error(got)
	}
}

func TestFiguresComeWhileTheContainerRunsAndItsEndIsSaid(t *testing.T) {
	h := start(t, dockertest.Engine(t))
	name, _ := name()
	r := h.read(broker.All, "containers/"+name+"/stats")
	id := h.run(name, "while :; do :; done")
	type figures struct {
		ID, Name string
		Running  bool
		docker.Stats
	}
	last := func() (f figures) {
		if n := len(r.events); n > 0 {
			if err := json.Unmarshal(r.events[n-1].Data(), &f); err != nil {
				t.Fatal(err)
			}
		}
		return f
	}
	for range 2 {
		r.until("figures", func() bool { return last().Running && last().CPUPercent > 1 })
		if f := last(); f.ID != id || f.Name != name || f.PIDs != 1 || f.Memory.Used == 0 {
			t.Errorf("%+v", f)
		}
		h.must(h.api.ContainerKill(context.Background(), id, "KILL"))
		r.until("its end", func() bool { return len(r.events) > 0 && !last().Running })
		h.start(id)
	}
}
