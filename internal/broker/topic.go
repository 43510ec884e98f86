package broker

import "container/list"

// Policy is how a topic keeps its events and what a new reader starts with.
type Policy struct {
	Latest    bool  // a reader that falls behind gets the newest value next, not each one
	MaxEvents int   // 10,000 by default
	MaxBytes  int64 // of the events' JSON; 8 MiB by default; the newest event is always kept
	Start     Start // for readers that do not say; All by default
}

// Rule gives the topics that match a pattern their policy.
type Rule struct {
	Pattern string
	Policy  Policy
}

func (p Policy) withDefaults() Policy {
	if p.MaxEvents <= 0 {
		p.MaxEvents = 10_000
	}
	if p.MaxBytes <= 0 {
		p.MaxBytes = 8 << 20
	}
	if p.Start.mode == startDefault {
		p.Start.mode = startAll
	}
	return p
}

// topic is a sequence of events and the newest of them. Guarded by Broker.mu.
type topic struct {
	name       string
	policy     *Policy
	events     ring[Event]
	bytes      int64
	last       uint64 // n of the newest event
	lastSeq    uint64
	bornSeq    uint64 // seq of the first event ever
	evictedSeq uint64 // seq of the newest event that is no longer kept
	ended      bool
	selections []*selection // those that include it

	queue *list.List    // the broker's list it stands in: ended, live or empty
	place *list.Element // in queue
}

// first is the n of the oldest kept event; last+1 when none is.
func (t *topic) first() uint64 { return t.last + 1 - uint64(t.events.len()) }

// forgotten reports whether the broker no longer has it; a reader that is behind
// still may.
func (t *topic) forgotten() bool { return t.queue == nil }

// at is the kept event with number n.
func (t *topic) at(n uint64) *Event { return t.events.at(int(n - t.first())) }

// evict drops the oldest event.
func (b *Broker) evict(t *topic) {
	e := t.events.pop()
	t.evictedSeq = e.Seq
	size := int64(len(e.JSON()))
	t.bytes -= size
	b.bytes -= size
	b.events--
	if t.events.len() == 0 {
		b.enqueue(t, b.empty)
	}
}

// enqueue moves t to the end of one of the lists that say whose history goes next.
func (b *Broker) enqueue(t *topic, to *list.List) {
	if t.queue == to {
		to.MoveToBack(t.place)
		return
	}
	if t.queue != nil {
		t.queue.Remove(t.place)
	}
	t.queue, t.place = to, nil
	if to != nil {
		t.place = to.PushBack(t)
	}
}

// append adds an event and drops what no longer fits.
func (b *Broker) append(t *topic, d draft) Event {
	b.seq++
	b.head.Store(b.seq)
	t.last++
	if t.last == 1 {
		t.bornSeq = b.seq
	}
	t.lastSeq = b.seq
	e := b.event(t.name, d, b.seq, t.last)
	t.events.push(e)
	size := int64(len(e.JSON()))
	t.bytes += size
	b.bytes += size
	b.events++
	b.journal.add(t, t.last)
	t.ended = d.kind == KindEnd
	if t.ended {
		b.enqueue(t, b.ended)
	} else {
		b.enqueue(t, b.live)
	}
	for t.events.len() > 1 && (t.events.len() > t.policy.MaxEvents || t.bytes > t.policy.MaxBytes) {
		b.evict(t)
	}
	b.makeRoom(t)
	return e
}

// makeRoom keeps all histories together within their bound: ended topics lose
// theirs first, then the longest silent. The event just published stays.
func (b *Broker) makeRoom(current *topic) {
	for b.bytes > b.options.MaxBytes {
		victim := front(b.ended)
		if victim == nil || victim == current && victim.events.len() == 1 {
			victim = front(b.live)
		}
		if victim == nil || victim == current && victim.events.len() == 1 {
			return
		}
		b.evict(victim)
	}
}

func front(l *list.List) *topic {
	if e := l.Front(); e != nil {
		return e.Value.(*topic)
	}
	return nil
}
