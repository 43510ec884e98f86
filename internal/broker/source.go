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
// For one selector, start and stop are never called at the same time.
type Source func(selector string, filled func()) (stop func())

type source struct {
	broker  *Broker
	pattern string
	start   Source

	mu      sync.Mutex // never held while start, stop or a Wake runs
	demands map[string]*demand
	closed  bool
}

// demand is one selector that somebody reads, or did a moment ago.
type demand struct {
	source   *source
	selector string

	// Guarded by source.mu.
	readers int
	left    time.Time   // when the last one did
	timer   *time.Timer // looks again when it has lingered
	busy    bool        // somebody is in settle
	running bool
	stop    func()

	// Guarded by Broker.mu.
	run    int // counts the starts
	filled bool
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
	d := s.demands[selector]
	if d == nil {
		d = &demand{source: s, selector: selector}
		s.demands[selector] = d
	}
	d.readers++
	s.mu.Unlock()
	d.settle()
	return d
}

func (d *demand) release() {
	d.source.mu.Lock()
	defer d.source.mu.Unlock()
	if d.readers--; d.readers > 0 {
		return
	}
	d.left = time.Now()
	if d.timer == nil {
		d.timer = time.AfterFunc(Linger, d.settle)
	} else {
		d.timer.Reset(Linger)
	}
}

func (d *demand) wanted() bool {
	return !d.source.closed && (d.readers > 0 || time.Since(d.left) < Linger)
}

// settle starts or stops the source until that is what is wanted. One goroutine
// does so at a time; the others leave it to that one.
func (d *demand) settle() {
	s := d.source
	s.mu.Lock()
	if d.busy {
		s.mu.Unlock()
		return
	}
	d.busy = true
	for d.wanted() != d.running {
		d.running = !d.running
		run := s.broker.unfill(d)
		s.mu.Unlock()
		if d.running {
			d.stop = s.start(d.selector, func() { s.broker.filled(d, run) })
		} else {
			d.stop()
		}
		s.mu.Lock()
	}
	d.busy = false
	closed := s.closed
	if !d.running && s.demands[d.selector] == d {
		delete(s.demands, d.selector)
	}
	s.mu.Unlock()
	if closed { // nothing more comes, so nobody need wait for it
		s.broker.filled(d, s.broker.unfill(d))
	}
}

func (s *source) close() {
	s.mu.Lock()
	s.closed = true
	var demands []*demand
	for _, d := range s.demands {
		demands = append(demands, d)
	}
	s.mu.Unlock()
	for _, d := range demands {
		d.settle()
	}
}

// unfill says that the next run of a source has not filled in anything yet.
func (b *Broker) unfill(d *demand) (run int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	d.filled = false
	d.run++
	return d.run
}

// filled lets the readers that waited for this run of a source begin.
func (b *Broker) filled(d *demand, run int) {
	var woken []*Subscription
	b.mu.Lock()
	if run == d.run {
		d.filled = true
		for _, s := range d.held {
			if s.held--; s.held == 0 && !s.closed {
				s.begin()
				if s.asked {
					woken = append(woken, s)
				}
			}
		}
		d.held = nil
	}
	b.mu.Unlock()
	for _, s := range woken {
		s.wake()
	}
}
