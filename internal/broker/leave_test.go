package broker

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestWhoLeavesOneTopicGoesOnWithTheOthersWithoutLossOrRepeat(t *testing.T) {
	for name, journal := range map[string]int{"by the journal": 1000, "by merging": 1} {
		t.Run(name, func(t *testing.T) {
			b := New(Options{Journal: journal, Default: Policy{MaxEvents: 4}})
			publish(t, b, "a", 2)
			publish(t, b, "b", 2)
			s := subscribe(t, b, All, "a", "b", "c/*")
			if got, want := next(t, s), "a1 a2 b1 b2"; got != want {
				t.Errorf("%s, want %s", got, want)
			}
			publish(t, b, "a", 1)
			publish(t, b, "b", 6)
			s.Leave("a")
			publish(t, b, "a", 1)
			publish(t, b, "c/1", 1)
			got := strings.Replace(next(t, s), "@7", "", 1) // whether the gap's end is a place is another test's affair
			if want := "gap(b 4-7 2 slow) b5 b6 b7 b8 c/11"; got != want {
				t.Errorf("%s, want %s", got, want)
			}
			s.Leave("b", "nothing of the kind")
			publish(t, b, "b", 1)
			publish(t, b, "c/2", 1)
			if got, want := next(t, s), "c/21"; got != want {
				t.Errorf("%s, want %s", got, want)
			}
		})
	}
}

func TestWhatRemainsOfATailIsNotWidened(t *testing.T) {
	b := New(Options{})
	publish(t, b, "a", 3)
	publish(t, b, "b", 3)
	s := subscribe(t, b, Tail(1), "a", "b")
	s.Leave("a")
	if got, want := next(t, s), "b3"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestALeftTopicWakesNobodyAndKeepsNothing(t *testing.T) {
	woken := 0
	b := New(Options{})
	s := open(t, b, Request{Topics: []string{"a", "b"}, Wake: func() { woken++ }})
	next(t, s) // there is nothing, so it waits
	s.Leave("a")
	if woken != 1 {
		t.Errorf("woken %d times to wait for what remains", woken)
	}
	next(t, s)
	woken = 0
	publish(t, b, "a", 1)
	if woken != 0 {
		t.Error("woken by what it has left")
	}
	publish(t, b, "b", 1)
	if woken != 1 {
		t.Errorf("woken %d times by what it still reads", woken)
	}
	if n := len(b.selections); n != 1 {
		t.Errorf("%d selections are kept for one reader", n)
	}
}

func TestWhoLeavesInTheMiddleOfAMergeGetsNothingMoreOfIt(t *testing.T) {
	b := New(Options{Journal: 1})
	for range 3 {
		publish(t, b, "a", 1)
		publish(t, b, "b", 1)
		publish(t, b, "c", 1)
	}
	s := subscribe(t, b, All, "a", "b", "c")
	if got, want := story(t, s.Next(make([]Event, 0, 2), 1<<20)), "a1 b1"; got != want {
		t.Fatalf("%s, want %s", got, want)
	}
	s.Leave("a")
	if got, want := next(t, s), "c1 b2 c2 b3 c3"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestARestartIsStillToldOfWhatRemains(t *testing.T) {
	b := New(Options{})
	s := subscribe(t, b, After("old-5"), "a", "b")
	s.Leave("b")
	if got, want := next(t, s), "gap(a 5-0 null restart)@0"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestWhoLeavesTheTopicOfASourceWaitsForItNoMore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := New(Options{})
		stopped := false
		b.AddSource("logs/*", func(string, func()) func() { return func() { stopped = true } }) // it never fills
		publish(t, b, "a", 1)
		s := subscribe(t, b, All, "a", "logs/1")
		if got := next(t, s); got != "" {
			t.Errorf("before the source has filled: %s", got)
		}
		s.Leave("logs/1")
		if got, want := next(t, s), "a1"; got != want {
			t.Errorf("%s, want %s", got, want)
		}
		time.Sleep(Linger)
		synctest.Wait()
		if !stopped {
			t.Error("the source runs on without a reader")
		}
	})
}
