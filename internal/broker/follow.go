package broker

// follow adds a cursor. The one of a subscription to a single name needs no map.
func (s *Subscription) follow(c *cursor) {
	if s.single() {
		if old := s.only; old != nil { // of a topic that has been forgotten
			for old.missed() {
				g := old.tell()
				g.place = true
				s.notices = append(s.notices, g)
			}
		}
		s.only = c
		return
	}
	if s.cursors == nil {
		s.cursors = map[*topic]*cursor{}
	}
	s.cursors[c.topic] = c
	if len(s.selection.pattern) > 0 {
		return
	}
	for t, old := range s.cursors {
		if t.name == c.topic.name {
			s.discard(old)
		}
	}
}

// single reports whether it can only ever read one topic.
func (s *Subscription) single() bool {
	return len(s.selection.pattern) == 0 && len(s.selection.names) == 1
}

// discard lets go of the cursor of a forgotten topic once it has nothing more
// and is not the one by which Ended knows that the topic had ended.
func (s *Subscription) discard(c *cursor) {
	if !c.topic.forgotten() {
		return
	}
	if _, pending := c.place(); pending {
		return
	}
	if c.topic.ended && len(s.selection.pattern) == 0 && s.cursorOf(c.topic.name) == c {
		return
	}
	delete(s.cursors, c.topic)
}

// cursorOf is the cursor of a topic asked for by name, or of the last that had
// this name.
func (s *Subscription) cursorOf(name string) *cursor {
	if s.single() {
		return s.only
	}
	last := s.cursors[s.broker.topics[name]]
	if last == nil {
		for t, c := range s.cursors {
			if t.name == name && (last == nil || t.bornSeq > last.topic.bornSeq) {
				last = c
			}
		}
	}
	return last
}
