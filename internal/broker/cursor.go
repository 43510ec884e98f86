package broker

// cursor is where a subscription stands in one topic. Guarded by Broker.mu.
type cursor struct {
	topic  *topic
	next   uint64 // the n it expects
	seq    uint64 // of the last event it delivered or gave up
	replay uint64 // the n up to which a latest topic is replayed, not conflated
	owed   *gap   // what was gone before the subscription began, until it is told
	queued uint64 // the place by which it stands in a merge
}

// missed reports whether there is a gap to tell.
func (c *cursor) missed() bool {
	return c.owed != nil || !c.topic.policy.Latest && c.next < c.topic.first()
}

// gapEnd is the last event that the gap to tell speaks of.
func (c *cursor) gapEnd() uint64 {
	if c.owed != nil {
		return c.owed.to
	}
	return c.topic.evictedSeq
}

// tell makes the gap and moves on behind it. What has been evicted since the
// subscription began is a gap of its own, with the next call.
func (c *cursor) tell() gap {
	if g := c.owed; g != nil {
		c.owed = nil
		c.seq = g.to
		return *g
	}
	t := c.topic
	g := gap{topic: t.name, from: c.seq, to: t.evictedSeq, count: t.first() - c.next, known: true, reason: "slow"}
	c.next, c.seq = t.first(), g.to
	return g
}

// countOwed completes what was gone before the subscription began, given the
// number of the first event that it misses; 0 when nobody knows.
func (c *cursor) countOwed(first uint64) {
	if g := c.owed; g != nil && !g.known && first > 0 {
		g.count -= first - 1
		g.known = true
	}
}

// upcoming is the kept event that comes next, or nil: in a latest topic, beyond
// what is replayed, the newest.
func (c *cursor) upcoming() *Event {
	t := c.topic
	n := max(c.next, t.first())
	if t.policy.Latest && n > c.replay {
		n = t.last
	}
	if c.next > t.last || n < t.first() || n > t.last {
		return nil
	}
	return t.at(n)
}

func (c *cursor) take(e *Event) { c.next, c.seq = e.N+1, e.Seq }

// place is where in the order of all topics the cursor is due: a gap as soon as
// what it misses could have stood, an event where it stands.
func (c *cursor) place() (seq uint64, ok bool) {
	if c.missed() {
		return c.seq + 1, true
	}
	if e := c.upcoming(); e != nil {
		return e.Seq, true
	}
	return 0, false
}
