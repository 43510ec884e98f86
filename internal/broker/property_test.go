package broker

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// The ledger knows every event that was published, and of each reader what it
// got, so that it can tell at the end whether anything was lost in silence.
type ledger struct {
	mu     sync.Mutex
	events map[uint64]record
}

type record struct {
	topic string
	n     uint64
}

type reader struct {
	topics  []string
	start   uint64 // it is owed what was published after this
	got     []Event
	latest  map[string]bool
	resumes int
}

type gapData struct {
	Topic, From, To, Reason string
	Count                   *uint64
}

func (l *ledger) publish(b *Broker, topic string, count int) {
	messages := make([]Message, count)
	for i := range messages {
		messages[i] = Message{Kind: "line", Data: []byte(`{"line":"` + strings.Repeat("x", rand.IntN(60)) + `"}`)}
	}
	last, err := b.PublishAll(topic, messages...)
	if err != nil {
		panic(err)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for i := range uint64(count) { // one call's events stand together
		l.events[last-i] = record{topic: topic}
	}
}

// number gives the events of each topic their numbers, in the order of seq.
func (l *ledger) number() {
	numbers := map[string]uint64{}
	for _, seq := range slices.Sorted(maps.Keys(l.events)) {
		r := l.events[seq]
		numbers[r.topic]++
		r.n = numbers[r.topic]
		l.events[seq] = r
	}
}

// check holds what a reader got against what was published.
func (l *ledger) check(t *testing.T, b *Broker, r *reader) {
	t.Helper()
	covered := map[uint64]string{} // seq → how
	cover := func(seq uint64, how string) {
		before, twice := covered[seq]
		// A gap without an id is told again to a reader that comes back from before its end.
		retold := before == "gap without id" && strings.HasPrefix(how, "gap")
		if twice && !retold {
			t.Errorf("%v: event %d came twice: %s and %s", r.topics, seq, before, how)
		}
		covered[seq] = how
	}
	last := uint64(0)
	numbers := map[string]uint64{}
	for _, e := range r.got {
		if e.Seq != 0 {
			if e.Seq <= last {
				t.Errorf("%v: %s of seq %d came after seq %d", r.topics, e.Kind, e.Seq, last)
			}
			last = e.Seq
		}
		if e.Kind != KindGap {
			if e.N <= numbers[e.Topic] && e.N != 1 {
				t.Errorf("%s: number %d came after %d", e.Topic, e.N, numbers[e.Topic])
			}
			numbers[e.Topic] = e.N
			if want := l.events[e.Seq]; want.topic != e.Topic || want.n != e.N {
				t.Errorf("seq %d is %s number %d, published was %v", e.Seq, e.Topic, e.N, want)
			}
			cover(e.Seq, "event")
			continue
		}
		var g struct{ Data gapData }
		if err := json.Unmarshal(e.JSON(), &g); err != nil {
			t.Fatalf("gap %s: %v", e.JSON(), err)
		}
		from, to := seqOf(t, g.Data.From), seqOf(t, g.Data.To)
		if e.Seq != 0 && to != e.Seq {
			t.Errorf("gap %s: its id is not its end", e.JSON())
		}
		how, count := "gap", uint64(0)
		if e.Seq == 0 {
			how = "gap without id"
		}
		for seq := from + 1; seq <= to; seq++ {
			if l.events[seq].topic == g.Data.Topic {
				cover(seq, how)
				count++
			}
		}
		if g.Data.Count == nil && g.Data.Reason == "slow" {
			t.Errorf("gap %s: the count of an overtaken reader's gap is always known", e.JSON())
		}
		if g.Data.Count != nil && *g.Data.Count != count {
			t.Errorf("gap %s: %d events stand between its ends", e.JSON(), count)
		}
	}
	for seq, rec := range l.events {
		wanted := seq > r.start && slices.ContainsFunc(r.topics, func(p string) bool { return Match(p, rec.topic) })
		how, has := covered[seq]
		switch {
		case has && !wanted:
			t.Errorf("%v: seq %d of %s came (%s) and was not asked for", r.topics, seq, rec.topic, how)
		case !has && wanted && !r.latest[rec.topic]:
			t.Errorf("%v from %d: seq %d of %s (number %d) was lost in silence", r.topics, r.start, seq, rec.topic, rec.n)
		}
	}
	for topic := range r.latest {
		info := b.Topics(topic)
		if len(info) == 1 && slices.ContainsFunc(r.topics, func(p string) bool { return Match(p, topic) }) &&
			info[0].Events > 0 && numbers[topic] != info[0].Last {
			t.Errorf("%v: the last value of %s is number %d, the reader has %d", r.topics, topic, info[0].Last, numbers[topic])
		}
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

// Whatever publishers, topics and readers do, whatever the readers' speed and
// wherever they come back: delivered and gaps together are what was published,
// in order, nothing twice.
func TestDeliveredAndGapsAreWhatWasPublished(t *testing.T) {
	for seed := range uint64(60) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { liveRandomly(t, seed) })
		})
	}
}

func liveRandomly(t *testing.T, seed uint64) {
	dice := rand.New(rand.NewPCG(seed, 7))
	b := New(Options{
		Rules: []Rule{
			{"live/*", Policy{Latest: true, MaxEvents: 5}},
			{"small/*", Policy{MaxEvents: 1 + dice.IntN(6)}},
		},
		Default:  Policy{MaxEvents: 3 + dice.IntN(60), MaxBytes: 400 + dice.Int64N(8000)},
		MaxBytes: 3000 + dice.Int64N(40_000),
		Journal:  4 + dice.IntN(200),
	})
	names := []string{"live/1", "live/2", "small/1", "small/2", "log/1", "log/2", "log/3", "log/a/b"}
	choices := [][]string{
		{"log/1"}, {"small/1"}, {"live/1"}, {"log/*"}, {"**"}, {"log/1", "small/*", "live/2"}, {"small/1", "small/2"}, {"log/**", "later/*"},
	}
	l := &ledger{events: map[uint64]record{}}
	var all sync.WaitGroup
	for range 3 {
		seed := dice.Uint64()
		all.Go(func() {
			dice := rand.New(rand.NewPCG(seed, 1))
			for i := range 120 {
				name := names[dice.IntN(len(names))]
				if i > 60 && dice.IntN(4) == 0 {
					name = fmt.Sprint("later/", dice.IntN(3))
				}
				l.publish(b, name, 1+dice.IntN(8)*dice.IntN(2))
				time.Sleep(time.Duration(dice.IntN(3)) * time.Millisecond)
			}
		})
	}
	ctx, stop := context.WithCancel(t.Context())
	readers := make([]*reader, 24)
	var reading sync.WaitGroup
	for i := range readers {
		seed := dice.Uint64()
		r := &reader{topics: choices[i%len(choices)], latest: map[string]bool{"live/1": true, "live/2": true}}
		readers[i] = r
		reading.Go(func() { r.read(ctx, t, b, rand.New(rand.NewPCG(seed, 2))) })
	}
	all.Wait()
	time.Sleep(time.Hour) // longer than the slowest reader sleeps in all
	stop()
	reading.Wait()
	l.number()
	for _, r := range readers {
		l.check(t, b, r)
	}
	if t.Failed() {
		t.Logf("journal of %d, default %+v, hub %d bytes", b.options.Journal, b.options.Default, b.options.MaxBytes)
	}
}

// read reads at a pace of its own, and now and then goes away and comes back
// with the last id it has, or with the position it had reached.
func (r *reader) read(ctx context.Context, t *testing.T, b *Broker, dice *rand.Rand) {
	time.Sleep(time.Duration(dice.IntN(200)) * time.Millisecond)
	start := All
	pace := []time.Duration{0, time.Millisecond, 20 * time.Millisecond, 150 * time.Millisecond}[dice.IntN(4)]
	for ctx.Err() == nil {
		s, err := b.Subscribe(Request{Topics: r.topics, Start: start})
		if err != nil {
			t.Error(err)
			return
		}
		batch := make([]Event, 0, 1+dice.IntN(40))
		for ctx.Err() == nil {
			events, err := s.Receive(ctx, batch[:0])
			r.got = append(r.got, events...)
			if err != nil {
				break
			}
			time.Sleep(pace)
			if dice.IntN(12) == 0 {
				start = After(s.Position())
				for _, e := range slices.Backward(r.got) {
					if e.Seq > 0 && dice.IntN(2) == 0 {
						start = After(b.ID(e.Seq))
						break
					} else if e.Seq > 0 {
						break
					}
				}
				r.resumes++
				break
			}
		}
		s.Close()
		if ctx.Err() == nil {
			time.Sleep(time.Duration(dice.IntN(60)) * time.Millisecond)
		}
	}
}
