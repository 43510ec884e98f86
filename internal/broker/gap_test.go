package broker

import (
	"strings"
	"testing"
)

// In a subscription of several topics a gap has an id only when its end is a
// position to come back to: nothing that is still to come stands before it.
func TestGapHasAnIDOnlyWhereItsEndIsAPosition(t *testing.T) {
	for what, journal := range map[string]int{"through the journal": 1000, "through the rings": 2} {
		b := New(Options{Rules: []Rule{{"a", Policy{MaxEvents: 1}}}, Journal: journal})
		s := subscribe(t, b, All, "a", "b")
		publish(t, b, "a", 1) // 1, evicted by 3
		publish(t, b, "b", 1) // 2
		publish(t, b, "a", 1) // 3, evicted by 5
		publish(t, b, "b", 1) // 4
		publish(t, b, "a", 1) // 5
		wants(t, what+", b stands inside", next(t, s), "gap(a 0-3 2 slow) b1 b2 a3")
		publish(t, b, "a", 2) // 6, evicted by 7
		publish(t, b, "b", 1) // 8
		wants(t, what+", b stands behind", next(t, s), "gap(a 5-6 1 slow)@6 a5 b3")
		one := subscribe(t, b, All, "a")
		wants(t, what+", of one topic always", next(t, one), "gap(a 0-6 4 evicted)@6 a5")
	}
}

// Whoever goes away behind a gap without an id comes back with an earlier
// position, and is told of the rest of the gap again.
func TestComingBackFromInsideAGap(t *testing.T) {
	for what, journal := range map[string]int{"through the journal": 1000, "through the rings": 2} {
		b := New(Options{Rules: []Rule{{"a", Policy{MaxEvents: 1}}}, Journal: journal})
		s := subscribe(t, b, All, "a", "b")
		publish(t, b, "a", 2)
		publish(t, b, "b", 1)
		publish(t, b, "a", 2)
		wants(t, what, story(t, s.Next(make([]Event, 0, 1), 1<<20)), "gap(a 0-4 3 slow)")
		again := withoutIDs(next(t, subscribe(t, b, After(s.Position()), "a", "b")))
		if !strings.HasPrefix(again, "gap(a ") || !strings.Contains(again, "-4 ") || !strings.HasSuffix(again, ") b1 a4") {
			t.Errorf("%s: %q", what, again)
		}
	}
}

// The count of what was evicted before the subscription began is exact as long
// as the journal, or the topic's whole life, tells it.
func TestCountOfEvictedEvents(t *testing.T) {
	for _, c := range []struct {
		what, want string
		journal    int
	}{
		{"the journal reaches back", "gap(a 3-6 2 evicted)", 1000},
		{"the journal is shorter", "gap(a 3-6 null evicted)", 2},
	} {
		b := New(Options{Default: Policy{MaxEvents: 2}, Journal: c.journal})
		publish(t, b, "a", 2)
		publish(t, b, "b", 2)
		publish(t, b, "a", 4) // 5 to 8; 5 and 6 are evicted
		wants(t, c.what+", one topic", withoutIDs(next(t, subscribe(t, b, After(b.ID(3)), "a"))), c.want+" a5 a6")
		wants(t, c.what+", a pattern", withoutIDs(next(t, subscribe(t, b, After(b.ID(4)), "*"))), strings.Replace(c.want, "3-", "4-", 1)+" a5 a6")
		wants(t, c.what+", the topic's whole life", withoutIDs(next(t, subscribe(t, b, After(b.ID(0)), "a"))), "gap(a 0-6 4 evicted) a5 a6")
	}
}

// What is evicted while the first gap is on its way is a gap of its own.
func TestOvertakenAfterAnEvictedGap(t *testing.T) {
	for what, topics := range map[string][]string{"one": {"a"}, "two": {"a", "b"}} {
		b := New(Options{Default: Policy{MaxEvents: 2}})
		publish(t, b, "a", 4)
		s := subscribe(t, b, All, topics...)
		publish(t, b, "a", 4)
		wants(t, what, withoutIDs(next(t, s)), "gap(a 0-2 2 evicted) gap(a 2-6 4 slow) a7 a8")
	}
}

// The journal and the rings give the same order, in whatever batches they are
// read, and leave nothing out where one takes over from the other.
func TestShortJournalReadsAsTheLongOne(t *testing.T) {
	for _, batch := range []int{1, 2, 7, 1000} {
		read := func(journal int) string {
			b := New(Options{Journal: journal, Rules: []Rule{{"c", Policy{MaxEvents: 4}}}})
			s := subscribe(t, b, All, "a", "b", "c/*", "c")
			var all []Event
			for i := range 60 {
				publish(t, b, []string{"a", "c", "b", "none", "c/1", "c"}[i*i%17%6], 1+i%5)
				if i == 30 || i == 45 {
					for range 8 {
						all = append(all, s.Next(make([]Event, 0, batch), 1<<20)...)
					}
				}
			}
			for {
				events := s.Next(make([]Event, 0, batch), 1<<20)
				if len(events) == 0 {
					break
				}
				all = append(all, events...)
			}
			var others []Event // gaps may stand elsewhere
			for _, e := range all {
				if e.Kind != KindGap {
					others = append(others, e)
				}
			}
			return story(t, others)
		}
		wants(t, "journal of 3", read(3), read(10_000))
	}
}
