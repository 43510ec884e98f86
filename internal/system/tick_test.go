package system

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/shirou/gopsutil/v3/cpu"
)

// running starts Run in a bubble and returns a function that stops it and waits for it.
func running(t *testing.T, m *Monitor) (stop func()) {
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- m.Run(ctx) }()
	synctest.Wait()
	return func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("Run returned %v", err)
		}
	}
}

func TestATickAtOnceAndThenOneASecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, f := &recorder{}, &fakeHost{}
		stop := running(t, newMonitor(Options{Publisher: r}, f.host()))
		for second := range 60 {
			if len(r.seen()) != second+1 {
				t.Fatalf("%d events after %d s", len(r.seen()), second)
			}
			time.Sleep(time.Second)
			synctest.Wait()
		}
		stop()
		want := event{"system/usage", "usage", `{"cpu_percent":25,` +
			`"memory":{"total":100,"used":40,"available":50,"percent":50},` +
			`"swap":{"total":10,"used":1,"free":9,"percent":10},` +
			`"disk_root":{"total":1000,"used":250,"free":700,"percent":26.3},` +
			`"net_io":{"bytes_sent":1,"bytes_recv":2,"packets_sent":3,"packets_recv":4}}`}
		for i, got := range r.seen() {
			if got != want {
				t.Errorf("event %d is %v", i, got)
			}
		}
		if n := f.diskReads.Load(); n != 7 {
			t.Errorf("asked the file system %d times in a minute, want one in 10 s", n)
		}
	})
}

func TestUsageIsTheLastTickWhileThatIsFresh(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, f := &recorder{}, &fakeHost{}
		m := newMonitor(Options{Publisher: r}, f.host())
		stop := running(t, m)
		for range 1000 {
			m.Usage()
			time.Sleep(time.Millisecond)
		}
		synctest.Wait()
		if n := f.memoryReads.Load(); n != 2 {
			t.Errorf("%d reads for two ticks and 1,000 calls", n)
		}
		answer, err := json.Marshal(m.Usage())
		if err != nil || string(answer) != r.seen()[len(r.seen())-1].data {
			t.Errorf("the answer %s is not the last event (%v)", answer, err)
		}
		stop()
		time.Sleep(1500 * time.Millisecond)
		if m.Usage(); f.memoryReads.Load() != 2 {
			t.Error("measured although the last tick is one and a half periods old")
		}
		time.Sleep(time.Millisecond)
		if m.Usage(); f.memoryReads.Load() != 3 {
			t.Error("did not measure although the last tick is older than that")
		}
	})
}

func TestABlockedFileSystemStopsNoTick(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, r := &fakeHost{}, &recorder{}
		h := f.host()
		unblock := make(chan struct{})
		var calls atomic.Int32
		var blocked atomic.Bool
		h.disk = func() (Space, error) {
			n := calls.Add(1)
			if blocked.Load() {
				<-unblock
			}
			return Space{Total: 1000, Used: uint64(n)}, nil
		}
		m := newMonitor(Options{Publisher: r, Log: slog.New(slog.DiscardHandler)}, h)
		stop := running(t, m)
		blocked.Store(true)
		time.Sleep(time.Minute)
		synctest.Wait()
		if len(r.seen()) != 61 || calls.Load() != 2 {
			t.Errorf("%d events and %d calls in a minute, want 61 and 2", len(r.seen()), calls.Load())
		}
		for second, want := range map[int]bool{9: false, 12: false, 13: true, 60: true} {
			if got := strings.Contains(r.seen()[second].data, `"stale":["disk_root"]`); got != want {
				t.Errorf("second %d: stale %v, want %v", second, got, want)
			}
		}
		if u := m.Usage(); u.DiskRoot.Used != 1 {
			t.Errorf("the last value was not kept: %+v", u.DiskRoot)
		}
		close(unblock)
		time.Sleep(2 * time.Second)
		synctest.Wait()
		if u := m.Usage(); u.DiskRoot.Used != 3 || u.Stale != nil {
			t.Errorf("after the file system answered again: %+v", u)
		}
		stop()
	})
}

func TestAFileSystemThatFailsKeepsItsLastValue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := (&fakeHost{}).host()
		answers := []error{nil, errFake, nil}
		h.disk = func() (Space, error) {
			err := answers[0]
			answers = answers[1:]
			return Space{Total: uint64(len(answers))}, err
		}
		m := newMonitor(Options{Log: slog.New(slog.DiscardHandler)}, h)
		for i, want := range []Usage{{DiskRoot: Space{Total: 2}}, {DiskRoot: Space{Total: 2}, Stale: []string{"disk_root"}}, {}} {
			m.Usage()
			time.Sleep(diskEvery / 2) // the look that this call began has ended
			if got := m.Usage(); got.DiskRoot != want.DiskRoot || !slices.Equal(got.Stale, want.Stale) {
				t.Errorf("look %d: %+v", i, got)
			}
			time.Sleep(diskEvery / 2)
		}
	})
}

func TestAFileSystemBlockedFromTheStartDelaysTheFirstTickOnlyShortly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := (&fakeHost{}).host()
		unblock := make(chan struct{})
		h.disk = func() (Space, error) { <-unblock; return Space{Total: 1}, nil }
		m := newMonitor(Options{Log: slog.New(slog.DiscardHandler)}, h)
		began := time.Now()
		u := m.Usage()
		if waited := time.Since(began); waited != diskFirstWait || len(u.Stale) != 1 || u.Memory.Total != 100 {
			t.Errorf("waited %v for %+v", waited, u)
		}
		close(unblock)
	})
}

func TestWhatCannotBeReadKeepsItsValueIsNamedAndLoggedOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		f, r := &fakeHost{}, &recorder{}
		stop := running(t, newMonitor(Options{Publisher: r, Log: slog.New(slog.NewTextHandler(&log, nil))}, f.host()))
		f.fail.Store(true)
		time.Sleep(5 * time.Second)
		synctest.Wait()
		f.fail.Store(false)
		time.Sleep(5 * time.Second)
		synctest.Wait()
		stop()
		good := r.seen()[0].data
		stale := strings.TrimSuffix(good, "}") + `,"stale":["cpu_percent","memory","net_io","swap"]}`
		for second, want := range map[int]string{1: stale, 5: stale, 6: good, 10: good} {
			if r.seen()[second].data != want {
				t.Errorf("second %d: %s", second, r.seen()[second].data)
			}
		}
		if n := strings.Count(log.String(), "\n"); n != 6 {
			t.Errorf("%d log lines, want one for each figure that failed and one when it came back:\n%s", n, &log)
		}
	})
}

func TestAPanicEndsNeitherTheTicksNorAnAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &recorder{}
		h := (&fakeHost{}).host()
		broken := func() { panic("broken") }
		h.times = func() (_ cpu.TimesStat, err error) { broken(); return }
		h.disk = func() (_ Space, err error) { broken(); return }
		m := newMonitor(Options{Publisher: panicking{r}, Log: slog.New(slog.DiscardHandler)}, h)
		stop := running(t, m)
		time.Sleep(3 * time.Second)
		synctest.Wait()
		if len(r.seen()) != 4 {
			t.Errorf("%d ticks in 3 s", len(r.seen()))
		}
		if u := m.Usage(); u.Memory.Total != 100 || len(u.Stale) != 2 {
			t.Errorf("%+v", u)
		}
		stop()
	})
}

type panicking struct{ Publisher }

func (p panicking) Publish(topic, kind string, data []byte) (uint64, error) {
	_, _ = p.Publisher.Publish(topic, kind, data)
	panic("broken")
}
