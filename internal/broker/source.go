package broker

import (
	"sync"
	"time"
)

// Linger is how long a source runs on after its last reader has gone.
const Linger = 5 * time.Second

// Source starts to feed topics and returns at once; the stop it returns ends
// that, and may wait for it. selector is what a subscription asked for, a topic
// or a pattern. The source publishes what it has from before, if anything, and
// then calls filled, once and from any goroutine: the first readers wait for it.
type Source func(selector string, filled func()) (stop func())

type source struct {
	broker  *Broker
	pattern string
	start   Source

	mu      sync.Mutex // held over start and stop, so that they come in order
	demands map[string]*demand
}

// demand is one selector for which a source runs.
type demand struct {
	source   *source
	selector string
	stop     func()
	readers  int // guarded by source.mu
	timer    *time.Timer

	filled bool // guarded by Broker.mu, with held
	held   []*Subscription
}

// AddSource lets a source feed the topics that pattern stands for. Call it
// before the first subscription.
func (b *Broker) AddSource(pattern string, start Source) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.sources = append(b.sources, &source{broker: b, pattern: pattern, start: start, demands: map[string]*demand{}})
}

// demand starts the sources that a subscription needs.
func (s *Subscription) demand() {
	for _, src := range s.broker.sources {
		for _, selector := range s.request.Topics {
			if meet(src.pattern, selector) {
				s.demands = append(s.demands, src.acquire(selector))
			}
		}
	}
}

func (s *source) acquire(selector string) *demand {
	s.mu.Lock()
	defer s.mu.Unlock()
	d := s.demands[selector]
	if d == nil {
		d = &demand{source: s, selector: selector}
		s.demands[selector] = d
		d.stop = s.start(selector, func() { s.broker.filled(d) })
	}
	d.readers++
	if d.timer != nil {
		d.timer.Stop()
	}
	return d
}

func (d *demand) release() {
	s := d.source
	s.mu.Lock()
	defer s.mu.Unlock()
	if d.readers--; d.readers > 0 {
		return
	}
	d.timer = time.AfterFunc(Linger, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if d.readers == 0 && s.demands[d.selector] == d {
			delete(s.demands, d.selector)
			d.stop()
		}
	})
}

func (s *source) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for selector, d := range s.demands {
		delete(s.demands, selector)
		if d.timer != nil {
			d.timer.Stop()
		}
		d.stop()
	}
}

// filled lets the readers that waited for a source begin.
func (b *Broker) filled(d *demand) {
	var woken []*Subscription
	b.mu.Lock()
	d.filled = true
	for _, s := range d.held {
		if s.held--; s.held == 0 && !s.closed {
			s.begin()
			s.disarm()
			woken = append(woken, s)
		}
	}
	d.held = nil
	b.mu.Unlock()
	for _, s := range woken {
		s.wake()
	}
}
