package broker

// batch collects what one Next hands out.
type batch struct {
	s      *Subscription
	events []Event
	bytes  int // still allowed
	had    int // events at the start
	looks  int // places still allowed to be looked at
}

// full reports whether nothing more may be added; it counts the look.
func (b *batch) full() bool {
	b.looks--
	return len(b.events) == cap(b.events) || b.looks < 0 || b.bytes <= 0 && len(b.events) > b.had
}

func (b *batch) add(e Event) {
	b.bytes -= len(e.JSON())
	if b.s.wants(&e) {
		b.events = append(b.events, e)
	}
}

// advance moves the subscription on. It returns true when it has caught up or
// the batch is full, and false when it only ran out of looks.
func (s *Subscription) advance(out *batch) bool {
	b := s.broker
	for s.pos < s.end() || len(s.notices) > 0 {
		var done bool
		switch {
		case len(s.notices) > 0:
			done = s.giveNotice(out)
		case s.single():
			done = s.readRing(out)
		case len(s.merging.cursors) == 0 && b.journal.holds(s.pos):
			done = s.walkJournal(out)
		default:
			done = s.mergeRings(out)
		}
		if !done {
			return len(out.events) > out.had
		}
	}
	return true
}

// end is the position it can read up to for now.
func (s *Subscription) end() uint64 {
	if s.request.Once {
		return s.until
	}
	return s.broker.seq
}

func (s *Subscription) giveNotice(out *batch) bool {
	for ; len(s.notices) > 0; s.notices = s.notices[1:] {
		if out.full() {
			return false
		}
		out.add(s.broker.gap(s.notices[0]))
	}
	s.notices = nil
	return true
}

// readRing is the way of a subscription to one topic.
func (s *Subscription) readRing(out *batch) bool {
	for c := s.only; c != nil; {
		if c.missed() {
			if out.full() {
				return false
			}
			s.tell(out, c, true)
			continue
		}
		e := c.upcoming()
		if e == nil || e.Seq > s.end() {
			break
		}
		if out.full() {
			return false
		}
		s.deliver(out, c, e)
	}
	s.pos = max(s.pos, s.end())
	return true
}

// walkJournal is the way of a subscription to several topics: from event to
// event of the hub, taking those of its own.
func (s *Subscription) walkJournal(out *batch) bool {
	b := s.broker
	for s.pos < s.end() {
		if out.full() {
			return false
		}
		seq := s.pos + 1
		at := b.journal.at(seq)
		c := s.cursors[at.topic]
		if c == nil {
			s.pos = seq
			continue
		}
		if c.owed != nil || c.missed() && at.n >= c.next {
			// The first it misses stood here. Other topics' events may stand
			// between here and the last it misses.
			c.countOwed(at.n)
			s.tell(out, c, c.gapEnd() == seq)
		} else if e := c.upcoming(); e != nil && e.Seq == seq {
			s.deliver(out, c, e)
		}
		s.pos = seq
		s.discard(c)
	}
	return true
}

func (s *Subscription) deliver(out *batch, c *cursor, e *Event) {
	c.take(e)
	out.add(*e)
	s.pos = e.Seq
}

// tell hands out the gap of a cursor. place says whether its end is a position
// for the reader to come back to.
func (s *Subscription) tell(out *batch, c *cursor, place bool) {
	g := c.tell()
	g.place = place
	out.add(s.broker.gap(g))
	if place {
		s.pos = g.to
	}
}
