package broker

import (
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// clean says whether anything is left of subscriptions that have been closed.
func clean(t *testing.T, b *Broker) {
	t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.selections)+len(b.byName)+len(b.patterns) > 0 {
		t.Errorf("left: %d selections, %d names, %d patterns", len(b.selections), len(b.byName), len(b.patterns))
	}
	for name, top := range b.topics {
		if len(top.selections) > 0 {
			t.Errorf("left: %d selections at %s", len(top.selections), name)
		}
	}
	for _, s := range b.sources {
		if s.mu.Lock(); len(s.demands) > 0 {
			t.Errorf("left: %d demands", len(s.demands))
		}
		s.mu.Unlock()
	}
}

func TestTenThousandSubscriptionsLeaveNothingBehind(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := New(Options{MaxTopics: 50})
		b.AddSource("fed/*", func(string, func()) func() { return func() {} }) // never fills
		choices := [][]string{{"a"}, {"a", "b"}, {"*"}, {"a", "t/*"}, {"none"}, {"fed/1"}, {"fed/1", "**"}}
		var waiting []*Subscription
		for i := range 10_000 {
			s, err := b.Subscribe(Request{Topics: choices[i%len(choices)], Wake: func() {}})
			if err != nil {
				t.Fatal(err)
			}
			for range i % 3 {
				s.Next(make([]Event, 0, 2), 1000)
			}
			if i%50 == 0 {
				publish(t, b, fmt.Sprint("t/", i), 1)
				publish(t, b, "a", 1)
			}
			if waiting = append(waiting, s); len(waiting) > 20 {
				k := i * 7 % len(waiting)
				waiting[k].Close()
				waiting[k] = waiting[20]
				waiting = waiting[:20]
			}
		}
		held := 0
		for _, d := range b.sources[0].demands {
			held += len(d.held)
		}
		if held > 20 {
			t.Errorf("a source that never fills holds %d readers, 20 are open", held)
		}
		for _, s := range waiting {
			s.Close()
		}
		time.Sleep(Linger)
		synctest.Wait()
		clean(t, b)
	})
}

// One of many waiting readers goes; the others are still woken.
func TestCloseWhileOthersWait(t *testing.T) {
	b := New(Options{})
	woken := make([]int, 10)
	readers := make([]*Subscription, len(woken))
	for i := range readers {
		readers[i] = open(t, b, Request{Topics: []string{"a"}, Wake: func() { woken[i]++ }})
		next(t, readers[i])
	}
	for _, i := range []int{9, 0, 4, 8} {
		readers[i].Close()
	}
	publish(t, b, "a", 1)
	if got := fmt.Sprint(woken); got != "[0 1 1 1 0 1 1 1 0 0]" {
		t.Errorf("woken %s", got)
	}
}

func TestClosedBroker(t *testing.T) {
	b := New(Options{})
	publish(t, b, "a", 2)
	b.Close()
	b.Close()
	if _, err := b.Publish("a", "line", nil); err != ErrClosed {
		t.Errorf("a publish: %v", err)
	}
	wants(t, "what is kept can still be read", next(t, subscribe(t, b, All, "a")), "a1 a2")
}

// Everything at once, from many goroutines, for the race detector and for locks
// that would wait for each other.
func TestEverythingAtOnce(t *testing.T) {
	b := New(Options{MaxTopics: 8, Journal: 50, Default: Policy{MaxEvents: 20}})
	b.AddSource("t/*", func(_ string, filled func()) func() {
		go filled()
		return func() { b.Publish("t/1", "line", nil) }
	})
	var all sync.WaitGroup
	for g := range 8 {
		all.Go(func() {
			for i := range 300 {
				topic := fmt.Sprint("t/", (g+i)%12)
				b.Publish(topic, "line", nil)
				s, err := b.Subscribe(Request{Topics: [][]string{{topic}, {"t/*"}, {topic, "a"}}[i%3], Wake: func() { b.Exists(topic) }})
				if err != nil {
					t.Error(err)
				}
				var closing sync.WaitGroup
				closing.Go(func() { b.Forget(topic); s.Close() })
				s.Next(make([]Event, 0, 3), 1000)
				s.Ended()
				s.Position()
				b.Topics("**")
				closing.Wait()
			}
		})
	}
	all.Wait()
	b.Close()
	clean(t, b)
}
