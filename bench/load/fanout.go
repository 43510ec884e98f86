//go:build linux

package main

import (
	"errors"
	"time"

	"hub/bench/internal/result"
)

// quiet is how long nothing must arrive before what is missing counts as lost.
const quiet = time.Second

// fanout publishes to readers, some of which may never read.
func fanout(o options) (r result.Result, err error) {
	b, err := newBench(o.target)
	if err != nil {
		return r, err
	}
	defer b.close()
	if err := b.connect(o.readers, o.stalled, "", o.connect); err != nil {
		return r, err
	}
	if err := b.openPublisher(o.batch, o.size); err != nil {
		return r, err
	}
	if _, err := b.until(joining, never); err != nil {
		return r, err
	}
	if err := b.publishFor(o, o.warmup); err != nil {
		return r, err
	}
	b.cut()
	before, err := b.cost(o)
	if err != nil {
		return r, err
	}
	sent, from := b.sent, b.now()
	if err := b.publishFor(o, o.measure); err != nil {
		return r, err
	}
	after, err := b.cost(o)
	if err != nil {
		return r, err
	}
	r = o.result()
	r.Published = int64(b.sent - sent)
	counted(&r, b.cut(), from)
	spent(&r, before, after)
	r.StalledClosed = b.stalledClosed()
	return r, nil
}

// publishFor publishes at the chosen pace for a time, then waits until every
// reader has everything or nothing more comes.
func (b *bench) publishFor(o options, limit time.Duration) error {
	b.pace = flatOut{o.window}
	if o.rate > 0 {
		b.pace = &steady{interval: time.Duration(float64(o.batch) / o.rate * 1e9)}
	}
	if err := b.unblocked(limit, never); err != nil {
		return err
	}
	b.pace = nil
	if err := b.unblocked(time.Minute, func() bool { return !b.waiting && b.slowest(b.sent) == b.sent }); err != nil {
		return err
	}
	if b.waiting {
		return errors.New("cannot publish: no answer in a minute")
	}
	b.settle(b.sent)
	return nil
}

// unblocked turns the loop and, whenever nothing has been delivered for a
// while although something is owed, gives the missing up as lost: else one
// lost event would hold the window shut for ever.
func (b *bench) unblocked(limit time.Duration, done func() bool) error {
	seen, since := b.deliveries, b.now()
	stuck := func() bool {
		now := b.now()
		if b.deliveries != seen || b.waiting || b.slowest(b.sent) == b.sent {
			seen, since = b.deliveries, now
		}
		return now-since > quiet
	}
	for deadline := b.now() + limit; b.now() < deadline; {
		if _, err := b.until(deadline-b.now(), func() bool { return done() || stuck() }); err != nil {
			return err
		}
		if done() {
			return nil
		}
		if stuck() {
			b.settle(b.sent)
		}
	}
	return nil
}

func never() bool { return false }
