package pipeline

import (
	"context"
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"hub/internal/docker/dockertest"
)

// busy is how much longer than promised things may take on a machine that has other tests to run.
const busy = 3

// outage is how a port answered while it was watched.
type outage struct {
	tries   int
	longest time.Duration // from an answer to the next one, where tries between had none
}

// watch asks a port every 20 ms until the returned function is called.
func (w *world) watch(port int) (stop func() outage) {
	w.Helper()
	done := make(chan struct{})
	var wait sync.WaitGroup
	var o outage
	wait.Go(func() {
		answered, failing := time.Now(), false
		for {
			o.tries++
			if text := get(port, ""); strings.Contains(text, fmt.Sprint(port)) || text == "" { // an error names the address
				failing = true
			} else {
				if failing {
					o.longest = max(o.longest, time.Since(answered))
				}
				answered, failing = time.Now(), false
			}
			select {
			case <-done:
				return
			case <-time.After(20 * time.Millisecond):
			}
		}
	})
	return func() outage {
		close(done)
		wait.Wait()
		return o
	}
}

func TestATakeoverIsShort(t *testing.T) {
	t.Parallel()
	w := newWorld(t, options{})
	port := sitePort(t)
	w.completes(w.runs(page("one", port), Probe{}))
	watch := w.watch(port)
	k := w.completes(w.runs(page("two", port), Probe{}))
	o := watch()
	t.Logf("of %d tries none was answered for %s; %s", o.tries, o.longest, w.events.lines(k.ID(), "probe"))
	if o.longest > busy*returning {
		t.Errorf("nobody served for %s", o.longest)
	}
}

// taking listens on a port as soon as it is free, until the returned function is called or the test ends.
func taking(t *testing.T, port int) (has func() bool, letGo func()) {
	ctx, stop := context.WithCancel(context.Background())
	got, gone := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(gone)
		for ctx.Err() == nil {
			if l, err := net.Listen("tcp", fmt.Sprintf("0.0.0.0:%d", port)); err == nil {
				close(got)
				<-ctx.Done()
				l.Close()
			}
		}
	}()
	letGo = func() { stop(); <-gone }
	t.Cleanup(letGo)
	return func() bool {
		select {
		case <-got:
			return true
		default:
			return false
		}
	}, letGo
}

func TestAPortThatIsTakenInTheMiddleOfATakeoverIsGivenBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t, options{})
	port := sitePort(t)
	w.completes(w.runs(page("one", port), Probe{}))
	before := w.mine()
	has, letGo := taking(t, port)
	k := w.start(w.runs(page("two", port), Probe{}))
	w.until("the port is taken", has)
	w.until("the old one has tried to start in vain", func() bool {
		c, err := w.api.ContainerInspect(t.Context(), strings.Fields(before[0])[1])
		return err == nil && strings.Contains(c.State.Error, "address already in use")
	})
	letGo()
	freed := time.Now()
	w.rolledBack(k, "probe", fmt.Sprintf("port %d of the host is held by the hub itself", port))
	w.until("it serves", func() bool { return get(port, "") == "one" })
	if late := time.Since(freed); late > busy*returning {
		t.Errorf("the old one is back after %s", late)
	}
	w.stays(before)
}

func TestACancelInTheMiddleOfATakeoverBringsTheOldOneBack(t *testing.T) {
	t.Parallel()
	// It takes note of TERM and goes on, so that the takeover waits for it.
	image := builtImage(t, "FROM "+dockertest.Image(t)+"\nSTOPSIGNAL SIGTERM")
	w := newWorld(t, options{})
	port := sitePort(t)
	stubborn := page("one", port)
	stubborn.Image = image
	stubborn.Command[2] = `mkdir /www; echo one > /www/index.html; trap 'touch /www/told' TERM; httpd -f -p 80 -h /www & while :; do wait; done`
	w.completes(w.runs(stubborn, Probe{}))
	before := w.mine()
	k := w.start(w.runs(page("two", port), Probe{}))
	w.until("the old one is told to stop", func() bool { return get(port, "told") == "" })
	if took := w.cancels(k, "candidate"); took > busy*returning {
		t.Errorf("the end took %s", took)
	}
	w.until("it serves", func() bool { return get(port, "") == "one" })
	for end := time.Now().Add(grace + time.Second); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		if got := get(port, ""); got != "one" {
			t.Fatalf("and then %q, killed by the stop that the takeover began", got)
		}
	}
	w.stays(before)
}

func TestACancelLeavesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, options{})
	port := sitePort(t)
	first := w.start(w.runs(dead(port), Probe{}))
	if took := w.cancels(first, "asleep"); took > busy*returning {
		t.Errorf("the end took %s", took)
	}
	w.stays(nil)
	w.completes(w.runs(page("one", port), Probe{}))
	before := w.mine()
	for stage, k := range map[string]Definition{"run": w.own(Stage{Step: dead(port)}), "probe": w.runs(dead(port), Probe{})} {
		second := w.start(k)
		if took := w.cancels(second, "asleep"); took > busy*returning {
			t.Errorf("the end took %s", took)
		}
		w.lastIsError(second.ID(), stage)
		w.shows(port, "one")
		w.stays(before)
	}
}

func TestAPanicTakesBackWhatARunHasStarted(t *testing.T) {
	t.Parallel()
	w := newWorld(t, options{})
	port := sitePort(t)
	w.completes(w.runs(page("one", port), Probe{}))
	before := w.mine()
	k := w.start(w.own(Stage{Step: page("two", port)}, Stage{Step: panics{}}, Stage{Step: Probe{}}))
	if s := w.end(k); !strings.Contains(s.Error, "panic: at the disco") {
		t.Errorf("%+v", s)
	}
	w.shows(port, "one")
	w.stays(before)
}

// panics is a step that does.
type panics struct{}

func (panics) Kind() string                            { return "panic" }
func (panics) check([]Stage) error                     { return nil }
func (panics) about(*run) facts                        { return nil }
func (panics) do(context.Context, *run) (facts, error) { panic("at the disco") }
