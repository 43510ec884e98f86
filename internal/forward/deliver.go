package forward

import (
	"context"
	"time"

	"github.com/cenkalti/backoff/v5"
)

// jitter is the share by which a wait varies to both sides.
const jitter = 0.5

// deliver sends one item after another until the backlog is closed and empty, or work has ended. When ctx ends it no longer waits for
// an endpoint that is down, but tries at once.
func (f *Forwarder) deliver(ctx, work context.Context) {
	waits := &backoff.ExponentialBackOff{
		InitialInterval:     f.options.MinWait,
		RandomizationFactor: jitter,
		Multiplier:          2,
		MaxInterval:         time.Duration(float64(f.options.MaxWait) / (1 + jitter)), // the jitter is not within it
	}
	stopping := ctx.Done()
	var put struct { // the item that the endpoint put off, and since when
		number uint64
		since  time.Time
	}
	for {
		it, ok := f.backlog.next(work)
		if !ok {
			return
		}
		v := f.trySafely(work, it)
		down := v.outcome == again
		if down && v.status != 0 {
			if put.number != it.number {
				put.number, put.since = it.number, time.Now()
			} else if time.Since(put.since) >= f.options.Persist {
				v.outcome = givenUp
			}
		}
		f.backlog.settle(v.outcome)
		f.report(work, v)
		if !down {
			waits.Reset()
			continue
		}
		timer := time.NewTimer(max(waits.NextBackOff(), v.retryAfter))
		select {
		case <-timer.C:
		case <-stopping:
			stopping = nil
			waits.Reset()
		case <-work.Done():
		}
		timer.Stop()
	}
}

// trySafely is try; an item that makes it panic is given up.
func (f *Forwarder) trySafely(work context.Context, it item) (v verdict) {
	if err := f.guard(func() { v = f.try(work, it) }); err != nil {
		return verdict{outcome: givenUp, err: err}
	}
	return v
}

// report notes how a try went, and logs what is worth a line.
func (f *Forwarder) report(work context.Context, v verdict) {
	if v.outcome == delivered {
		f.succeeded()
		if f.complained {
			f.complained = false
			f.log.Info("task events are forwarded again", "backlog", f.Stats().Backlog)
		}
		return
	}
	if work.Err() != nil { // broken off by ourselves
		return
	}
	reason := f.target.redact(v.err.Error())
	f.failed(reason)
	if v.outcome == givenUp {
		f.refused.Do(func() { f.log.Warn("a task event was given up", "reason", reason, "given_up", f.Stats().GivenUp) })
		return
	}
	f.failing.Do(func() {
		f.complained = true
		f.log.Warn("cannot forward task events, trying again", "reason", reason, "backlog", f.Stats().Backlog)
	})
}
