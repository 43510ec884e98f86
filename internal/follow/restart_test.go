package follow

import (
	"context"
	"fmt"
	"strings"
	"testing"

	containertypes "github.com/docker/docker/api/types/container"

	"hub/internal/broker"
	"hub/internal/docker/dockertest"
)

func at(timeout int) containertypes.StopOptions { return containertypes.StopOptions{Timeout: &timeout} }

// count is how often each line came, and each container event.
func (r *reader) count() map[string]int {
	n := map[string]int{}
	for i := range r.events {
		n[data(&r.events[i])]++
	}
	return n
}

func TestARestartedContainerGoesOnInItsTopicWithEachLineOnce(t *testing.T) {
	h := start(t, dockertest.Engine(t))
	name, topic := name()
	// Each run says the same and then who it is: its lines are told apart by their times alone.
	id := h.run(name, "seq 500; echo ready >&2; trap 'echo bye; exit 0' TERM; while :; do sleep 0.05; done", stoppable)
	r := h.read(broker.All, topic)
	for run := range 6 {
		r.until(fmt.Sprint("run ", run+1, " is ready"), func() bool { return r.count()["!ready"] == run+1 })
		if run < 5 {
			h.must(h.api.ContainerRestart(context.Background(), id, at(5)))
		}
	}
	h.must(h.api.ContainerStop(context.Background(), id, at(5)))
	r.until("it stops for good", func() bool { return r.count()["bye"] == 6 && strings.HasSuffix(r.String(), "[stopped 0]") })
	n := r.count()
	for i := 1; i <= 500; i++ {
		if n[fmt.Sprint(i)] != 6 {
			t.Errorf("line %d came %d times, want 6", i, n[fmt.Sprint(i)])
		}
	}
	if n["!ready"] != 6 || n["[restarted]"]+n["[restarted 0]"] != 5 {
		t.Errorf("%d ready, %d + %d restarted", n["!ready"], n["[restarted]"], n["[restarted 0]"])
	}
	markers(t, r)
}

// markers checks that the lines of each run stand behind its start's event.
func markers(t *testing.T, r *reader) {
	t.Helper()
	runs, lines := 1, 0
	for i := range r.events {
		switch text := data(&r.events[i]); {
		case strings.HasPrefix(text, "[restarted"):
			if lines != 502 {
				t.Errorf("%d lines before restart %d, want 502", lines, runs)
			}
			runs, lines = runs+1, 0
		case r.events[i].Kind == "line":
			lines++
		}
	}
}

func TestAContainerMadeAnewUnderItsNameGoesOnInItsTopic(t *testing.T) {
	h := start(t, dockertest.Engine(t))
	name, topic := name()
	r := h.read(broker.All, topic)
	first := h.run(name, "echo one; sleep 300")
	r.untilSaid(`"one"`)
	h.must(h.api.ContainerRemove(context.Background(), first, containertypes.RemoveOptions{Force: true}))
	r.untilSaid("removed")
	second := h.run(name, "echo one; exit 3")
	r.untilSaid(second)
	r.until("the second ends", func() bool { return strings.HasSuffix(r.String(), "[stopped 3]") })
	r.want("[started]|one|[stopped 137]|[removed]|[replaced]|one|[stopped 3]")
}

func TestLinesOfARemovedContainerStayReadable(t *testing.T) {
	h := start(t, dockertest.Engine(t))
	name, topic := name()
	id := h.run(name, "echo one; echo two; sleep 300")
	r := h.read(broker.All, topic)
	r.untilSaid(`"two"`)
	h.must(h.api.ContainerRemove(context.Background(), id, containertypes.RemoveOptions{Force: true}))
	r.untilSaid("removed")
	late := h.read(broker.All, topic)
	late.untilSaid("removed")
	late.want("one|two|[stopped 137]|[removed]")
}

func TestARenamedContainerIsSaidAndFollowedUnderItsNewName(t *testing.T) {
	h := start(t, dockertest.Engine(t))
	name, topic := name()
	id := h.run(name, "echo one; while ! [ -e /go ]; do sleep 0.05; done; echo two; sleep 300")
	r := h.read(broker.All, topic)
	r.untilSaid(`"one"`)
	renamed := h.read(broker.All, "containers/"+name+"-2/logs")
	h.filled(name + "-2")
	h.must(h.api.ContainerRename(context.Background(), id, name+"-2"))
	r.untilSaid(name + "-2")
	h.exec(id, "touch", "/go")
	renamed.untilSaid(`"two"`)
	r.want("one|[renamed]")
	renamed.want("[renamed]|one|two")
}

func TestAPatternIsJoinedByContainersThatStartLater(t *testing.T) {
	h := start(t, dockertest.Engine(t))
	name, topic := name()
	h.run(name, "echo before; sleep 300")
	r := h.read(broker.All, "containers/*/logs")
	r.untilSaid(`"before"`)
	h.run(name+"-late", "echo after; sleep 300")
	r.untilSaid(`"after"`)
	own := h.read(broker.All, topic)
	own.untilSaid(`"before"`)
	if got := strings.TrimPrefix(own.String(), "[started]|"); got != "before" { // its start may just have been told
		t.Error(got)
	}
}

func TestALogThatCannotBeReadSaysSo(t *testing.T) {
	h := start(t, dockertest.Engine(t))
	name, topic := name()
	r := h.read(broker.All, topic)
	h.run(name, "echo unseen; sleep 300", func(_ *containertypes.Config, host *containertypes.HostConfig) {
		host.LogConfig.Type = "none"
	})
	r.untilSaid("keeps nothing that could be read: none")
}

func TestASmallLogIsWarnedOfOnce(t *testing.T) {
	h := start(t, dockertest.Engine(t))
	name, topic := name()
	id := h.run(name, "echo one; sleep 300", func(_ *containertypes.Config, host *containertypes.HostConfig) {
		host.LogConfig = containertypes.LogConfig{Type: "json-file", Config: map[string]string{"max-size": "1m", "max-file": "3"}}
	})
	r := h.read(broker.All, topic)
	r.untilSaid("max-size")
	h.must(h.api.ContainerRestart(context.Background(), id, at(0)))
	r.until("the second run", func() bool { return r.count()["one"] == 2 })
	warnings := 0
	for i := range r.events {
		if r.events[i].Kind == "status" {
			warnings++
		}
	}
	if warnings != 1 {
		t.Errorf("%d warnings: %s", warnings, r)
	}
}

// A container that is removed as soon as it ends may be gone before its log can be
// asked for. Then a gap says so.
func TestAContainerThatIsGoneAtOnceLeavesItsLinesOrAGap(t *testing.T) {
	h := start(t, dockertest.Engine(t))
	for range 5 {
		name, topic := name()
		r := h.read(broker.All, topic)
		h.run(name, "echo hi", func(_ *containertypes.Config, host *containertypes.HostConfig) { host.AutoRemove = true })
		r.until("a line or a gap", func() bool { return r.count()["hi"] == 1 || strings.Contains(kinds(r.events), "gap") })
	}
}
