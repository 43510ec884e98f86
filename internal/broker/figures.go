package broker

import (
	"cmp"
	"slices"
)

// Figures is what a broker keeps, and how its readers do.
type Figures struct {
	Topics   int
	Events   int   // kept
	Bytes    int64 // of their JSON
	MaxBytes int64 // of them, at most

	Readers  int
	Behind   int      // readers that have something yet to take
	Lag      uint64   // events that the slowest of them has yet to take
	TotalLag uint64   // of all of them together
	Slowest  []Reader // the furthest behind first, at most ten
}

// Reader is one subscription.
type Reader struct {
	Topics []string // what it asked for
	Lag    uint64   // events it has yet to take; those that are gone meanwhile count, too
}

const slowest = 10 // readers that are named

// Figures may be asked for often: readers that wait for the next event are behind
// nothing, and the others are looked at in turns. So it is no picture of one moment.
func (b *Broker) Figures() Figures {
	f, busy := b.picture()
	for some := range slices.Chunk(busy, 256) {
		b.mu.Lock()
		for _, s := range some {
			if lag := s.lag(); lag > 0 {
				f.Behind++
				f.TotalLag += lag
				f.Lag = max(f.Lag, lag)
				f.name(Reader{s.request.Topics, lag})
			}
		}
		b.mu.Unlock()
	}
	return f
}

// picture is all but the lag, and the readers that do not wait. It holds the lock
// about as long as a publish does that wakes all of them.
func (b *Broker) picture() (f Figures, busy []*Subscription) {
	b.mu.Lock()
	defer b.mu.Unlock()
	f = Figures{Topics: len(b.topics), Events: b.events, Bytes: b.bytes, MaxBytes: b.options.MaxBytes}
	for _, s := range b.selections {
		f.Readers += len(s.readers)
		if len(s.waiting) == len(s.readers) {
			continue
		}
		busy = slices.Grow(busy, len(s.readers)-len(s.waiting))
		for r := range s.readers {
			if r.waiting < 0 {
				busy = append(busy, r)
			}
		}
	}
	return f, busy
}

// name keeps r if it is among the slowest.
func (f *Figures) name(r Reader) {
	if len(f.Slowest) == slowest && r.Lag <= f.Slowest[slowest-1].Lag {
		return
	}
	at, _ := slices.BinarySearchFunc(f.Slowest, r, func(a, b Reader) int { return cmp.Compare(b.Lag, a.Lag) })
	f.Slowest = slices.Insert(f.Slowest, at, r)
	f.Slowest = f.Slowest[:min(len(f.Slowest), slowest)]
}

// lag is how many events the subscription has yet to take. One that is held until
// a source has filled, or that reads no further than to where it began, is not
// behind. For one of very many topics it is an upper bound: the positions of the
// whole timeline that it has yet to pass.
func (s *Subscription) lag() (sum uint64) {
	switch {
	case s.closed || s.held > 0 || s.waiting >= 0 || s.request.Once:
		return 0
	case s.single():
		return s.only.lag()
	case len(s.cursors) > patience:
		return s.broker.seq - min(s.pos, s.broker.seq)
	}
	for _, c := range s.cursors {
		sum += c.lag()
	}
	return sum
}

// lag is how many events of the topic are yet to be taken; of a latest one it is
// the newest that counts.
func (c *cursor) lag() uint64 {
	switch {
	case c == nil || c.next > c.topic.last:
		return 0
	case c.topic.policy.Latest && c.next > c.replay:
		return 1
	}
	return c.topic.last + 1 - c.next
}
