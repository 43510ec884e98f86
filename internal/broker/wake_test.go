package broker

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
)

// Wake is called once for each Next that returned nothing, when there is
// something, and not otherwise.
func TestWakeIsCalledOnce(t *testing.T) {
	b := New(Options{})
	woken := 0
	s := open(t, b, Request{Topics: []string{"a", "t/*"}, Wake: func() { woken++ }})
	expect := func(what string, want int) {
		t.Helper()
		if woken != want {
			t.Errorf("%s: woken %d times, want %d", what, woken, want)
		}
	}
	publish(t, b, "a", 1)
	expect("before the first Next", 0)
	wants(t, "what was there", story(t, s.Next(make([]Event, 0, 9), 1<<20)), "a1")
	publish(t, b, "a", 1)
	expect("Next had something", 0)
	next(t, s)
	next(t, s)
	expect("armed twice", 0)
	publish(t, b, "other", 1)
	b.Forget("a")
	expect("nothing for it", 0)
	publish(t, b, "a", 5)
	expect("an event", 1)
	publish(t, b, "a", 5)
	expect("not armed again", 1)
	next(t, s)
	publish(t, b, "t/new", 1)
	expect("a topic is born", 2)
	next(t, s)
	s.Close()
	publish(t, b, "a", 1)
	expect("closed", 2)
}

// A Wake may call whatever it likes: the broker's lock is not held.
func TestWakeMayCallTheBroker(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := New(Options{})
		b.AddSource("fed/*", func(topic string, filled func()) func() {
			publish(t, b, "fed/1", 1)
			filled()
			return func() { b.Publish("fed/1", "line", nil) }
		})
		var s, victim *Subscription
		rounds := 0
		victim = open(t, b, Request{Topics: []string{"fed/1", "a"}, Wake: func() {}})
		s = open(t, b, Request{Topics: []string{"**"}, Wake: func() {
			if rounds++; rounds > 3 {
				return
			}
			next(t, s)
			publish(t, b, "a", 1)
			b.Topics("**")
			b.Forget("b")
			other := subscribe(t, b, All, "fed/*")
			next(t, other)
			other.Close()
			victim.Close()
			if rounds == 3 {
				s.Close()
			}
		}})
		next(t, s)
		publish(t, b, "b", 1)
		synctest.Wait()
		if rounds < 3 {
			t.Errorf("%d rounds", rounds)
		}
		b.Close()
	})
}

func TestReceive(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := New(Options{})
		s := subscribe(t, b, All, "a")
		ctx, cancel := context.WithCancel(t.Context())
		var got atomic.Value
		go func() {
			events, err := s.Receive(ctx, nil)
			got.Store(story(t, events))
			if err != nil {
				t.Error(err)
			}
		}()
		synctest.Wait()
		publish(t, b, "a", 1)
		synctest.Wait()
		wants(t, "it waits until there is something", got.Load().(string), "a1")
		go cancel()
		if _, err := s.Receive(ctx, nil); !errors.Is(err, context.Canceled) {
			t.Errorf("cancelled: %v", err)
		}
		publish(t, b, "a", 1)
		if events, err := s.Receive(ctx, nil); err != nil || len(events) != 1 {
			t.Errorf("what is there comes before the error: %v", err)
		}
	})
}

func TestReceiveAfterClose(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := New(Options{})
		s := subscribe(t, b, All, "a")
		done := make(chan error)
		go func() {
			_, err := s.Receive(t.Context(), nil)
			done <- err
		}()
		synctest.Wait()
		s.Close()
		s.Close()
		if err := <-done; !errors.Is(err, ErrClosed) {
			t.Errorf("closed while waiting: %v", err)
		}
		for range 3 {
			if _, err := s.Receive(t.Context(), nil); !errors.Is(err, ErrClosed) {
				t.Errorf("closed before: %v", err)
			}
		}
		if s.Ended() || len(s.Next(nil, 1)) > 0 {
			t.Error("a closed subscription has something to say")
		}
	})
}

func TestBatchIsBoundedInEventsAndBytes(t *testing.T) {
	b := New(Options{})
	publish(t, b, "a", 50)
	for _, topics := range [][]string{{"a"}, {"*"}} {
		s := subscribe(t, b, All, topics...)
		wants(t, "capacity", story(t, s.Next(make([]Event, 1, 3), 1<<20)[1:]), "a1 a2")
		wants(t, "no capacity", story(t, s.Next(nil, 1<<20)), "a3")
		full := make([]Event, 2)
		if got := s.Next(full, 0); len(got) < 3 || got[2].N != 4 {
			t.Errorf("a full slice, no bytes: %s", story(t, got[2:]))
		}
		before := s.Position()
		got := s.Next(make([]Event, 0, 99), 3*int(b.Topics("a")[0].Bytes/50))
		if len(got) < 2 || len(got) > 5 {
			t.Errorf("%d events for three events' bytes after %s", len(got), before)
		}
	}
}

// A reader of few kinds goes through all the others in turns, and finds its own.
func TestReaderOfRareKinds(t *testing.T) {
	b := New(Options{})
	publish(t, b, "a", 3*patience)
	publishKind(t, b, "a", "rare")
	publish(t, b, "b", patience)
	for _, topics := range [][]string{{"a"}, {"*"}} {
		s := open(t, b, Request{Topics: topics, Kinds: []string{"rare"}})
		if events, more := s.some(make([]Event, 0, 9), 1000); len(events) > 0 || !more || s.pos > patience {
			t.Errorf("one hold of the lock went to %d", s.pos)
		}
		wants(t, "the one", story(t, s.Next(make([]Event, 0, 9), 1000)), "a6145")
		wants(t, "no more", next(t, s), "")
	}
}
