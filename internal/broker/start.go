package broker

import "time"

type startMode uint8

const (
	startDefault startMode = iota
	startAll
	startNow
	startAfter
	startSince
)

// Start is where in the history a subscription begins. The zero value is each
// topic's own default ([Policy.Start]).
type Start struct {
	mode startMode
	id   string
	at   time.Time
	tail int
}

// All begins with everything that is kept; what was evicted is owed a gap.
var All = Start{mode: startAll}

// Now begins with what comes next.
var Now = Start{mode: startNow}

// After begins behind the event with this id. What is no longer kept is owed a
// gap. An id of another epoch, or of the future, begins with a gap of reason
// "restart" and then all that is kept.
func After(id string) Start { return Start{mode: startAfter, id: id} }

// Since begins with what happened at or after t; nothing before it is owed.
func Since(t time.Time) Start { return Start{mode: startSince, at: t} }

// Tail begins with the last n events of each topic; nothing before them is owed.
func Tail(n int) Start { return All.Tail(n) }

// Tail narrows a start to at most the last n events of each topic.
func (s Start) Tail(n int) Start {
	if s.mode == startDefault {
		s.mode = startAll
	}
	s.tail = n
	if n <= 0 {
		s.mode = startNow
	}
	return s
}

// begin makes the cursors of a subscription: where it stands in each topic that
// exists. b.mu is held.
func (s *Subscription) begin() {
	b := s.broker
	start := s.request.Start
	after := uint64(0)
	if start.mode == startAfter {
		if seq, ok, _ := b.position(start.id); ok {
			after = seq
			if start.tail == 0 {
				s.owe(after)
			}
		} else {
			start.mode = startAll
			for _, name := range s.request.Topics {
				s.notices = append(s.notices, gap{topic: name, fromID: start.id, reason: "restart", place: true})
			}
		}
	}
	s.pos, s.until = b.seq, b.seq
	for t := range s.selection.topics {
		own := start
		if own.mode == startDefault {
			own = t.policy.Start
		}
		c := s.cursorAt(t, own, after)
		s.follow(c)
		if seq, ok := c.place(); ok {
			s.pos = min(s.pos, seq-1)
		}
	}
}

// cursorAt is the cursor of a start in one topic.
func (s *Subscription) cursorAt(t *topic, start Start, after uint64) *cursor {
	// An earlier topic of the same name, before its birth, is no matter of this one's gaps.
	c := &cursor{topic: t, next: t.first(), seq: max(after, t.bornSeq-1), replay: t.last}
	i := 0 // index of the first kept event to deliver
	kept := t.events.len()
	switch start.mode {
	case startNow:
		i = kept
	case startAfter:
		for lo, hi := 0, kept; lo < hi; i = lo {
			if mid := (lo + hi) / 2; t.events.at(mid).Seq <= after {
				lo = mid + 1
			} else {
				hi = mid
			}
		}
	case startSince:
		for i = kept; i > 0 && t.events.at(i-1).at >= start.at.UnixMilli(); i-- {
		}
	}
	if start.tail > 0 {
		i = max(i, s.tailIndex(t, start.tail))
	}
	c.next += uint64(i)
	lossless := !t.policy.Latest && start.tail == 0 && (start.mode == startAll || start.mode == startAfter)
	if lossless && t.evictedSeq > after {
		c.owed = &gap{topic: t.name, from: c.seq, to: t.evictedSeq, count: t.first() - 1, known: after < t.bornSeq, reason: "evicted"}
		if s.single() { // a reader of several learns it on its way through the journal
			c.countOwed(s.broker.firstAfter(t, after))
		}
	} else if i > 0 {
		c.seq = t.events.at(i - 1).Seq
	} else {
		c.seq = max(c.seq, t.evictedSeq)
	}
	return c
}

// tailIndex is the index of the n-th last kept event of the kinds asked for.
func (s *Subscription) tailIndex(t *topic, n int) int {
	i := t.events.len()
	if len(s.request.Kinds) == 0 {
		return max(0, i-n)
	}
	for ; i > 0 && n > 0; i-- {
		if s.wants(t.events.at(i - 1)) {
			n--
		}
	}
	return i
}

// firstAfter is the number of the first event of t after a position, all of
// whose events up to its newest evicted one have gone; 0 when the journal no
// longer names it.
func (b *Broker) firstAfter(t *topic, after uint64) uint64 {
	if !b.journal.holds(after) {
		return 0
	}
	for seq := after + 1; seq <= t.evictedSeq; seq++ {
		if e := b.journal.at(seq); e.topic == t {
			return e.n
		}
	}
	return 0
}

// owe tells a reader that comes back of topics that have been forgotten since
// and might have had events for it. A topic that is there did not before it was
// born, and one that was there all the time did not at all.
func (s *Subscription) owe(after uint64) {
	b := s.broker
	for _, name := range s.request.Topics {
		to := b.forgotten
		if t := b.topics[name]; t != nil {
			to = min(to, t.bornSeq-1)
		}
		if to <= after || !isPattern(name) && b.policy(name).Latest {
			continue
		}
		s.notices = append(s.notices, gap{topic: name, from: after, to: to, reason: "evicted"})
	}
}
