package broker

import "testing"

// Lag is the fastest reader's, of those that follow the topic.
func TestLagIsThatOfTheFastestReader(t *testing.T) {
	b := New(Options{Default: Policy{MaxEvents: 100}, Rules: []Rule{{"latest", Policy{Latest: true}}}})
	lag := func(topic string, want float64) {
		t.Helper()
		if got := b.Lag(topic); got != want {
			t.Errorf("%v, want %v", got, want)
		}
	}
	lag("a", 0)
	publish(t, b, "a", 50)
	lag("a", 0) // nobody reads
	slow := subscribe(t, b, All, "a")
	lag("a", 0.5)
	fast := subscribe(t, b, All, "a", "other")
	fast.Next(make([]Event, 0, 30), 1<<20)
	lag("a", 0.2)
	open(t, b, Request{Topics: []string{"a"}, Start: Now, Once: true})
	lag("a", 0.2) // one that ends where it began follows nothing
	pattern := subscribe(t, b, Now, "*")
	lag("a", 0)
	publish(t, b, "a", 10)
	lag("a", 0.1)
	pattern.Close()
	fast.Close()
	lag("a", 0.6)
	publish(t, b, "a", 1000)
	lag("a", 1)
	slow.Close()
	lag("a", 0)
	subscribe(t, b, All, "latest")
	publish(t, b, "latest", 50)
	lag("latest", 0)

	// Bounded by bytes, it is a share of those.
	b = New(Options{Default: Policy{MaxEvents: 1_000_000, MaxBytes: 10_000}})
	subscribe(t, b, All, "a")
	publish(t, b, "a", 10_000)
	if got := b.Lag("a"); got < 0.9 || got > 1 {
		t.Error(got)
	}
}

// A reader that waits for a source is not one to wait for.
func TestAHeldReaderDoesNotLag(t *testing.T) {
	b := New(Options{Default: Policy{MaxEvents: 100}})
	u := feed(b, "logs/*")
	subscribe(t, b, All, "logs/a")
	publish(t, b, "logs/a", 90)
	if got := b.Lag("logs/a"); got != 0 {
		t.Error(got)
	}
	u.fill["logs/a"]()
	if got := b.Lag("logs/a"); got != 0.9 {
		t.Error(got)
	}
}
