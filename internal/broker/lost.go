package broker

import (
	"strconv"
	"time"
)

// Lost publishes that events of a topic were lost before they reached the hub: a
// kept event of kind "gap" with reason "upstream" and a count that nobody knows.
// It speaks of what would stand between the topic's newest event and itself, and
// goes to all readers, in its place. It returns its position.
func (b *Broker) Lost(topic string) (seq uint64, err error) {
	if err := CheckName(topic); err != nil {
		return 0, err
	}
	b.mu.Lock()
	if b.closed {
		b.mu.Unlock()
		return 0, ErrClosed
	}
	t := b.topics[topic]
	if t == nil {
		t = b.bear(topic)
	}
	data := []byte(`{"topic":` + strconv.Quote(topic) + `,"from":"`) // a topic has nothing that Go quotes otherwise than JSON
	data = append(b.appendID(data, t.lastSeq), `","to":"`...)
	data = append(b.appendID(data, b.seq+1), `","count":null,"reason":"upstream"}`...)
	d, err := b.draft(topic, KindGap, time.Now(), data)
	if err != nil {
		b.mu.Unlock()
		return 0, err
	}
	b.append(t, d)
	seq = b.seq
	woken := t.takeWaiting()
	b.mu.Unlock()
	woken.wake()
	return seq, nil
}
