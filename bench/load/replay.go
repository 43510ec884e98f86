//go:build linux

package main

import (
	"fmt"
	"time"

	"hub/bench/internal/result"
)

// replay publishes a history that nobody reads, then lets readers come and
// fetch all of it.
func replay(o options) (r result.Result, err error) {
	b, err := newBench(o.target)
	if err != nil {
		return r, err
	}
	defer b.close()
	if err := b.openPublisher(o.batch, o.size); err != nil {
		return r, err
	}
	b.pace = upTo{uint32(o.history)}
	filled := func() bool { return int(b.sent) >= o.history && !b.waiting }
	if ok, err := b.until(time.Minute, filled); err != nil || !ok {
		return r, errOr(err, "only %d of %d events were taken in a minute", b.sent, o.history)
	}
	before, err := b.cost(o)
	if err != nil {
		return r, err
	}
	from := b.now()
	if err := b.connect(o.readers, 0, "?since=all", o.connect); err != nil {
		return r, err
	}
	caughtUp := func() bool { return b.slowest(b.sent) == b.sent }
	if ok, err := b.until(o.measure, caughtUp); err != nil || !ok {
		at := b.slowest(b.sent)
		return r, errOr(err, "a late reader is at event %d of %d after %v", at, b.sent, o.measure)
	}
	after, err := b.cost(o)
	if err != nil {
		return r, err
	}
	r = o.result()
	r.Published = int64(b.sent)
	r.CaughtUp = (b.lastAt - from).Seconds() * 1e3
	counted(&r, b.cut(), from)
	r.P50, r.P99, r.P999, r.Max = 0, 0, 0, 0 // the events were old
	spent(&r, before, after)
	return r, nil
}

func errOr(err error, format string, args ...any) error {
	if err != nil {
		return err
	}
	return fmt.Errorf(format, args...)
}
