package http

import (
	"bufio"
	"fmt"
	"strings"
	"testing"

	"hub/internal/broker"
)

// benchEvents are events with 256 bytes of payload.
func benchEvents(b *testing.B, n int) (*broker.Broker, []broker.Event) {
	b.Helper()
	hub := broker.New(broker.Options{})
	data := []byte(`{"stream":"stdout","line":"` + strings.Repeat("x", 256) + `"}`)
	for range n {
		if _, err := hub.Publish("ci/1", "line", data); err != nil {
			b.Fatal(err)
		}
	}
	sub, err := hub.Subscribe(broker.Request{Topics: []string{"ci/1"}, Start: broker.All, Wake: func() {}})
	if err != nil {
		b.Fatal(err)
	}
	return hub, sub.Next(make([]broker.Event, 0, n), 1<<30)
}

func BenchmarkFraming(b *testing.B) {
	_, events := benchEvents(b, 128)
	for name, f := range map[string]framing{
		"ws": webSocket{}, "sse": sse{}, "ndjson": ndjson{}, "text": plain{&printer{}}, "wstext": webSocketText{&printer{}},
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			buf := make([]byte, 0, 64<<10)
			for b.Loop() {
				buf = buf[:0]
				for i := range events {
					buf = f.event(buf, &events[i])
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(events)), "ns/event")
		})
	}
}

// BenchmarkTurn is a publish of one event or many and the turn of a stream that
// takes them, from the wake to its rest, without a network.
func BenchmarkTurn(b *testing.B) {
	for _, n := range []int{1, 16, 100} {
		b.Run(fmt.Sprint(n, " events"), func(b *testing.B) {
			h := startHub(b, Options{}, broker.Options{})
			h.publish("ci/1", "line", `{}`)
			written := 0
			st := h.following(newOnWrite(func(p []byte) { written += len(p) }), nil, "ci/1")
			st.rest()
			data := []byte(`{"stream":"stdout","line":"` + strings.Repeat("x", 256) + `"}`)
			messages := make([]broker.Message, n)
			for i := range messages {
				messages[i] = broker.Message{Kind: "line", Data: data}
			}
			st.running = true // so that a publish begins no turn of its own
			b.ReportAllocs()
			for b.Loop() {
				if _, err := h.broker.PublishAll("ci/1", messages...); err != nil {
					b.Fatal(err)
				}
				st.running = true
				st.turn()
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/event")
			st.subs[0].Close()
		})
	}
}

func BenchmarkFrameReader(b *testing.B) {
	frame := masked(0x81, strings.Repeat("x", 100))
	r := frameReader{in: bufio.NewReader(&endless{frame: frame})}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := r.next(); err != nil {
			b.Fatal(err)
		}
	}
}

// endless is the same frame again and again.
type endless struct {
	frame []byte
	at    int
}

func (e *endless) Read(p []byte) (n int, err error) {
	for n < len(p) {
		k := copy(p[n:], e.frame[e.at:])
		n, e.at = n+k, (e.at+k)%len(e.frame)
	}
	return n, nil
}
