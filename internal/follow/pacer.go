package follow

import (
	"context"
	"time"
)

const (
	// gather is the shortest time between two batches when they follow each other
	// closely: in a burst the engine's socket gathers lines meanwhile, which costs
	// everybody less than to take each alone.
	gather = 2 * time.Millisecond
	// longPause is how long reading waits for the topic's fastest reader at most,
	// before it goes on for a batch.
	longPause = time.Second
	// A reader that is further behind than tooFar, as a share of the topic's bound, is
	// waited for until it is closer than nearEnough.
	tooFar, nearEnough = 0.5, 0.25
)

// pacer slows reading down where that helps: the engine keeps what is not read.
type pacer struct {
	sink      *sink
	published int       // since the last look at the readers; guarded by sink.mu
	last      time.Time // when the last batch went
	stalled   float64   // how far behind a reader was who took nothing for a whole pause; 0 for none
}

// pace is called when a batch has gone; waits says that the next message has not
// arrived yet.
func (p *pacer) pace(ctx context.Context, waits bool) {
	if waits {
		if early := gather - time.Since(p.last); early > 0 {
			sleep(ctx, early)
		}
		p.last = time.Now()
	}
	if p.due() {
		p.waitForReader(ctx)
	}
}

// due reports whether so much has been published since the last look that a
// reader may have fallen behind.
func (p *pacer) due() bool {
	p.sink.mu.Lock()
	defer p.sink.mu.Unlock()
	if p.published < p.sink.follower.history/20 {
		return false
	}
	p.published = 0
	return true
}

// waitForReader lets a burst arrive whole at the fastest reader of the topic, who
// would otherwise be overtaken. One that takes nothing at all during a pause is
// not waited for again before it has come closer.
func (p *pacer) waitForReader(ctx context.Context) {
	lag := func() float64 { return p.sink.follower.broker.Lag(p.sink.topic) }
	first := lag()
	if first < tooFar || p.stalled > 0 && first >= p.stalled {
		return
	}
	p.stalled = 0
	now := first
	for began := time.Now(); now >= nearEnough && ctx.Err() == nil; now = lag() {
		if time.Since(began) >= longPause {
			if now >= first {
				p.stalled = now
			}
			return
		}
		sleep(ctx, gather)
	}
}
