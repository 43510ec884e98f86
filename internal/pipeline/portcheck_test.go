package pipeline

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// early is a definition whose first stage would be seen if it ran.
func (w *world) early(port int) Definition {
	return w.own(Stage{Step: Shell{Cmd: "echo began"}}, Stage{Step: page("early", port)}, Stage{Step: Probe{}})
}

// foundEarly checks that a run has failed before its first stage.
func (w *world) foundEarly(port int, words ...string) {
	w.Helper()
	k := w.fails(w.early(port), "run", append(words, fmt.Sprintf("port %d of the host is held by ", port), "choose another host_port")...)
	if got := w.events.stages(k.ID()); fmt.Sprint(got) != "[run starting run error]" {
		w.Errorf("stages are %q", got)
	}
	if said := w.events.stage(k.ID(), "run", "error"); said["host_port"] != float64(port) {
		w.Errorf("%v", said)
	}
}

func TestAPortOfSomebodyElsesContainerIsFoundBeforeTheFirstStage(t *testing.T) {
	t.Parallel()
	w := newWorld(t, options{})
	port := sitePort(t)
	c := w.foreign(port, nil)
	w.foundEarly(port, "container "+c.Name+" (image hub-test/busybox:latest), which the hub did not deploy: stop it")
	busy := sitePort(t)
	c = w.foreign(busy, map[string]string{labelSite: "another", labelCandidate: "true", labelPort: "1"})
	w.foundEarly(busy, "container "+c.Name+", a candidate of a deploy of another")
	w.stays(nil)
}

func TestAPortOfAProgramIsFoundBeforeTheFirstStage(t *testing.T) {
	t.Parallel()
	w := newWorld(t, options{})
	for _, address := range []string{"127.0.0.1:0", "[::1]:0"} {
		l, err := net.Listen("tcp", address)
		if err != nil && address[0] == '[' {
			continue // a machine without IPv6
		} else if err != nil {
			t.Fatal(err)
		}
		w.foundEarly(l.Addr().(*net.TCPAddr).Port, "the hub itself: choose another")
		l.Close()
	}
	port := sitePort(t)
	program := exec.Command("busybox", "httpd", "-f", "-p", fmt.Sprintf("127.0.0.1:%d", port), "-h", t.TempDir())
	if err := program.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		_ = program.Process.Kill()
		_ = program.Wait()
	}()
	w.until("it listens", func() bool { return taken(port) })
	w.foundEarly(port, fmt.Sprintf("busybox (process %d): end it", program.Process.Pid))
	w.stays(nil)
}

func TestAPortIsLookedAtAgainWhenTheStageRuns(t *testing.T) {
	t.Parallel()
	w := newWorld(t, options{})
	port := sitePort(t)
	gate := w.TempDir() + "/gate"
	k := w.start(w.own(Stage{Step: Shell{Cmd: "echo waits; until test -e " + gate + "; do sleep 0.05; done"}}, Stage{Step: page("late", port)}))
	w.until("the first stage runs", func() bool { return strings.Contains(w.events.text(k.ID()), `"line":"waits"`) })
	c := w.foreign(port, nil)
	if err := os.WriteFile(gate, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	w.failed(k, "run", "is held by container "+c.Name)
	w.stays(nil)
}

func TestARetryThatDoesNotRunAgainNeedsNoPort(t *testing.T) {
	t.Parallel()
	w := newWorld(t, options{})
	port := sitePort(t)
	gate := w.TempDir() + "/gate"
	k := w.fails(w.own(Stage{Step: Shell{Cmd: "true"}}, Stage{"first", page("one", port)}, Stage{"late", Shell{Cmd: "test -e " + gate}}), "late")
	if err := os.WriteFile(gate, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	before := w.mine()
	w.completed(w.retry(k.ID(), Retry{}))
	w.stays(before)
}

func TestLooksAtAPortDoNotDisturb(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := l.Addr().(*net.TCPAddr).Port
	if !taken(port) {
		t.Error("a port that somebody listens on is free")
	}
	l.Close()
	if taken(port) {
		t.Error("a port that was let go of is taken")
	}
}
