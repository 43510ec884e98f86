package broker

import "testing"

// A subscription with Once ends where the hub stood when it began, on whichever
// way it reads.
func TestOnceEndsWhereTheHubStood(t *testing.T) {
	for what, journal := range map[string]int{"through the journal": 1000, "through the rings": 2} {
		b := New(Options{Journal: journal})
		publish(t, b, "a", 3)
		publish(t, b, "b", 2)
		one := open(t, b, Request{Topics: []string{"a"}, Once: true})
		all := open(t, b, Request{Topics: []string{"*"}, Once: true})
		none := open(t, b, Request{Topics: []string{"none"}, Once: true})
		ended(t, what+", unread", all, false)
		publish(t, b, "a", 2)
		publish(t, b, "new", 1)
		wants(t, what+", one", next(t, one), "a1 a2 a3")
		wants(t, what+", a pattern", next(t, all), "a1 a2 a3 b1 b2")
		wants(t, what+", a topic that does not exist", next(t, none), "")
		for _, s := range []*Subscription{one, all, none} {
			ended(t, what+", read", s, true)
			wants(t, what+", its position", s.Position(), b.ID(5))
		}
	}
}
