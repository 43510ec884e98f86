package broker

import (
	"encoding/json"
	"errors"
	"testing"
)

// What was lost before it reached the hub is a kept event that every reader gets,
// in its place.
func TestLostIsAGapForAllReaders(t *testing.T) {
	b := New(Options{})
	connected := subscribe(t, b, All, "logs/a")
	pattern := subscribe(t, b, Now, "**")
	publish(t, b, "logs/a", 2)
	seq, err := b.Lost("logs/a")
	if err != nil || seq != 3 {
		t.Fatal(seq, err)
	}
	publish(t, b, "logs/a", 1)
	late := subscribe(t, b, Tail(2), "logs/a")
	for what, s := range map[string]*Subscription{"connected": connected, "a pattern": pattern, "late": late} {
		events := s.Next(make([]Event, 0, 10), 1<<20)
		gap := &events[len(events)-2]
		var g struct {
			ID   string
			N    int
			Data struct {
				Topic, From, To, Reason string
				Count                   *int
			}
		}
		if err := json.Unmarshal(gap.JSON(), &g); err != nil {
			t.Fatal(err)
		}
		d := g.Data
		if gap.Kind != KindGap || g.ID != b.ID(3) || g.N != 3 || d.Topic != "logs/a" || d.From != b.ID(2) || d.To != g.ID || d.Reason != "upstream" || d.Count != nil {
			t.Errorf("%s: %s", what, gap.JSON())
		}
	}
	if _, err := b.Lost("bad topic"); !errors.Is(err, ErrBadName) {
		t.Error(err)
	}
	if seq, err := b.Lost("logs/new"); err != nil || !b.Exists("logs/new") {
		t.Error(seq, err)
	}
	b.Close()
	if _, err := b.Lost("logs/a"); !errors.Is(err, ErrClosed) {
		t.Error(err)
	}
}
