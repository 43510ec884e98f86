package follow

import (
	"context"
	"time"
)

const (
	// mostNap is the longest time between two batches when they follow each other
	// closely. In a burst the engine's socket gathers lines meanwhile, which costs
	// everybody less than to take each alone; but it holds only some 300, and must
	// not be what holds the engine up.
	mostNap, leastNap = 10 * time.Millisecond, 250 * time.Microsecond
	// Fewer lines than few between two naps make them longer, more than many shorter.
	few, many = 64, 128
	// longPause is how long reading waits for the topic's fastest reader at most,
	// before it goes on for a batch.
	longPause = time.Second
	// A reader that is further behind than tooFar, as a share of the topic's bound, is
	// waited for until it is closer than nearEnough.
	tooFar, nearEnough = 0.5, 0.25
	// One that takes less than littleTaken of it in a pause is not waited for any more.
	littleTaken = 0.02
)

// pacer slows reading down where that helps: the engine keeps what is not read.
type pacer struct {
	sink      *sink
	published int   // since the last look at the readers; guarded by sink.mu
	bytes     int64 // of these
	gathered  int   // lines since the last nap; guarded by sink.mu
	nap       time.Duration
	last      time.Time // when the last batch went
	stalled   bool      // the fastest reader took next to nothing for a whole pause, and has not come close since
}

// pace is called when a batch has gone; waits says that the next message has not
// arrived yet.
func (p *pacer) pace(ctx context.Context, waits bool) {
	if waits {
		p.gather(ctx)
	}
	if p.due() {
		p.waitForReader(ctx)
	}
}

// gather naps if the last batch is not long ago.
func (p *pacer) gather(ctx context.Context) {
	p.sink.mu.Lock()
	lines := p.gathered
	p.gathered = 0
	p.sink.mu.Unlock()
	switch {
	case lines > many:
		p.nap /= 2
	case lines < few:
		p.nap = min(max(2*p.nap, leastNap), mostNap)
	}
	if early := p.nap - time.Since(p.last); early >= leastNap {
		sleep(ctx, early)
	}
	p.last = time.Now()
}

// due reports whether so much has been published since the last look that a
// reader may have fallen behind.
func (p *pacer) due() bool {
	p.sink.mu.Lock()
	defer p.sink.mu.Unlock()
	if f := p.sink.follower; p.published < f.history/20 && p.bytes < f.bytes/40 { // an event is up to twice its data
		return false
	}
	p.published, p.bytes = 0, 0
	return true
}

// waitForReader lets a burst arrive whole at the fastest reader of the topic, who
// would otherwise be overtaken. One that takes next to nothing during a pause is
// not waited for again before it has come close.
func (p *pacer) waitForReader(ctx context.Context) {
	lag := func() float64 { return p.sink.follower.broker.Lag(p.sink.topic) }
	first := lag()
	if first < nearEnough {
		p.stalled = false
	}
	if first < tooFar || p.stalled {
		return
	}
	now := first
	for began := time.Now(); now >= nearEnough && ctx.Err() == nil; now = lag() {
		if time.Since(began) >= longPause {
			p.stalled = now > first-littleTaken
			return
		}
		sleep(ctx, leastNap)
	}
}
