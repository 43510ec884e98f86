package system

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"os/user"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// child starts a program that ends with the test.
func child(t *testing.T, name string, args ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command(name, args...)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	return cmd
}

func find(list []Process, pid int) (Process, bool) {
	i := slices.IndexFunc(list, func(p Process) bool { return int(p.PID) == pid })
	if i < 0 {
		return Process{}, false
	}
	return list[i], true
}

func TestTopByCPUFindsABusyProcess(t *testing.T) {
	busy := child(t, "sh", "-c", "while :; do :; done", "busy one")
	top, err := New(Options{}).Top(t.Context(), ByCPU, MaxTop)
	if err != nil {
		t.Fatal(err)
	}
	p, ok := find(top, busy.Process.Pid)
	if !ok {
		t.Fatalf("not among %d processes", len(top))
	}
	me, err := user.Current()
	if err != nil {
		t.Fatal(err)
	}
	if p.CPUPercent < 5 || p.Name != "sh" || p.Username != me.Username || p.RSS == 0 || p.MemoryPercent <= 0 {
		t.Errorf("%+v", p)
	}
	if want := []string{"sh", "-c", "while :; do :; done", "busy one"}; !slices.Equal(p.Cmdline, want) {
		t.Errorf("cmdline %q, want %q", p.Cmdline, want)
	}
	if !slices.IsSortedFunc(top, func(a, b Process) int { return int((b.CPUPercent - a.CPUPercent) * 10) }) {
		t.Error("not the highest first")
	}
}

func TestTopByMemoryIsCutToTheLimit(t *testing.T) {
	child(t, "sleep", "60")
	m := New(Options{})
	all, err := m.Top(t.Context(), ByMemory, MaxTop)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.IsSortedFunc(all, func(a, b Process) int { return int(b.RSS) - int(a.RSS) }) {
		t.Error("not the highest first")
	}
	if _, ok := find(all, os.Getpid()); !ok {
		t.Error("this process is not listed")
	}
	two, err := m.Top(t.Context(), ByMemory, 2)
	if err != nil || len(two) != 2 || two[0].PID != all[0].PID || two[1].PID != all[1].PID {
		t.Errorf("limit 2 gave %+v, %v", two, err)
	}
}

func TestTopRefusesOtherOrdersAndLimits(t *testing.T) {
	m := New(Options{})
	for _, tt := range []struct {
		sort  Sort
		limit int
		want  string
	}{
		{"name", 1, `sort must be cpu or memory, not "name"`},
		{"", 1, `sort must be cpu or memory, not ""`},
		{ByCPU, 0, "limit must be from 1 to 1000, not 0"},
		{ByCPU, -1, "limit must be from 1 to 1000, not -1"},
		{ByMemory, 1001, "limit must be from 1 to 1000, not 1001"},
	} {
		_, err := m.Top(t.Context(), tt.sort, tt.limit)
		var bad *ArgumentError
		if !errors.As(err, &bad) || err.Error() != tt.want {
			t.Errorf("got %v, want %s", err, tt.want)
		}
	}
}

func TestAThousandCallsCostOneSample(t *testing.T) {
	var samples atomic.Int32
	h := thisHost
	h.memory = func() (memories, error) { samples.Add(1); return readMemory() } // read once a sample
	m := newMonitor(Options{}, h)
	began := time.Now()
	var calls sync.WaitGroup
	for i := range 1000 {
		calls.Go(func() {
			sort := []Sort{ByCPU, ByMemory}[i%2]
			if top, err := m.Top(t.Context(), sort, 1+i%3); err != nil || len(top) != 1+i%3 {
				t.Errorf("%d processes, %v", len(top), err)
			}
		})
	}
	calls.Wait()
	if n := samples.Load(); n != 1 && time.Since(began) < sampleFresh {
		t.Errorf("%d samples", n)
	}
}

func TestAProcessThatVanishesIsLeftOut(t *testing.T) {
	m := New(Options{})
	gone := child(t, "sleep", "60")
	s, err := m.takeSample()
	if err != nil {
		t.Fatal(err)
	}
	_ = gone.Process.Kill()
	_ = gone.Wait()
	top := s.top(ByMemory, len(s.processes))
	if _, ok := find(top, gone.Process.Pid); ok {
		t.Error("listed although it is gone")
	}
	if len(top) == 0 {
		t.Error("the others are gone with it")
	}
}

func TestAnAnswerHasTheNextProcessInPlaceOfOneThatIsGone(t *testing.T) {
	there := func(pid int32) *entry {
		return &entry{pid: pid, describe: func() (Process, bool) { return Process{PID: pid}, true }}
	}
	gone := &entry{pid: 1, describe: func() (Process, bool) { return Process{}, false }}
	list := []*entry{gone, there(2), there(3), there(4)}
	s := &sample{processes: list, byCPU: func() []*entry { return list }}
	if top := s.top(ByCPU, 2); len(top) != 2 || top[0].PID != 2 || top[1].PID != 3 {
		t.Errorf("%+v", top)
	}
}

func TestACommandLineIsAListWhereThereIsNone(t *testing.T) {
	dead := child(t, "true") // not waited for, it stays as a zombie, which has none
	m := New(Options{})
	for {
		s, err := m.takeSample()
		if err != nil {
			t.Fatal(err)
		}
		p, ok := find(s.top(ByMemory, len(s.processes)), dead.Process.Pid)
		if !ok || p.Cmdline == nil {
			t.Fatalf("listed: %v, with the command line %#v", ok, p.Cmdline)
		}
		if len(p.Cmdline) == 0 {
			return
		}
	}
}

func TestACallerMayLeaveBeforeTheSampleIsTaken(t *testing.T) {
	m := New(Options{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := m.Top(ctx, ByCPU, 1); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if _, err := m.Top(t.Context(), ByCPU, 1); err != nil { // joins the sample that the first call began
		t.Error(err)
	}
}

func TestProcessorTimeBetweenTwoLooks(t *testing.T) {
	now := time.Now()
	for _, tt := range []struct {
		name      string
		then, now look
		want      float64
	}{
		{"half of a processor", look{10, now}, look{10.1, now.Add(200 * time.Millisecond)}, 50},
		{"three processors", look{10, now}, look{13, now.Add(time.Second)}, 300},
		{"another process with the same number", look{10, now}, look{1, now.Add(time.Second)}, 0},
		{"born in between", firstLook(nil, 1, now), look{0.1, now.Add(200 * time.Millisecond)}, 50},
		{"no time passed", look{10, now}, look{11, now}, 0},
	} {
		if got := cpuPercent(tt.then, tt.now); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}
