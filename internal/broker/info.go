package broker

import (
	"slices"
	"time"
)

// Info is what there is to say of a topic.
type Info struct {
	Topic   string
	Readers int
	Events  int    // kept
	Bytes   int64  // of their JSON
	Last    uint64 // number of the newest event
	FirstID string // of the oldest kept event, "" when none is
	LastID  string // of the newest event
	Time    time.Time
	Ended   bool
	Latest  bool
}

// Topics tells of each topic that matches pattern, in no order. It holds the
// lock in turns, so it is no picture of one moment.
func (b *Broker) Topics(pattern string) []Info {
	var infos []Info
	for some := range slices.Chunk(b.matching(pattern), 256) {
		b.mu.Lock()
		for _, t := range some {
			if !t.forgotten() {
				infos = append(infos, b.info(t))
			}
		}
		b.mu.Unlock()
	}
	return infos
}

func (b *Broker) matching(pattern string) []*topic {
	b.mu.Lock()
	defer b.mu.Unlock()
	if t := b.topics[pattern]; t != nil {
		return []*topic{t}
	}
	if !isPattern(pattern) {
		return nil
	}
	matching := make([]*topic, 0, len(b.topics))
	for name, t := range b.topics {
		if Match(pattern, name) {
			matching = append(matching, t)
		}
	}
	return matching
}

func (b *Broker) info(t *topic) Info {
	i := Info{
		Topic: t.name, Events: t.events.len(), Bytes: t.bytes, Last: t.last,
		LastID: b.ID(t.lastSeq), Ended: t.ended, Latest: t.policy.Latest,
	}
	for _, s := range t.selections {
		i.Readers += len(s.readers)
	}
	if i.Events > 0 {
		i.FirstID = b.ID(t.events.at(0).Seq)
		i.Time = t.events.at(i.Events - 1).Time()
	}
	return i
}

// Exists reports whether there is a topic that matches pattern.
func (b *Broker) Exists(pattern string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.topics[pattern] != nil || !isPattern(pattern) {
		return b.topics[pattern] != nil
	}
	for name := range b.topics {
		if Match(pattern, name) {
			return true
		}
	}
	return false
}
