package broker

import (
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// upstream is a source that records what is asked of it and fills when told to.
type upstream struct {
	mu            sync.Mutex
	starts, stops int
	selectors     []string
	fill          map[string]func()
}

func feed(b *Broker, pattern string) *upstream {
	u := &upstream{fill: map[string]func(){}}
	b.AddSource(pattern, func(selector string, filled func()) func() {
		u.mu.Lock()
		defer u.mu.Unlock()
		u.starts++
		u.selectors = append(u.selectors, selector)
		u.fill[selector] = filled
		return func() {
			u.mu.Lock()
			defer u.mu.Unlock()
			u.stops++
		}
	})
	return u
}

func (u *upstream) expect(t *testing.T, what string, starts, stops int) {
	t.Helper()
	synctest.Wait()
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.starts != starts || u.stops != stops {
		t.Errorf("%s: %d starts, %d stops, want %d and %d", what, u.starts, u.stops, starts, stops)
	}
}

func TestSourceRunsWhileItIsRead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := New(Options{})
		u := feed(b, "logs/*")
		subscribe(t, b, All, "other", "logs", "logs/a/b")
		u.expect(t, "nobody reads it", 0, 0)
		var readers []*Subscription
		for range 1000 {
			readers = append(readers, subscribe(t, b, All, "logs/a"))
		}
		u.expect(t, "a thousand readers", 1, 0)
		for _, s := range readers[1:] {
			s.Close()
			s.Close()
		}
		time.Sleep(time.Hour)
		u.expect(t, "one reader is left", 1, 0)
		readers[0].Close()
		time.Sleep(Linger - time.Millisecond)
		u.expect(t, "a moment before", 1, 0)
		time.Sleep(time.Millisecond)
		u.expect(t, "five seconds after the last has left", 1, 1)
		subscribe(t, b, All, "logs/a").Close()
		u.expect(t, "somebody comes back later", 2, 1)
		time.Sleep(Linger)
		u.expect(t, "and leaves", 2, 2)
		clean := feed(b, "unused")
		clean.expect(t, "an unused one", 0, 0)
	})
}

func TestSourceRunsOnWhenSomebodyComesBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := New(Options{})
		u := feed(b, "logs/*")
		for range 5 { // the five seconds count from the last that left
			s := subscribe(t, b, All, "logs/a")
			time.Sleep(time.Second)
			s.Close()
			time.Sleep(Linger - time.Second)
		}
		u.expect(t, "readers come and go", 1, 0)
		s := subscribe(t, b, All, "logs/a")
		time.Sleep(time.Hour)
		u.expect(t, "somebody is there", 1, 0)
		s.Close()
		time.Sleep(Linger)
		u.expect(t, "nobody is", 1, 1)
	})
}

// Readers wait until the source has filled in what it has; their start is chosen
// from that.
func TestReadersAreHeldUntilTheSourceHasFilled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := New(Options{})
		u := feed(b, "logs/*")
		woken := 0
		tail := open(t, b, Request{Topics: []string{"logs/a"}, Start: Tail(2), Wake: func() { woken++ }})
		quick := open(t, b, Request{Topics: []string{"logs/a"}, Start: Now, Wake: func() { t.Error("woken without a Next") }})
		two := subscribe(t, b, Tail(1), "other", "logs/a")
		closed := subscribe(t, b, All, "logs/a")
		publish(t, b, "other", 3)
		for _, s := range []*Subscription{tail, two} {
			wants(t, "held", next(t, s), "")
			ended(t, "held", s, false)
		}
		closed.Close()
		publish(t, b, "logs/a", 5)
		if woken > 0 {
			t.Error("woken before the source has filled")
		}
		u.fill["logs/a"]()
		u.fill["logs/a"]() // once is enough
		if woken != 1 {
			t.Errorf("woken %d times", woken)
		}
		wants(t, "the tail of what was filled", next(t, tail), "logs/a4 logs/a5")
		wants(t, "now", next(t, quick), "")
		wants(t, "two", next(t, two), "other3 logs/a5")
		wants(t, "who comes later does not wait", next(t, subscribe(t, b, Tail(1), "logs/a")), "logs/a5")
	})
}

// What a fill pushes out again, before its readers begin, they were never owed.
func TestFillLargerThanItsTopic(t *testing.T) {
	for _, topics := range [][]string{{"logs/a"}, {"logs/a", "other"}} {
		b := New(Options{Default: Policy{MaxEvents: 3}})
		u := feed(b, "logs/*")
		s := subscribe(t, b, Tail(9), topics...)
		publish(t, b, "logs/a", 10)
		u.fill["logs/a"]()
		wants(t, "the tail", next(t, s), "logs/a8 logs/a9 logs/a10")
	}
}

// A position asked for while a reader is held is the one to come back with.
func TestPositionOfAHeldReader(t *testing.T) {
	b := New(Options{})
	feed(b, "logs/*")
	publish(t, b, "x", 9)
	for want, start := range map[uint64]Start{0: All, 4: After(b.ID(4)), 9: Now} {
		wants(t, "position", subscribe(t, b, start, "logs/a").Position(), b.ID(want))
	}
	s := subscribe(t, b, After("0ld-4"), "logs/a")
	wants(t, "of another epoch", s.Position(), b.ID(0))
}

// After a stop the next run fills again; the one before has nothing more to say.
func TestEachRunFillsForItself(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := New(Options{})
		u := feed(b, "logs/*")
		subscribe(t, b, All, "logs/a").Close()
		old := u.fill["logs/a"]
		old()
		time.Sleep(Linger)
		synctest.Wait()
		s := subscribe(t, b, All, "logs/a")
		publish(t, b, "logs/a", 1)
		old()
		wants(t, "held", next(t, s), "")
		u.fill["logs/a"]()
		wants(t, "filled", next(t, s), "logs/a1")
	})
}

// A subscription starts each source that it can meet, once for each selector.
func TestSelectorsThatMeetASource(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := New(Options{})
		logs, stats := feed(b, "containers/*/logs"), feed(b, "containers/*/stats")
		a := subscribe(t, b, All, "containers/web/*", "containers/web/logs", "tasks/*", "containers/web/logs")
		subscribe(t, b, All, "**")
		if got := fmt.Sprint(logs.selectors); got != "[containers/web/* containers/web/logs **]" {
			t.Error(got)
		}
		if got := fmt.Sprint(stats.selectors); got != "[containers/web/* **]" {
			t.Error(got)
		}
		a.Close()
		time.Sleep(Linger)
		logs.expect(t, "one of two readers has gone", 3, 2)
		b.Close()
		logs.expect(t, "closed", 3, 3)
		stats.expect(t, "closed", 2, 2)
	})
}

// After Close no source is started, and nobody waits for one.
func TestCloseStopsTheSources(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := New(Options{})
		u := feed(b, "logs/*")
		publish(t, b, "logs/a", 2)
		held := subscribe(t, b, All, "logs/a")
		b.Close()
		b.Close()
		u.expect(t, "closed", 1, 1)
		wants(t, "who was held", next(t, held), "logs/a1 logs/a2")
		held.Close()
		wants(t, "who comes later", next(t, subscribe(t, b, Tail(1), "logs/a")), "logs/a2")
		time.Sleep(Linger)
		u.expect(t, "later", 1, 1)
	})
}
