package forward

import (
	"testing"
)

// One line from its publish to the endpoint's answer, over loopback.
func BenchmarkForward(b *testing.B) {
	p := &publisher{TB: b, Broker: newBroker()}
	r := newReceiver(b, nil)
	f, stop := run(b, p.Broker, r.URL, nil)
	p.start("x")
	n := 0
	b.ReportAllocs()
	for b.Loop() {
		p.line("x", "a line of usual length, as a build writes it while it runs")
		if n++; n%5000 == 0 { // within the backlog
			eventually(b, "they are delivered", func() bool { return f.Stats().Backlog == 0 })
		}
	}
	stop()
	if s := f.Stats(); s.GivenUp > 0 {
		b.Errorf("%+v", s)
	}
}

// What forwarding to a dead endpoint costs for each event.
func BenchmarkDeadEndpoint(b *testing.B) {
	p := &publisher{TB: b, Broker: newBroker()}
	r := newReceiver(b, status500)
	_, stop := run(b, p.Broker, r.URL, func(o *Options) { o.MinWait = o.MaxWait; o.Grace = -1 })
	p.start("x")
	b.ReportAllocs()
	for b.Loop() {
		p.line("x", "a line of usual length, as a build writes it while it runs")
	}
	stop()
}
