package broker

// Lag is how far the topic's fastest reader is behind, as a share of what the
// topic can keep: 0 when that one has everything, towards 1 when it is about to
// be overtaken. It is 0 when nobody reads, and for a latest topic. A source that
// is able to wait for its readers asks this; publishing itself never waits.
func (b *Broker) Lag(topic string) float64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	t := b.topics[topic]
	if t == nil || t.policy.Latest {
		return 0
	}
	fastest, some := uint64(0), false
	for _, s := range t.selections {
		for r := range s.readers {
			if next, ok := r.expects(t); ok {
				fastest, some = max(fastest, next), true
			}
		}
	}
	kept := uint64(t.events.len())
	behind := min(t.last+1-fastest, kept)
	if !some || kept == 0 {
		return 0
	}
	// What it has yet to read is taken to be as large as the rest.
	bytes := float64(t.bytes) * float64(behind) / float64(kept)
	return max(float64(behind)/float64(t.policy.MaxEvents), bytes/float64(t.policy.MaxBytes))
}

// expects is the number that the subscription reads next in t. ok is false for
// one that does not follow t: it is held until a source has filled, or reads no
// further than to where it began.
func (s *Subscription) expects(t *topic) (next uint64, ok bool) {
	c := s.only
	if !s.single() {
		c = s.cursors[t]
	}
	if c == nil || c.topic != t || s.request.Once {
		return 0, false
	}
	return c.next, true
}
