package follow

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"hub/internal/broker"
	"hub/internal/docker"
)

// longest is how long readers wait for what a topic is filled with.
const longest = 10 * time.Second

// feed keeps a worker for each container of which somebody reads a topic of one
// kind, however many read it, by name or by pattern.
type feed struct {
	follower *Follower
	kind     string // the last segment of its topics: "logs" or "stats"
	work     func(context.Context, *worker)

	mu      sync.Mutex
	demands map[*demand]struct{}
	workers map[string]*worker // by the container's name
	records map[string]*record // what is known of containers, also without a worker
	sweepAt int                // records at which those of no use are let go
}

// demand is one selector of the broker's: a topic or a pattern.
type demand struct {
	selector string
	name     string // of the one container that it can mean; "" where it can mean several
}

func newFeed(f *Follower, kind string, work func(context.Context, *worker)) *feed {
	return &feed{
		follower: f, kind: kind, work: work, sweepAt: 256,
		demands: map[*demand]struct{}{}, workers: map[string]*worker{}, records: map[string]*record{},
	}
}

func (d *feed) topic(name string) string { return "containers/" + name + "/" + d.kind }

// start is the broker's call for a selector's first reader.
func (d *feed) start(selector string, filled func()) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	one := &demand{selector: selector, name: nameIn(selector)}
	d.mu.Lock()
	d.demands[one] = struct{}{}
	var waits []<-chan struct{}
	if one.name != "" {
		waits = append(waits, d.employ(one.name, false).filled)
	}
	d.mu.Unlock()
	var looking sync.WaitGroup
	looking.Go(func() {
		defer filled()
		d.follower.guarded("filling "+selector, func() {
			if one.name == "" {
				waits = d.populate(ctx)
			}
			awaitAll(ctx, waits, longest)
		})
	})
	return func() {
		cancel()
		looking.Wait()
		d.mu.Lock()
		delete(d.demands, one)
		var idle []*worker
		for name, w := range d.workers {
			if !d.wanted(name) {
				delete(d.workers, name)
				idle = append(idle, w)
			}
		}
		d.mu.Unlock()
		for _, w := range idle {
			w.stop()
		}
	}
}

// nameIn is the only container that a selector can mean, if there is one.
func nameIn(selector string) string {
	segments := strings.Split(selector, "/")
	if len(segments) < 2 || segments[0] == "**" || strings.HasPrefix(segments[1], "*") {
		return ""
	}
	return segments[1]
}

// awaitAll waits until all are closed, but no longer than most.
func awaitAll(ctx context.Context, all []<-chan struct{}, most time.Duration) {
	timer := time.NewTimer(most)
	defer timer.Stop()
	for _, one := range all {
		select {
		case <-one:
		case <-timer.C:
			return
		case <-ctx.Done():
			return
		}
	}
}

// populate has a worker for each running container that a pattern means.
func (d *feed) populate(ctx context.Context) (filled []<-chan struct{}) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	names, err := d.follower.engine.RunningNames(ctx)
	if err != nil {
		return nil // it is away: who finds it calls refresh
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, name := range names {
		if d.wanted(name) {
			filled = append(filled, d.employ(name, false).filled)
		}
	}
	return filled
}

// wanted reports whether somebody reads the topic of a container. d.mu is held.
func (d *feed) wanted(name string) bool {
	topic := d.topic(name)
	for one := range d.demands {
		if one.name == name || one.name == "" && broker.Match(one.selector, topic) {
			return broker.CheckName(topic) == nil // a name may be too long for one
		}
	}
	return false
}

// named reports whether somebody reads it by its name. d.mu is held.
func (d *feed) named(name string) bool {
	for one := range d.demands {
		if one.name == name {
			return true
		}
	}
	return false
}

// employ finds or starts the worker of a container; summoned says that this has
// just been started. d.mu is held.
func (d *feed) employ(name string, summoned bool) *worker {
	w := d.workers[name]
	if w == nil {
		name = strings.Clone(name)
		w = startWorker(d, name, d.record(name), summoned)
		d.workers[name] = w
	}
	return w
}

// dismiss lets a worker go whose container has been removed, unless it is read by
// name or something has happened since. It reports whether it did.
func (d *feed) dismiss(w *worker) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.named(w.name) || len(w.kicks) > 0 || d.workers[w.name] != w {
		return false
	}
	delete(d.workers, w.name)
	return true
}

// notice passes on what happened to a container, and starts a worker for one that
// a pattern was waiting for.
func (d *feed) notice(e docker.Event) {
	d.mu.Lock()
	defer d.mu.Unlock()
	names := []string{e.Attributes["name"], strings.TrimPrefix(e.Attributes["oldName"], "/")}
	for _, name := range slices.Compact(names) {
		w := d.workers[name]
		if w == nil && name != "" && slices.Contains([]string{"start", "rename"}, e.Action) && d.wanted(name) {
			w = d.employ(name, e.Action == "start")
		}
		if w != nil {
			w.notice(e)
		}
	}
}

// refresh has every worker look at its container again, and looks for those that
// patterns mean: something may have happened that the engine did not tell.
func (d *feed) refresh() {
	d.mu.Lock()
	patterns := false
	for one := range d.demands {
		patterns = patterns || one.name == ""
	}
	d.mu.Unlock()
	d.kick()
	if patterns {
		go d.follower.guarded("looking for containers", func() { d.populate(context.Background()) })
	}
}

// kick has every worker look at its container again.
func (d *feed) kick() {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, w := range d.workers {
		w.kick()
	}
}

// record finds or makes what is known of a container. d.mu is held.
func (d *feed) record(name string) *record {
	r := d.records[name]
	if r == nil {
		d.sweep()
		r = &record{}
		d.records[name] = r
	}
	return r
}

// sweep lets go of what is known of containers whose topics are gone.
func (d *feed) sweep() {
	if len(d.records) < d.sweepAt {
		return
	}
	for name := range d.records {
		if d.workers[name] == nil && !d.follower.broker.Exists(d.topic(name)) {
			delete(d.records, name)
		}
	}
	d.sweepAt = 2*len(d.records) + 256
}
