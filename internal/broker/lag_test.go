package broker

import (
	"encoding/json"
	"fmt"
	"runtime"
	"testing"
	"unsafe"
)

// heapBytes is what is in use after a collection, in bytes.
func heapBytes() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC() // the first empties pools only halfway
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// A publisher a hundred times faster than its reader never waits; the reader
// learns exactly how much it missed, and the memory stays what the bounds say.
func TestPublisherIsAHundredTimesFaster(t *testing.T) {
	for what, topics := range map[string][]string{"one topic": {"a"}, "a pattern": {"**"}} {
		b := New(Options{Default: Policy{MaxEvents: 1000}, Journal: 2000})
		publish(t, b, "a", 3000)
		before := heapBytes()
		s := subscribe(t, b, Now, topics...)
		var delivered, missed uint64
		account := func(events []Event) {
			for i := range events {
				if events[i].Kind != KindGap {
					delivered++
					continue
				}
				var g struct{ Count *uint64 }
				if err := json.Unmarshal(events[i].Data(), &g); err != nil || g.Count == nil {
					t.Fatalf("%s: gap %s: %v", what, events[i].JSON(), err)
				}
				missed += *g.Count
			}
		}
		batch := make([]Event, 0, 10)
		for range 300 {
			publish(t, b, "a", 1000)
			account(s.Next(batch, 1<<20))
		}
		if grown := heapBytes() - before; grown > 200<<10 {
			t.Errorf("%s: the heap grew by %d KiB", what, grown>>10)
		}
		if missed < 250_000 {
			t.Errorf("%s: only %d were missed", what, missed)
		}
		for events := s.Next(batch, 1<<20); len(events) > 0; events = s.Next(batch, 1<<20) {
			account(events)
		}
		if delivered+missed != 300_000 {
			t.Errorf("%s: delivered %d + missed %d = %d of 300000", what, delivered, missed, delivered+missed)
		}
	}
}

// A reader costs the broker the same, however far behind it is, and little.
func TestReaderIsSmallWhateverItsLag(t *testing.T) {
	const readers = 2000
	for what, c := range map[string]struct {
		topics []string
		most   int64 // bytes
	}{"one topic": {[]string{"a"}, 640}, "two topics": {[]string{"a", "b"}, 1600}} {
		b := New(Options{Default: Policy{MaxEvents: 500}, Journal: 600})
		publish(t, b, "b", 2000)
		publish(t, b, "a", 2000)
		before := heapBytes()
		all := make([]*Subscription, readers)
		for i := range all {
			all[i], _ = b.Subscribe(Request{Topics: c.topics, Start: Now})
		}
		each := (heapBytes() - before) / readers
		publish(t, b, "b", 2000)
		publish(t, b, "a", 2000)
		behind := (heapBytes() - before) / readers
		if each > c.most || behind > each+16 {
			t.Errorf("%s: %d bytes for a reader that keeps up, %d for one that is behind", what, each, behind)
		}
		runtime.KeepAlive(all)
	}
	if size := unsafe.Sizeof(Event{}); size > 96 {
		t.Errorf("an event without its bytes has %d", size)
	}
}

// An idle topic costs its event and less than 2 KiB.
func TestIdleTopicIsSmall(t *testing.T) {
	const topics = 20_000
	b := New(Options{})
	publish(t, b, "first", 1)
	before := heapBytes()
	for i := range topics {
		publish(t, b, fmt.Sprint("tasks/docker_build-", i), 1)
	}
	if each := (heapBytes() - before) / topics; each > 1200 {
		t.Errorf("%d bytes", each)
	}
	runtime.KeepAlive(b)
}
