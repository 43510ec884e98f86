package broker

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

func TestWhatIsNoID(t *testing.T) {
	b := New(Options{})
	for _, id := range []string{"", "-", "1", "k7x2m", "k7x2m-", "-1042", "K7x2m-1", "k7x2m-1x", "k7x2m-1-2", "k7 2m-1", "k7x2m--1", "k7x2m-1\n", "k-" + strings.Repeat("1", 63)} {
		if err := CheckID(id); !errors.Is(err, ErrBadID) {
			t.Errorf("CheckID(%q) = %v", id, err)
		}
		if _, err := b.Subscribe(Request{Topics: []string{"a"}, Start: After(id)}); !errors.Is(err, ErrBadID) {
			t.Errorf("a subscription after %q: %v", id, err)
		}
	}
	if err := CheckID(b.ID(1042)); err != nil {
		t.Error(err)
	}
}

func TestEachBrokerHasAnEpochOfItsOwn(t *testing.T) {
	seen := map[string]bool{}
	for range 20 {
		seen[New(Options{}).Epoch()] = true
	}
	if len(seen) < 19 { // three random characters: two of twenty are the same once in 170 runs
		t.Errorf("%d epochs in 20 brokers", len(seen))
	}
}

// An id that is no position in this life begins with a gap of reason "restart",
// whose end is before everything, and then gives all that is kept.
func TestIDFromAnotherLife(t *testing.T) {
	for what, id := range map[string]func(b *Broker) string{
		"another epoch":             func(*Broker) string { return "0ld-3" },
		"the future":                func(b *Broker) string { return b.ID(1000) },
		"one past the newest":       func(b *Broker) string { return b.ID(6) },
		"a number beyond 64 bits":   func(b *Broker) string { return b.Epoch() + "-99999999999999999999999" },
		"another epoch, same place": func(*Broker) string { return "zzzzzzzzzz-5" },
	} {
		t.Run(what, func(t *testing.T) {
			b := New(Options{})
			publish(t, b, "a", 3)
			publish(t, b, "b", 2)
			from := digits(id(b))
			restart := func(topic string) string { return fmt.Sprintf("gap(%s %s-0 null restart)@0", topic, from) }
			one := subscribe(t, b, After(id(b)), "a")
			wants(t, "one topic", next(t, one), restart("a")+" a1 a2 a3")
			wants(t, "tail", next(t, subscribe(t, b, After(id(b)).Tail(1), "a")), restart("a")+" a3")
			wants(t, "two topics", next(t, subscribe(t, b, After(id(b)), "b", "a")), restart("b")+" "+restart("a")+" a1 a2 a3 b1 b2")
			wants(t, "a topic that does not exist", next(t, subscribe(t, b, After(id(b)), "none")), restart("none"))
			wants(t, "a topic named twice", next(t, subscribe(t, b, After(id(b)), "a", "a")), restart("a")+" a1 a2 a3")
			publish(t, b, "a", 1)
			wants(t, "the gap is told once", next(t, one), "a4")
		})
	}
}

// The id of a restart's gap is a place to come back to: before all there is.
func TestComingBackWithTheIDOfARestartGap(t *testing.T) {
	b := New(Options{})
	publish(t, b, "a", 2)
	publish(t, b, "b", 1)
	wants(t, "after it", next(t, subscribe(t, b, After(b.ID(0)), "*")), "a1 a2 b1")
}

func TestNewestIDIsAPosition(t *testing.T) {
	b := New(Options{})
	wants(t, "an empty hub", next(t, subscribe(t, b, After(b.ID(0)), "a")), "")
	last := publish(t, b, "a", 3)
	s := subscribe(t, b, After(b.ID(last)), "a")
	wants(t, "nothing new", next(t, s), "")
	wants(t, "its position", s.Position(), b.ID(last))
}
