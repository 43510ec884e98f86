package broker

import "container/heap"

// merge is the way back to the journal for a reader of several topics that is
// further behind than it reaches: their rings, merged by seq.
type merge struct {
	cursors cursorHeap
	end     uint64 // what is later than this is left to the journal
}

func (s *Subscription) mergeRings(out *batch) bool {
	m := &s.merging
	if len(m.cursors) == 0 {
		m.begin(s)
	}
	for len(m.cursors) > 0 {
		c := m.cursors[0]
		if place, ok := c.place(); !ok || place > m.end {
			heap.Pop(&m.cursors)
			continue
		} else if place != c.queued { // what it stood by has been evicted meanwhile
			c.queued = place
			heap.Fix(&m.cursors, 0)
			continue
		}
		if out.full() {
			return false
		}
		if c.missed() {
			end := c.gapEnd()
			c.queued = end + 1
			heap.Fix(&m.cursors, 0)
			s.tell(out, c, end <= m.end && m.cursors[0].queued > end)
		} else {
			s.deliver(out, c, c.upcoming())
		}
		s.discard(c)
	}
	s.pos, m.cursors = max(s.pos, m.end), nil
	return true
}

func (m *merge) begin(s *Subscription) {
	m.end = s.end()
	for _, c := range s.cursors {
		if place, ok := c.place(); ok {
			c.queued = place
			m.cursors = append(m.cursors, c)
		}
	}
	heap.Init(&m.cursors)
}

// cursorHeap has the cursor that is due first at its top.
type cursorHeap []*cursor

func (h cursorHeap) Len() int           { return len(h) }
func (h cursorHeap) Less(i, j int) bool { return h[i].queued < h[j].queued }
func (h cursorHeap) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *cursorHeap) Push(c any)        { *h = append(*h, c.(*cursor)) }
func (h *cursorHeap) Pop() any {
	old := *h
	last := old[len(old)-1]
	old[len(old)-1] = nil
	*h = old[:len(old)-1]
	return last
}
