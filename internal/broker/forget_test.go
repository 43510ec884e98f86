package broker

import (
	"fmt"
	"regexp"
	"testing"
)

// withoutIDs leaves out where a gap stands, which gap_test.go is about.
func withoutIDs(story string) string {
	return regexp.MustCompile(`\)@\d+`).ReplaceAllString(story, ")")
}

func TestTopicsBornLaterJoin(t *testing.T) {
	b := New(Options{})
	publish(t, b, "t/1", 1)
	all, now, named := subscribe(t, b, All, "t/*"), subscribe(t, b, Now, "t/*"), subscribe(t, b, Now, "t/2", "x")
	publish(t, b, "t/2", 2)
	publish(t, b, "u/1", 1)
	publish(t, b, "t/3/x", 1)
	wants(t, "all", next(t, all), "t/11 t/21 t/22")
	wants(t, "now, from its first event", next(t, now), "t/21 t/22")
	wants(t, "by name", next(t, named), "t/21 t/22")
}

// A reader that had read it all has nothing to be told; one that had not gets
// the gap, by name as by pattern. The name, published to again, counts from 1.
func TestForgottenTopic(t *testing.T) {
	b := New(Options{})
	readers := map[string]*Subscription{}
	for what, topics := range map[string][]string{"one": {"a"}, "two": {"a", "x"}, "pattern": {"*"}} {
		readers[what] = subscribe(t, b, All, topics...)
	}
	publish(t, b, "a", 2)
	for what, s := range readers {
		wants(t, what, next(t, s), "a1 a2")
	}
	b.Forget("a")
	for what, s := range readers {
		wants(t, what+", up to date", next(t, s), "")
	}
	publish(t, b, "a", 3) // 3 to 5
	b.Forget("a")
	for what, s := range readers {
		wants(t, what+", behind", withoutIDs(next(t, s)), "gap(a 2-5 3 slow)")
	}
	publish(t, b, "a", 1) // 6
	b.Forget("a")
	publish(t, b, "a", 1) // 7
	for what, s := range readers {
		wants(t, what+", behind a life and into the next", withoutIDs(next(t, s)), "gap(a 5-6 1 slow) a1")
		if len(s.cursors) > 1 {
			t.Errorf("%s: it keeps %d cursors", what, len(s.cursors))
		}
	}
	if b.Forget("none") {
		t.Error("a topic that is not there was forgotten")
	}
}

// Whoever is in the middle learns what it has not had, exactly.
func TestForgottenBehindAPartlyReadTopic(t *testing.T) {
	for what, topics := range map[string][]string{"one": {"a"}, "pattern": {"*"}} {
		b := New(Options{})
		s := subscribe(t, b, All, topics...)
		publish(t, b, "a", 10)
		wants(t, what, story(t, s.Next(make([]Event, 0, 4), 1<<20)), "a1 a2 a3 a4")
		b.Forget("a")
		publish(t, b, "a", 2)
		b.Forget("a")
		publish(t, b, "a", 1)
		wants(t, what, withoutIDs(next(t, s)), "gap(a 4-10 6 slow) gap(a 10-12 2 slow) a1")
	}
}

// Who comes back from before then is told, with a count that nobody knows, and
// no further than to the birth of the topic that has the name now.
func TestComingBackFromBeforeATopicWasForgotten(t *testing.T) {
	b := New(Options{})
	publish(t, b, "a", 5)
	publish(t, b, "b", 1)
	b.Forget("a")
	wants(t, "by name", next(t, subscribe(t, b, After(b.ID(2)), "a")), "gap(a 2-5 null evicted)")
	wants(t, "by pattern", next(t, subscribe(t, b, After(b.ID(2)), "*")), "gap(* 2-5 null evicted) b1")
	wants(t, "from after it", next(t, subscribe(t, b, After(b.ID(5)), "a", "*")), "b1")
	wants(t, "with a tail", next(t, subscribe(t, b, After(b.ID(2)).Tail(1), "a")), "")
	wants(t, "all", next(t, subscribe(t, b, All, "a")), "")
	publish(t, b, "a", 2)    // 7, 8
	publish(t, b, "late", 1) // 9
	b.Forget("late")
	wants(t, "born again", next(t, subscribe(t, b, After(b.ID(2)), "a")), "gap(a 2-6 null evicted) a1 a2")
	wants(t, "it was there then", next(t, subscribe(t, b, After(b.ID(7)), "a")), "a2")
	wants(t, "there all the time", next(t, subscribe(t, b, After(b.ID(6)), "b")), "")
}

// Over MaxTopics, empty topics go first, then ended ones, then the longest silent.
func TestMaxTopics(t *testing.T) {
	b := New(Options{MaxTopics: 3, MaxBytes: 700})
	s := subscribe(t, b, All, "*")
	publish(t, b, "silent", 1)
	publish(t, b, "ended", 1)
	publishKind(t, b, "ended", KindEnd)
	publish(t, b, "emptied", 1)
	publish(t, b, "silent", 1)
	b.mu.Lock()
	b.evict(b.topics["emptied"])
	b.mu.Unlock()
	next(t, s)
	for i, want := range []string{"emptied", "ended", "silent", "new0"} {
		if !b.Exists(want) {
			t.Fatalf("%s has gone too early", want)
		}
		publish(t, b, fmt.Sprint("new", i), 1)
		if b.Exists(want) {
			t.Errorf("%s is still there", want)
		}
		if n := len(b.Topics("**")); n != 3 {
			t.Errorf("%d topics", n)
		}
		wants(t, "the reader misses nothing", next(t, s), fmt.Sprintf("new%d1", i))
	}
	if len(s.cursors) != 3 || len(s.selection.topics) != 3 {
		t.Errorf("%d cursors", len(s.cursors))
	}
}

// The gap of what a topic has lost begins at its birth: what an earlier one of
// the same name had is told apart, for its number is not known.
func TestGapBeginsAtTheBirthOfItsTopic(t *testing.T) {
	for what, topics := range map[string][]string{"one": {"a"}, "two": {"a", "b"}} {
		b := New(Options{Default: Policy{MaxEvents: 2}})
		publish(t, b, "a", 3)
		b.Forget("a")
		publish(t, b, "a", 1) // 4
		s := subscribe(t, b, After(b.ID(1)), topics...)
		publish(t, b, "a", 1) // 5
		before := "gap(a 1-3 null evicted)"
		if len(topics) > 1 {
			before += " gap(b 1-3 null evicted)"
		}
		late := subscribe(t, b, After(b.ID(1)), topics...)
		wants(t, what, next(t, late), before+" a1 a2")
		publish(t, b, "a", 2) // 6, 7
		wants(t, what+", overtaken", withoutIDs(next(t, s)), before+" gap(a 3-5 2 slow) a3 a4")
		wants(t, what+", evicted", withoutIDs(next(t, subscribe(t, b, After(b.ID(1)), topics...))), before+" gap(a 3-5 2 evicted) a3 a4")
	}
}
