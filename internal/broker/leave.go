package broker

import (
	"cmp"
	"slices"
)

// Leave goes on without some of the names and patterns that were asked for, from
// where it is: what remains loses nothing and repeats nothing. To leave all of
// them is to Close.
func (s *Subscription) Leave(names ...string) {
	b := s.broker
	b.mu.Lock()
	rest := slices.DeleteFunc(slices.Clone(s.request.Topics), func(n string) bool { return slices.Contains(names, n) })
	if s.closed || len(rest) == 0 || len(rest) == len(s.request.Topics) {
		b.mu.Unlock()
		return
	}
	cursors := s.allCursors()
	s.choose(rest)
	s.only, s.cursors, s.merging = nil, nil, merge{}
	for _, c := range cursors {
		if slices.ContainsFunc(rest, func(p string) bool { return Match(p, c.topic.name) }) {
			s.follow(c)
		}
	}
	s.notices = slices.DeleteFunc(s.notices, func(g gap) bool {
		return !slices.ContainsFunc(rest, func(p string) bool { return Match(p, g.topic) || p == g.topic })
	})
	left := s.leaveSources(rest)
	b.mu.Unlock()
	for _, d := range left {
		d.release()
	}
	s.wake() // it may have waited for what it has left
}

// allCursors are its cursors, those of earlier topics of a name before later ones.
func (s *Subscription) allCursors() []*cursor {
	var all []*cursor
	if s.only != nil {
		all = append(all, s.only)
	}
	for _, c := range s.cursors {
		all = append(all, c)
	}
	slices.SortFunc(all, func(a, b *cursor) int { return cmp.Compare(a.topic.bornSeq, b.topic.bornSeq) })
	return all
}

// choose makes topics what it reads.
func (s *Subscription) choose(topics []string) {
	b, old := s.broker, s.selection
	s.disarm()
	delete(old.readers, s)
	s.request.Topics = topics
	s.selection = b.selection(topics)
	s.selection.readers[s] = struct{}{}
	if len(old.readers) == 0 {
		b.drop(old)
	}
}

// leaveSources takes it off the sources that it no longer needs, and returns what
// is to be released without the lock. If it waited for none but these, it begins.
func (s *Subscription) leaveSources(rest []string) (left []*demand) {
	held := s.held
	s.demands = slices.DeleteFunc(s.demands, func(d *demand) bool {
		if slices.Contains(rest, d.selector) {
			return false
		}
		left = append(left, d)
		if n := len(d.held); n > 0 {
			d.held = slices.DeleteFunc(d.held, func(other *Subscription) bool { return other == s })
			s.held -= n - len(d.held)
		}
		return true
	})
	if held > 0 && s.held == 0 {
		s.begin()
	}
	return left
}
