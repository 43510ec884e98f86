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

func BenchmarkPublish(b *testing.B) {
	hub := New(Options{})
	b.ReportAllocs()
	for b.Loop() {
		hub.Publish("ci/42", "line", payload)
	}
}

func BenchmarkPublishParallel(b *testing.B) {
	hub := New(Options{})
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			hub.Publish("ci/42", "line", payload)
		}
	})
}

func BenchmarkPublishAll64(b *testing.B) {
	hub := New(Options{})
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

// Every reader is woken by every publish, and arms itself again.
func BenchmarkPublishTo1000Waiting(b *testing.B) {
	hub := New(Options{})
	readers := make([]*Subscription, 1000)
	batch := make([]Event, 0, 64)
	for i := range readers {
		readers[i] = open(b, hub, Request{Topics: []string{"ci/42"}, Wake: func() {}})
	}
	b.ReportAllocs()
	for b.Loop() {
		b.StopTimer()
		for _, s := range readers {
			for len(s.Next(batch, 1<<20)) > 0 {
			}
		}
		b.StartTimer()
		hub.Publish("ci/42", "line", payload)
	}
}

// The number of topics there are makes no difference to a publish.
func BenchmarkPublishAmongIdleTopics(b *testing.B) {
	for _, topics := range []int{10, 100_000} {
		b.Run(fmt.Sprint(topics), func(b *testing.B) {
			before := heapBytes()
			hub := New(Options{MaxTopics: topics + 1})
			fill(hub, topics, topics)
			each := float64(heapBytes()-before) / float64(topics)
			b.ReportAllocs()
			for b.Loop() {
				hub.Publish("ci/42", "line", payload)
			}
			b.ReportMetric(each, "B/topic")
		})
	}
}

func BenchmarkNext64(b *testing.B) {
	for _, topics := range []string{"t/0", "t/*"} {
		b.Run(strings.ReplaceAll(topics, "/", ":"), func(b *testing.B) {
			hub := New(Options{})
			fill(hub, 1, 64)
			s := subscribe(b, hub, All, topics)
			batch := make([]Event, 0, 64)
			b.ReportAllocs()
			for b.Loop() {
				b.StopTimer()
				fill(hub, 1, 64)
				s.Next(batch, 1<<20)
				fill(hub, 1, 64)
				b.StartTimer()
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
				batch := make([]Event, 0, 64)
				b.ReportAllocs()
				for b.Loop() {
					b.StopTimer()
					publish(10_000)
					b.StartTimer()
					for len(s.Next(batch, 1<<20)) > 0 {
					}
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/10_000, "ns/event")
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
				all[i] = subscribe(b, hub, All, topic)
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
