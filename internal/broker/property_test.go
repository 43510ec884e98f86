package broker

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// Whatever publishers, topics and readers do, whatever the readers' speed and
// wherever they begin and come back: delivered and gaps together are what was
// published, in order, nothing twice.
func TestDeliveredAndGapsAreWhatWasPublished(t *testing.T) {
	for seed := range uint64(200) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { liveRandomly(t, seed) })
		})
	}
}

func liveRandomly(t *testing.T, seed uint64) {
	dice := rand.New(rand.NewPCG(seed, 7))
	o := Options{
		Rules: []Rule{
			{"live/*", Policy{Latest: true, MaxEvents: 5}},
			{"small/*", Policy{MaxEvents: 1 + dice.IntN(6)}},
		},
		Default:  Policy{MaxEvents: 3 + dice.IntN(60), MaxBytes: 400 + dice.Int64N(8000)},
		MaxBytes: 3000 + dice.Int64N(40_000),
		Journal:  4 + dice.IntN(200),
	}
	forgets := seed%2 == 1
	if forgets && dice.IntN(2) == 0 {
		o.MaxTopics = 3 + dice.IntN(8)
	}
	b := New(o)
	l := &ledger{events: map[uint64]record{}}
	names := []string{"live/1", "live/2", "small/1", "small/2", "log/1", "log/2", "log/3", "log/a/b"}
	var publishing, reading sync.WaitGroup
	for range 3 {
		dice := rand.New(rand.NewPCG(dice.Uint64(), 1))
		publishing.Go(func() {
			for i := range 100 {
				name := names[dice.IntN(len(names))]
				if i > 50 && dice.IntN(4) == 0 {
					name = fmt.Sprint("later/", dice.IntN(3))
				}
				l.publish(b, name, dice)
				if forgets && dice.IntN(15) == 0 {
					b.Forget(names[dice.IntN(len(names))])
				}
				time.Sleep(time.Duration(dice.IntN(3)) * time.Millisecond)
			}
		})
	}
	choices := [][]string{
		{"log/1"}, {"small/1"}, {"live/1"}, {"log/*"}, {"**"}, {"log/1", "small/*", "live/2"}, {"small/1", "small/2"}, {"log/**", "later/*"},
	}
	ctx, stop := context.WithCancel(t.Context())
	readers := make([]*reader, 16)
	for i := range readers {
		r := &reader{topics: choices[i%len(choices)]}
		if dice.IntN(3) == 0 {
			r.kinds = []string{"stage"}
		}
		readers[i] = r
		dice := rand.New(rand.NewPCG(dice.Uint64(), 2))
		reading.Go(func() { r.read(ctx, t, b, dice) })
	}
	publishing.Wait()
	time.Sleep(time.Hour) // longer than the slowest reader sleeps in all
	stop()
	reading.Wait()
	l.close()
	for _, r := range readers {
		l.check(t, b, r)
		r.checkLast(t, b)
	}
	if t.Failed() {
		t.Logf("%+v", o)
	}
}

// read reads at a pace of its own, and now and then goes away and comes back
// with the last id it has, or with the position it had reached.
func (r *reader) read(ctx context.Context, t *testing.T, b *Broker, dice *rand.Rand) {
	time.Sleep(time.Duration(dice.IntN(200)) * time.Millisecond)
	start := []Start{All, All, Now, Tail(1 + dice.IntN(9)), Since(time.Now().Add(-time.Duration(dice.IntN(100)) * time.Millisecond)), After(b.ID(0))}[dice.IntN(6)]
	pace := []time.Duration{0, time.Millisecond, 20 * time.Millisecond, 150 * time.Millisecond}[dice.IntN(4)]
	for first := true; ctx.Err() == nil; first = false {
		s, err := b.Subscribe(Request{Topics: r.topics, Kinds: r.kinds, Start: start})
		if err != nil {
			t.Error(err)
			return
		}
		switch {
		case !first || start.mode == startAfter:
		case start == All:
			b.mu.Lock()
			r.from = b.forgotten // who comes for the first time is not owed a topic that has gone
			b.mu.Unlock()
		default:
			r.from = b.head.Load() // nothing from before is owed
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
				r.resumes++
				start = r.comeBack(b, s, dice)
				break
			}
		}
		s.Close()
		if ctx.Err() == nil {
			time.Sleep(time.Duration(dice.IntN(60)) * time.Millisecond)
		}
	}
}

func (r *reader) comeBack(b *Broker, s *Subscription, dice *rand.Rand) Start {
	if dice.IntN(2) == 0 {
		for _, e := range slices.Backward(r.got) {
			if e.Seq > 0 {
				return After(b.ID(e.Seq))
			}
		}
	}
	return After(s.Position())
}

// checkLast: whoever reads a topic to the end has its newest event.
func (r *reader) checkLast(t *testing.T, b *Broker) {
	t.Helper()
	for _, name := range r.topics {
		for _, i := range b.Topics(name) {
			if !i.Latest || i.Events == 0 || len(r.kinds) > 0 {
				continue
			}
			newest := uint64(0)
			for _, e := range r.got {
				if e.Topic == i.Topic && e.Kind != KindGap {
					newest = e.N
				}
			}
			if newest != i.Last && seqOf(t, i.LastID) > r.from {
				t.Errorf("%v: the last value of %s is number %d, the reader has %d", r.topics, i.Topic, i.Last, newest)
			}
		}
	}
}
