package follow

import (
	"strings"
	"testing"
	"time"

	"hub/internal/broker"
	"hub/internal/docker"
)

// BenchmarkSink is what a line of 100 bytes costs from the engine's message to the topic.
func BenchmarkSink(b *testing.B) {
	f := New(Options{Broker: broker.New(broker.Options{})})
	s := newSink(f, "containers/web/logs")
	defer s.close()
	m := docker.LogMessage{Stream: "stdout", Time: time.Now(), Text: []byte(strings.Repeat("x", 99) + "\n")}
	b.ReportAllocs()
	for b.Loop() {
		s.add(m)
		if s.full() {
			s.flush()
		}
	}
}
