package task_test

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"hub/internal/task"
)

// alive tells whether a process runs; one that is dead but not waited for does not.
func alive(t *testing.T, pid int) bool {
	t.Helper()
	stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	return err == nil && !strings.Contains(string(stat), ") Z ")
}

// pids reads the process ids that a command wrote as lines "pid N".
func pids(t *testing.T, p *recorder, n int) (all []int) {
	t.Helper()
	for limit := time.Now().Add(20 * time.Second); len(all) < n && time.Now().Before(limit); time.Sleep(time.Millisecond) {
		all = nil
		for _, e := range p.of("a") {
			if _, after, found := strings.Cut(e, `"line":"pid `); found {
				pid, err := strconv.Atoi(strings.TrimSuffix(after, `"}`))
				if err != nil {
					t.Fatal(err)
				}
				all = append(all, pid)
			}
		}
	}
	if len(all) != n {
		t.Fatalf("%d pids in %q", len(all), p.of("a"))
	}
	return all
}

func TestCancelEndsTheWholeProcessGroup(t *testing.T) {
	p, k := startCommand(t, task.Command{Cmd: `sh -c 'sh -c "echo pid \$\$; sleep 1000; :"; :' & sh -c 'echo pid $$; sleep 1000; :' & echo pid $$; wait`})
	all := pids(t, p, 3)
	begun := time.Now()
	s, err := k.registry.Cancel(t.Context(), "a")
	if err != nil || s.Outcome != task.Cancelled || *s.ExitCode != 143 {
		t.Errorf("%v %+v", err, s)
	}
	for _, pid := range all {
		if alive(t, pid) {
			t.Errorf("process %d lives", pid)
		}
	}
	if took := time.Since(begun); took > 4*time.Second {
		t.Errorf("TERM was not enough: it took %v", took)
	}
	events := p.of("a")
	if end := events[len(events)-1]; end != `end {"status":"cancelled","exit_code":143,"error":"cancelled","result":{"exit_code":143,"signal":"SIGTERM"}}` {
		t.Error(end)
	}
	if n := strings.Count(strings.Join(events, "\n"), "end {"); n != 1 {
		t.Errorf("%d end events", n)
	}
}

func TestWhatDoesNotHeedTermIsKilled(t *testing.T) {
	p, k := startCommand(t, task.Command{Cmd: `(trap 'echo still here' TERM; echo pid $$; while :; do sleep 0.1; done) & wait`})
	pids(t, p, 1)
	begun := time.Now()
	s, err := k.registry.Cancel(t.Context(), "a")
	if err != nil || s.Outcome != task.Cancelled {
		t.Errorf("%v %+v", err, s)
	}
	if took := time.Since(begun); took < 5*time.Second || took > 7*time.Second {
		t.Errorf("it took %v", took)
	}
	if !strings.Contains(strings.Join(p.of("a"), "\n"), "still here") {
		t.Errorf("its last words are lost: %q", p.of("a"))
	}
}

func TestAShutdownInterruptsCommands(t *testing.T) {
	p, k := startCommand(t, task.Command{Cmd: `echo pid $$; exec sleep 1000`})
	pid := pids(t, p, 1)[0]
	if err := k.registry.Close(t.Context()); err != nil {
		t.Error(err)
	}
	if s := k.Snapshot(); s.Outcome != task.Interrupted || alive(t, pid) {
		t.Errorf("alive %v, %+v", alive(t, pid), s)
	}
}

func TestAGrandchildThatHoldsThePipeDelaysTheEndByItsGraceOnly(t *testing.T) {
	begun := time.Now()
	p, s := run(t, task.Command{Cmd: `(echo pid $(exec sh -c 'echo $PPID'); sleep 0.3; echo later; sleep 1000) & exit 3`})
	pid := pids(t, p, 1)[0]
	t.Cleanup(func() { syscall.Kill(pid, syscall.SIGKILL) })
	if took := time.Since(begun); took < time.Second || took > 4*time.Second {
		t.Errorf("it took %v", took)
	}
	if !strings.Contains(strings.Join(p.of("a"), "\n"), `"line":"later"`) {
		t.Errorf("what it wrote in the grace is lost: %q", p.of("a"))
	}
	if *s.ExitCode != 3 || s.Status != task.Completed || !alive(t, pid) {
		t.Errorf("alive %v, %+v", alive(t, pid), s)
	}
}

func TestACommandThatForksAwayEndsAtOnce(t *testing.T) {
	file := filepath.Join(t.TempDir(), "pid")
	begun := time.Now()
	_, s := run(t, task.Command{Cmd: `sleep 1000 >/dev/null 2>&1 & echo $! > ` + file})
	pid := readPID(t, file)
	t.Cleanup(func() { syscall.Kill(pid, syscall.SIGKILL) })
	if took := time.Since(begun); took > time.Second || *s.ExitCode != 0 || !alive(t, pid) {
		t.Errorf("it took %v, alive %v, %+v", took, alive(t, pid), s)
	}
}

func TestACommandThatClosesItsOutputsLivesOn(t *testing.T) {
	begun := time.Now()
	_, s := run(t, task.Command{Cmd: `exec >&- 2>&-; sleep 1.5; exit 7`})
	if took := time.Since(begun); took < 1500*time.Millisecond || *s.ExitCode != 7 {
		t.Errorf("it took %v, %+v", took, s)
	}
}

func TestCancelDuringTheGraceEndsTheGrandchild(t *testing.T) {
	file := filepath.Join(t.TempDir(), "pid")
	_, k := startCommand(t, task.Command{Cmd: `sleep 1000 & echo $! > ` + file + `.new; mv ` + file + `.new ` + file})
	eventually(t, "the command runs", func() bool { _, err := os.Stat(file); return err == nil })
	s, err := k.registry.Cancel(t.Context(), "a")
	if err != nil || s.Outcome != task.Cancelled || alive(t, readPID(t, file)) {
		t.Errorf("%v %+v", err, s)
	}
}

func readPID(t *testing.T, file string) int {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(b)))
	if err != nil {
		t.Fatal(err)
	}
	return pid
}

func TestCommandsLeaveNoFileDescriptorBehind(t *testing.T) {
	count := func() int {
		all, err := os.ReadDir("/proc/self/fd")
		if err != nil {
			t.Fatal(err)
		}
		return len(all)
	}
	run(t, task.Command{Cmd: "true"})
	before := count()
	for range 20 {
		run(t, task.Command{Cmd: "true"})
		run(t, task.Command{Cmd: "true " + strings.Repeat("x", 200_000)})
	}
	if after := count(); after > before+2 {
		t.Errorf("%d descriptors, %d before", after, before)
	}
}
