package broker

import (
	"fmt"
	"strings"
	"testing"
)

// payload is the data of an event of 256 bytes.
var payload = []byte(`{"line":"` + strings.Repeat("x", 256-len(`{"line":""}`)) + `"}`)

// fill publishes n events, in turn to topics "t/0" to "t/<topics-1>".
func fill(b *Broker, topics, n int) {
	for i := range n {
		b.Publish(fmt.Sprint("t/", i%topics), "line", payload)
	}
}

// full is a broker with a topic at its bound and a full journal, as they are
// most of a hub's life.
func full() *Broker {
	hub := New(Options{Journal: 1 << 15})
	for range 1 << 15 {
		hub.Publish("ci/42", "line", payload)
	}
	return hub
}

func BenchmarkPublish(b *testing.B) {
	hub := full()
	b.ReportAllocs()
	for b.Loop() {
		hub.Publish("ci/42", "line", payload)
	}
}

func BenchmarkPublishParallel(b *testing.B) {
	hub := full()
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			hub.Publish("ci/42", "line", payload)
		}
	})
}

func BenchmarkPublishAll64(b *testing.B) {
	hub := full()
	messages := make([]Message, 64)
	for i := range messages {
		messages[i] = Message{Kind: "line", Data: payload}
	}
	b.ReportAllocs()
	for b.Loop() {
		hub.PublishAll("ci/42", messages...)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/64, "ns/event")
}

// Every reader is woken by every publish, and looks and arms itself again.
func BenchmarkPublishTo1000Waiting(b *testing.B) {
	hub := New(Options{})
	readers := make([]*Subscription, 1000)
	for i := range readers {
		readers[i] = open(b, hub, Request{Topics: []string{"ci/42"}, Wake: func() {}})
	}
	batch := make([]Event, 0, 64)
	b.ReportAllocs()
	for b.Loop() {
		hub.Publish("ci/42", "line", payload)
		for _, s := range readers {
			s.Next(batch, 1<<20)
			s.Next(batch, 1<<20)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/1000, "ns/reader")
}

// The number of topics there are makes no difference to a publish.
func BenchmarkPublishAmongIdleTopics(b *testing.B) {
	for _, topics := range []int{10, 100_000} {
		b.Run(fmt.Sprint(topics), func(b *testing.B) {
			before := heapBytes()
			hub := New(Options{MaxTopics: topics + 1})
			fill(hub, topics, topics)
			each := float64(heapBytes()-before) / float64(topics)
			for range 20_000 { // to the topic's bound
				hub.Publish("ci/42", "line", payload)
			}
			b.ReportAllocs()
			for b.Loop() {
				hub.Publish("ci/42", "line", payload)
			}
			b.ReportMetric(each, "B/topic")
		})
	}
}

// again returns a function that puts a reader back to where it stands now.
func again(s *Subscription) func() {
	pos := s.pos
	cursors := map[*cursor]cursor{}
	if s.only != nil {
		cursors[s.only] = *s.only
	}
	for _, c := range s.cursors {
		cursors[c] = *c
	}
	return func() {
		s.pos = pos
		for c, was := range cursors {
			*c = was
		}
	}
}

func BenchmarkNext64(b *testing.B) {
	for name, topic := range map[string]string{"name": "t/0", "pattern": "t/*"} {
		b.Run(name, func(b *testing.B) {
			hub := New(Options{})
			fill(hub, 1, 1000)
			s := subscribe(b, hub, Now, topic)
			fill(hub, 1, 64)
			rewind := again(s)
			batch := make([]Event, 0, 64)
			b.ReportAllocs()
			for b.Loop() {
				rewind()
				s.Next(batch, 1<<20)
			}
		})
	}
}

// A thousand readers of one topic, each drained of 64 events.
func BenchmarkDrain1000Readers(b *testing.B) {
	hub := New(Options{})
	readers := make([]*Subscription, 1000)
	for i := range readers {
		readers[i] = subscribe(b, hub, All, "t/0")
	}
	batch := make([]Event, 0, 64)
	b.ReportAllocs()
	for b.Loop() {
		fill(hub, 1, 64)
		for _, s := range readers {
			s.Next(batch, 1<<20)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/64_000, "ns/delivery")
}

// A reader of all topics walks the journal; so does one of every tenth, past the
// events of the others.
func BenchmarkPatternReader(b *testing.B) {
	for _, topics := range []int{100, 10_000} {
		for name, pattern := range map[string]string{"all": "**", "tenth": "t/*/0"} {
			b.Run(fmt.Sprint(name, " of ", topics), func(b *testing.B) {
				hub := New(Options{})
				publish := func(n int) {
					for i := range n {
						hub.Publish(fmt.Sprintf("t/%d/%d", i%topics/10, i%10), "line", payload)
					}
				}
				publish(topics)
				s := subscribe(b, hub, Now, pattern)
				publish(20_000)
				rewind := again(s)
				batch := make([]Event, 0, 64)
				b.ReportAllocs()
				for b.Loop() {
					rewind()
					for len(s.Next(batch, 1<<20)) > 0 {
					}
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/20_000, "ns/event")
			})
		}
	}
}

// 10,000 kept events, from subscribing to the last, through the ring, the
// journal, and the merged rings of a reader that the journal has left behind.
func BenchmarkReplay10000(b *testing.B) {
	for _, c := range []struct {
		name    string
		topics  []string
		journal int
	}{{"ring", []string{"t/0"}, 0}, {"journal", []string{"**"}, 0}, {"merge", []string{"**"}, 10}} {
		b.Run(c.name, func(b *testing.B) {
			hub := New(Options{Journal: c.journal})
			fill(hub, 1, 10_000)
			batch := make([]Event, 0, 64)
			b.ReportAllocs()
			for b.Loop() {
				s := subscribe(b, hub, All, c.topics...)
				for len(s.Next(batch, 1<<20)) > 0 {
				}
				s.Close()
			}
		})
	}
}

// What a subscription takes, in time and bytes.
func BenchmarkSubscribe(b *testing.B) {
	hub := New(Options{})
	fill(hub, 1000, 1000)
	for _, topic := range []string{"t/0", "**"} {
		b.Run(strings.ReplaceAll(topic, "/", ":"), func(b *testing.B) {
			const readers = 100
			before := heapBytes()
			all := make([]*Subscription, readers)
			for i := range all {
				all[i], _ = hub.Subscribe(Request{Topics: []string{topic}})
			}
			each := float64(heapBytes()-before) / readers
			b.ReportAllocs()
			for b.Loop() {
				s, _ := hub.Subscribe(Request{Topics: []string{topic}})
				s.Close()
			}
			b.ReportMetric(each, "B/reader")
		})
	}
}
