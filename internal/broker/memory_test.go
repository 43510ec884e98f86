package broker

import (
	"fmt"
	"testing"
)

func kept(b *Broker, topic string) int { return b.Topics(topic)[0].Events }

func TestTopicIsBoundedInEventsAndBytes(t *testing.T) {
	b := New(Options{Rules: []Rule{{"few", Policy{MaxEvents: 3}}, {"small", Policy{MaxBytes: 500}}, {"tiny", Policy{MaxBytes: 1}}}})
	publish(t, b, "few", 10)
	wants(t, "by number", next(t, subscribe(t, b, Tail(99), "few")), "few8 few9 few10")
	for range 10 {
		publish(t, b, "small", 1)
		if i := b.Topics("small")[0]; i.Bytes > 500 {
			t.Errorf("%d bytes", i.Bytes)
		}
	}
	if n := kept(b, "small"); n < 3 || n > 5 {
		t.Errorf("%d events kept", n)
	}
	publish(t, b, "tiny", 2)
	wants(t, "the newest event is always kept", next(t, subscribe(t, b, Tail(99), "tiny")), "tiny2")
}

// All together: ended topics go first, the longest ended before the others, then
// the longest silent; within each the oldest event.
func TestWhoseHistoryGoesFirst(t *testing.T) {
	b := New(Options{})
	publish(t, b, "x", 100) // ids have three digits from here on, so all events are about equal
	b.Forget("x")
	publish(t, b, "live2", 1)
	publish(t, b, "live1", 1)
	publish(t, b, "live2", 1) // so live1 is the longest silent
	for _, topic := range []string{"ended1", "ended2"} {
		publish(t, b, topic, 1)
		publishKind(t, b, topic, KindEnd)
	}
	b.options.MaxBytes = b.bytes + b.Topics("live1")[0].Bytes
	publish(t, b, "live3", 1)
	lost := func() (order []string) {
		before := map[string]int{}
		for _, i := range b.Topics("**") {
			before[i.Topic] = i.Events
		}
		publish(t, b, "live3", 1)
		for _, i := range b.Topics("**") {
			if i.Topic != "live3" && i.Events < before[i.Topic] {
				order = append(order, i.Topic)
			}
		}
		return order
	}
	for _, want := range []string{"ended1", "ended1", "ended2", "ended2", "live1", "live2", "live2"} {
		if got := fmt.Sprint(lost()); got != "["+want+"]" {
			t.Errorf("%s lost its oldest, not %s", got, want)
		}
		if b.bytes > b.options.MaxBytes {
			t.Errorf("%d bytes are kept", b.bytes)
		}
	}
	publish(t, b, "live3", 50)
	if n := kept(b, "live3"); n < 5 || b.bytes > b.options.MaxBytes {
		t.Errorf("the last one keeps %d events, %d bytes", n, b.bytes)
	}
}

// The event just published stays, however small the bound, also as an end.
func TestNewestEventStays(t *testing.T) {
	b := New(Options{MaxBytes: 1})
	for range 3 {
		publish(t, b, "a", 1)
		publish(t, b, "b", 1)
		publishKind(t, b, "b", KindEnd)
		if kept(b, "b") != 1 || kept(b, "a") != 0 {
			t.Errorf("a keeps %d, b %d", kept(b, "a"), kept(b, "b"))
		}
	}
}

// The books are right: the hub's bytes are those of its events.
func TestBytesAreThoseOfWhatIsKept(t *testing.T) {
	b := New(Options{MaxBytes: 5000, MaxTopics: 5, Default: Policy{MaxEvents: 7}})
	for i := range 500 {
		publish(t, b, fmt.Sprint("t", i*i%11), 1+i%3)
		if i%9 == 0 {
			b.Forget(fmt.Sprint("t", i%11))
		}
		if i%5 == 0 {
			publishKind(t, b, fmt.Sprint("t", i%7), KindEnd)
		}
		var sum, each int64
		for _, top := range b.topics {
			each += top.bytes
			for k := range top.events.len() {
				sum += int64(len(top.events.at(k).JSON()))
			}
		}
		if sum != b.bytes || each != b.bytes || b.ended.Len()+b.live.Len()+b.empty.Len() != len(b.topics) {
			t.Fatalf("%d bytes, counted %d and %d", sum, b.bytes, each)
		}
	}
}
