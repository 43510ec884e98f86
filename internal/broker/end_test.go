package broker

import "testing"

func ended(t *testing.T, what string, s *Subscription, want bool) {
	t.Helper()
	if s.Ended() != want {
		t.Errorf("%s: Ended is %v", what, !want)
	}
}

func TestSubscriptionHasEnded(t *testing.T) {
	b := New(Options{})
	one, both := subscribe(t, b, All, "a"), subscribe(t, b, All, "a", "b")
	pattern, mixed := subscribe(t, b, All, "*"), subscribe(t, b, All, "a", "*")
	ended(t, "before there is a topic", one, false)
	publish(t, b, "a", 1)
	publishKind(t, b, "a", KindEnd)
	ended(t, "before the end is read", one, false)
	wants(t, "the end", next(t, one), "a1 a2.")
	ended(t, "read to its end", one, true)
	next(t, both)
	ended(t, "one of two", both, false)
	publishKind(t, b, "b", KindEnd)
	next(t, both)
	ended(t, "both", both, true)
	for _, s := range []*Subscription{pattern, mixed} {
		next(t, s)
		ended(t, "a pattern", s, false)
	}
}

func TestEndIsGivenWhateverTheKinds(t *testing.T) {
	b := New(Options{})
	s := open(t, b, Request{Topics: []string{"a"}, Kinds: []string{"stage"}})
	publish(t, b, "a", 2)
	publishKind(t, b, "a", KindEnd)
	wants(t, "the end alone", next(t, s), "a3.")
	ended(t, "read to its end", s, true)
}

func TestPublishReopensAnEndedTopic(t *testing.T) {
	b := New(Options{})
	s := subscribe(t, b, All, "a")
	publishKind(t, b, "a", KindEnd)
	next(t, s)
	publish(t, b, "a", 1)
	ended(t, "opened again", s, false)
	wants(t, "it goes on", next(t, s), "a2")
	ended(t, "open", s, false)
	publishKind(t, b, "a", KindEnd)
	next(t, s)
	ended(t, "ended again", s, true)
}

// Who comes back with the id of the end, or a later one, is told so at once.
func TestComingBackAfterTheEnd(t *testing.T) {
	b := New(Options{})
	publish(t, b, "a", 3)
	end := publishKind(t, b, "a", KindEnd)
	later := publish(t, b, "other", 1)
	ended(t, "with the end's id", subscribe(t, b, After(b.ID(end)), "a"), true)
	ended(t, "with a later one", subscribe(t, b, After(b.ID(later)), "a"), true)
	ended(t, "from now on", subscribe(t, b, Now, "a"), true)
	ended(t, "with the one before", subscribe(t, b, After(b.ID(end-1)), "a"), false)
	ended(t, "with one of another epoch", subscribe(t, b, After("0ld-9"), "a"), false)
}

// An end that was overtaken or evicted ends its readers all the same, behind
// the gap that stands for it.
func TestEndThatIsInAGap(t *testing.T) {
	b := New(Options{MaxBytes: 1000})
	s := subscribe(t, b, All, "a")
	publish(t, b, "a", 1)
	publishKind(t, b, "a", KindEnd)
	publish(t, b, "big", 20)
	wants(t, "overtaken", next(t, s), "gap(a 0-2 2 slow)@2")
	ended(t, "overtaken", s, true)
	late := subscribe(t, b, All, "a")
	ended(t, "before the gap is told", late, false)
	wants(t, "evicted", next(t, late), "gap(a 0-2 2 evicted)@2")
	ended(t, "evicted", late, true)
}

// A topic that has ended stays ended for its readers when it is forgotten; for
// who comes later it is a topic that does not exist.
func TestEndedTopicThatIsForgotten(t *testing.T) {
	for what, topics := range map[string][]string{"one": {"a"}, "two": {"a", "b"}} {
		b := New(Options{})
		s, behind := subscribe(t, b, All, topics...), subscribe(t, b, All, topics...)
		publishKind(t, b, "b", KindEnd)
		for range 3 {
			end := publishKind(t, b, "a", KindEnd)
			next(t, s)
			b.Forget("a")
			ended(t, what+", up to date", s, true)
			ended(t, what+", behind", behind, false)
			if next(t, behind) == "" {
				t.Errorf("%s, behind: it was told nothing", what)
			}
			ended(t, what+", told of the gap", behind, true)
			ended(t, what+", who comes later", subscribe(t, b, After(b.ID(end)), topics...), false)
			publish(t, b, "a", 1)
			ended(t, what+", born again", s, false)
			wants(t, what+", born again", next(t, s), "a1")
			wants(t, what+", born again", next(t, behind), "a1")
			ended(t, what+", born again", behind, false)
		}
		if len(s.cursors) > len(topics) {
			t.Errorf("%s: it keeps %d cursors", what, len(s.cursors))
		}
	}
}
