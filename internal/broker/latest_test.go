package broker

import "testing"

func latest(events, journal int) *Broker {
	return New(Options{Rules: []Rule{{"live", Policy{Latest: true, MaxEvents: events}}}, Journal: journal})
}

func TestLatestTopicConflates(t *testing.T) {
	b := latest(100, 0)
	one, several := subscribe(t, b, All, "live"), subscribe(t, b, All, "live", "a")
	publish(t, b, "live", 1)
	wants(t, "who keeps up gets each", next(t, one), "live1")
	publish(t, b, "live", 1)
	wants(t, "who keeps up gets each", next(t, one), "live2")
	publish(t, b, "live", 5)
	publish(t, b, "a", 1)
	publish(t, b, "live", 5)
	wants(t, "who fell behind gets the newest", next(t, one), "live12")
	wants(t, "in its place among the others", next(t, several), "a1 live12")
}

func TestLatestTopicReplaysWhatIsKept(t *testing.T) {
	b := latest(4, 0)
	publish(t, b, "live", 6)
	s := subscribe(t, b, All, "live")
	wants(t, "all that is kept, no gap", next(t, s), "live3 live4 live5 live6")
	wants(t, "a tail", next(t, subscribe(t, b, Tail(2), "live")), "live5 live6")
	behind := subscribe(t, b, Tail(3), "live")
	publish(t, b, "live", 2)
	wants(t, "the replay, as far as it is still kept, then the newest", next(t, behind), "live5 live6 live8")
	wants(t, "back with an id long gone", next(t, subscribe(t, b, After(b.ID(1)), "live")), "live5 live6 live7 live8")
}

// No gap is owed on a latest topic, on whichever way it is read.
func TestLatestTopicOwesNoGap(t *testing.T) {
	for what, journal := range map[string]int{"through the journal": 1000, "through the rings": 3} {
		b := latest(2, journal)
		s := subscribe(t, b, All, "live", "a")
		publish(t, b, "live", 1)
		wants(t, what, next(t, s), "live1")
		publish(t, b, "live", 9)
		publish(t, b, "a", 1)
		publish(t, b, "live", 9)
		publish(t, b, "a", 1)
		wants(t, what, next(t, s), "a1 live19 a2")
		replay := subscribe(t, b, All, "live", "a")
		publish(t, b, "live", 3)
		wants(t, what+", overtaken in its replay", next(t, replay), "a1 a2 live22")
		wants(t, what+", forgotten", forgotten(t, b, s, "live"), "")
		wants(t, what+", back from before", next(t, subscribe(t, b, After(b.ID(22)), "live")), "")
	}
}

func forgotten(t *testing.T, b *Broker, s *Subscription, topic string) string {
	t.Helper()
	publish(t, b, topic, 2)
	if !b.Forget(topic) {
		t.Errorf("%s was not there", topic)
	}
	return next(t, s)
}
