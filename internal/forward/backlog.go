package forward

import (
	"context"
	"sync"
)

// item is one object to be sent.
type item struct {
	number uint64 // from 1, in order
	id     string // the same for all its tries, and never another's
	body   []byte
	events int // of the topic, that it stands for
}

// backlog is what has been taken off the broker and not been delivered, oldest first, and the counts of what became of it all.
type backlog struct {
	maxEvents int
	maxBytes  int64
	change    chan struct{} // holds one signal: there is an item, or no more will come

	mu       sync.Mutex
	current  *item // the oldest, once it has been tried
	onItsWay bool  // current is being tried right now, and cannot be pushed out
	waiting  []item
	events   int // of current and waiting
	bytes    int64
	held     int // events in lines that are not finished
	closed   bool

	delivered, givenUp, omitted uint64
}

func newBacklog(maxEvents int, maxBytes int64) *backlog {
	return &backlog{maxEvents: maxEvents, maxBytes: maxBytes, change: make(chan struct{}, 1)}
}

// add takes what one event brought: items, events omitted, and by how many the held ones changed. It returns how many it pushed out.
func (b *backlog) add(items []item, omitted, held int) (pushedOut int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.omitted += uint64(omitted)
	b.held += held
	for _, it := range items {
		b.waiting = append(b.waiting, it)
		b.events += it.events
		b.bytes += int64(len(it.body))
	}
	for b.events+b.held > b.maxEvents || b.bytes > b.maxBytes {
		switch {
		case b.current != nil && !b.onItsWay && len(b.waiting) > 0:
			pushedOut += b.drop()
		case len(b.waiting) > 1:
			pushedOut += b.shift().events
		default: // only the newest, and what is on its way
			b.givenUp += uint64(pushedOut)
			b.signal()
			return pushedOut
		}
	}
	b.givenUp += uint64(pushedOut)
	b.signal()
	return pushedOut
}

// giveUp counts events that never became items, and by how many the held ones changed.
func (b *backlog) giveUp(events, held int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.givenUp += uint64(events)
	b.held += held
}

// next waits for the oldest item, which is then on its way until settle. ok is false when ctx has ended, or all has been settled and
// the backlog is closed.
func (b *backlog) next(ctx context.Context) (it item, ok bool) {
	for ctx.Err() == nil {
		b.mu.Lock()
		if b.current == nil && len(b.waiting) > 0 {
			oldest := b.waiting[0]
			b.waiting[0] = item{}
			b.waiting = b.waiting[1:]
			b.current = &oldest
		}
		current, closed := b.current, b.closed
		b.onItsWay = current != nil
		b.mu.Unlock()
		switch {
		case current != nil:
			return *current, true
		case closed:
			return item{}, false
		}
		select {
		case <-b.change:
		case <-ctx.Done():
		}
	}
	return item{}, false
}

// outcome is what became of the item that was on its way.
type outcome uint8

const (
	again outcome = iota // it stays, the next to be tried, and may be pushed out until then
	delivered
	givenUp
)

func (b *backlog) settle(o outcome) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.onItsWay = false
	switch o {
	case delivered:
		b.delivered += uint64(b.drop())
	case givenUp:
		b.givenUp += uint64(b.drop())
	}
}

// close says that nothing more will be added.
func (b *backlog) close() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.closed = true
	b.signal()
}

// abandon gives up all there is and returns how many events that is.
func (b *backlog) abandon() (events int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	events = b.events + b.held
	b.givenUp += uint64(events)
	b.current, b.waiting, b.events, b.bytes, b.held = nil, nil, 0, 0, 0
	return events
}

func (b *backlog) stats() Stats {
	b.mu.Lock()
	defer b.mu.Unlock()
	return Stats{Delivered: b.delivered, GivenUp: b.givenUp, Omitted: b.omitted, Backlog: b.events + b.held, Bytes: b.bytes}
}

// drop removes current and returns its events.
func (b *backlog) drop() int {
	it := *b.current
	b.current = nil
	b.forget(it)
	return it.events
}

// shift removes the oldest that waits.
func (b *backlog) shift() item {
	it := b.waiting[0]
	b.waiting[0] = item{}
	b.waiting = b.waiting[1:]
	b.forget(it)
	return it
}

func (b *backlog) forget(it item) {
	b.events -= it.events
	b.bytes -= int64(len(it.body))
}

func (b *backlog) signal() {
	select {
	case b.change <- struct{}{}:
	default:
	}
}
