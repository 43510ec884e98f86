package broker

import (
	"slices"
	"strings"
)

// selection is a set of topics, given by names and patterns, that one or more
// subscriptions read. They share it, so that a publish finds whom to wake
// without looking at each reader. Guarded by Broker.mu.
type selection struct {
	key     string
	names   []string
	pattern []string
	topics  map[*topic]struct{} // the living topics it includes
	readers map[*Subscription]struct{}
	waiting []*Subscription // readers to wake at the next event
}

// selection returns the one for these names and patterns, which are checked.
func (b *Broker) selection(topics []string) *selection {
	topics = slices.Sorted(slices.Values(topics))
	key := strings.Join(topics, " ")
	if s := b.selections[key]; s != nil {
		return s
	}
	s := &selection{key: key, topics: map[*topic]struct{}{}, readers: map[*Subscription]struct{}{}}
	b.selections[key] = s
	for _, name := range topics {
		if isPattern(name) {
			s.pattern = append(s.pattern, name)
			continue
		}
		s.names = append(s.names, name)
		b.byName[name] = append(b.byName[name], s)
		if t := b.topics[name]; t != nil {
			s.include(t)
		}
	}
	if len(s.pattern) > 0 {
		b.patterns[s] = struct{}{}
		for name, t := range b.topics {
			if s.matches(name) {
				s.include(t)
			}
		}
	}
	return s
}

func (s *selection) matches(name string) bool {
	return slices.ContainsFunc(s.pattern, func(p string) bool { return Match(p, name) })
}

// include adds a topic, which is new or was there before the selection.
func (s *selection) include(t *topic) {
	if _, ok := s.topics[t]; ok {
		return
	}
	s.topics[t] = struct{}{}
	t.selections = append(t.selections, s)
	for r := range s.readers {
		if r.held == 0 {
			r.follow(&cursor{topic: t, next: 1, seq: r.broker.seq})
		}
	}
}

// drop removes a selection that nobody reads any more.
func (b *Broker) drop(s *selection) {
	delete(b.selections, s.key)
	delete(b.patterns, s)
	isThis := func(other *selection) bool { return other == s }
	for _, name := range s.names {
		if b.byName[name] = slices.DeleteFunc(b.byName[name], isThis); len(b.byName[name]) == 0 {
			delete(b.byName, name)
		}
	}
	for t := range s.topics {
		t.selections = slices.DeleteFunc(t.selections, isThis)
	}
}
