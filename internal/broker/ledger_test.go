package broker

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
)

// The ledger knows every event that was published, and of each reader what it
// got, so that it can tell at the end whether anything was lost in silence.
type ledger struct {
	mu     sync.Mutex
	events map[uint64]record

	byTopic map[string][]uint64 // seqs in order, made when all is published
}

type record struct{ topic, kind string }

type reader struct {
	topics  []string
	kinds   []string
	from    uint64 // it is owed what was published after this
	got     []Event
	resumes int
}

type gapData struct {
	Topic, From, To, Reason string
	Count                   *uint64
}

func (l *ledger) publish(b *Broker, topic string, dice *rand.Rand) {
	messages := make([]Message, 1+dice.IntN(8)*dice.IntN(2))
	for i := range messages {
		kind := []string{"line", "line", "stage"}[dice.IntN(3)]
		messages[i] = Message{Kind: kind, Data: []byte(`{"line":"` + strings.Repeat("x", dice.IntN(60)) + `"}`)}
	}
	if dice.IntN(20) == 0 {
		messages[len(messages)-1].Kind = KindEnd
	}
	last, err := b.PublishAll(topic, messages...)
	if err != nil {
		panic(err)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, m := range slices.Backward(messages) { // one call's events stand together
		l.events[last] = record{topic, m.Kind}
		last--
	}
}

func (l *ledger) close() {
	l.byTopic = map[string][]uint64{}
	for _, seq := range slices.Sorted(maps.Keys(l.events)) {
		topic := l.events[seq].topic
		l.byTopic[topic] = append(l.byTopic[topic], seq)
	}
}

// between are the events of the topics that selector stands for, after from, up
// to and including to.
func (l *ledger) between(selector string, from, to uint64) (seqs []uint64) {
	for topic, all := range l.byTopic {
		if Match(selector, topic) {
			i, _ := slices.BinarySearch(all, from+1)
			j, _ := slices.BinarySearch(all, to+1)
			seqs = append(seqs, all[i:max(i, j)]...)
		}
	}
	return seqs
}

// check holds what a reader got against what was published.
func (l *ledger) check(t *testing.T, b *Broker, r *reader) {
	t.Helper()
	covered := map[uint64]string{} // seq → how
	last := uint64(0)
	for _, e := range r.got {
		if e.Seq != 0 && e.Seq <= last {
			t.Errorf("%v: %s of seq %d came after seq %d", r.topics, e.Kind, e.Seq, last)
		}
		last = max(last, e.Seq)
		if e.Kind == KindGap {
			l.checkGap(t, r, &e, covered)
			continue
		}
		if want := l.events[e.Seq]; want.topic != e.Topic || want.kind != e.Kind {
			t.Errorf("seq %d is %s of %s, published was %v", e.Seq, e.Kind, e.Topic, want)
		}
		if how := covered[e.Seq]; how != "" && how != "gap of a pattern" {
			t.Errorf("%v: event %d came after a %s", r.topics, e.Seq, how)
		}
		covered[e.Seq] = "event"
	}
	l.checkNumbers(t, r)
	for seq, rec := range l.events {
		matches := slices.ContainsFunc(r.topics, func(p string) bool { return Match(p, rec.topic) })
		wanted := len(r.kinds) == 0 || rec.kind == KindEnd || slices.Contains(r.kinds, rec.kind)
		lossless := !b.policy(rec.topic).Latest
		switch how := covered[seq]; {
		case how == "event" && (!matches || !wanted):
			t.Errorf("%v: seq %d of %s came and was not asked for", r.topics, seq, rec.topic)
		case how == "" && matches && wanted && lossless && seq > r.from:
			t.Errorf("%v from %d: seq %d of %s was lost in silence", r.topics, r.from, seq, rec.topic)
		}
	}
}

func (l *ledger) checkGap(t *testing.T, r *reader, e *Event, covered map[uint64]string) {
	t.Helper()
	var g struct{ Data gapData }
	if err := json.Unmarshal(e.JSON(), &g); err != nil {
		t.Fatalf("gap %s: %v", e.JSON(), err)
	}
	from, to := seqOf(t, g.Data.From), seqOf(t, g.Data.To)
	if e.Seq != 0 && to != e.Seq || from >= to {
		t.Errorf("gap %s: its id is not its end, or it is empty", e.JSON())
	}
	how := "gap"
	switch {
	case isPattern(g.Data.Topic):
		how = "gap of a pattern" // some topics it stands for have been forgotten, others not
	case e.Seq == 0:
		how = "gap without an id" // it is told again to a reader that comes back from before its end
	}
	missed := l.between(g.Data.Topic, from, to)
	for _, seq := range missed {
		before := covered[seq]
		if before == "event" && how == "gap of a pattern" {
			continue
		}
		if before == "event" || before == "gap" && how == "gap" {
			t.Errorf("%v: event %d is in %s after it came as %s", r.topics, seq, e.JSON(), before)
		}
		covered[seq] = how
	}
	if b := g.Data.Count; b == nil && g.Data.Reason == "slow" || b != nil && *b != uint64(len(missed)) {
		t.Errorf("gap %s: %d events stand between its ends", e.JSON(), len(missed))
	}
}

// checkNumbers: between two events of a topic stand as many as their numbers
// say, or the topic was forgotten and counts anew since.
func (l *ledger) checkNumbers(t *testing.T, r *reader) {
	t.Helper()
	before := map[string]Event{}
	for _, e := range r.got {
		if e.Kind == KindGap {
			continue
		}
		last := before[e.Topic]
		between := uint64(len(l.between(e.Topic, last.Seq, e.Seq)))
		if e.N != last.N+between && e.N > between {
			t.Errorf("%s number %d (seq %d) comes %d after number %d (seq %d)", e.Topic, e.N, e.Seq, between, last.N, last.Seq)
		}
		before[e.Topic] = e
	}
}

func seqOf(t *testing.T, id string) (seq uint64) {
	t.Helper()
	_, digits, _ := strings.Cut(id, "-")
	if _, err := fmt.Sscan(digits, &seq); err != nil {
		t.Fatalf("id %q: %v", id, err)
	}
	return seq
}
