package follow

import (
	"context"
	"encoding/json"
	"hash/maphash"
	"maps"
	"math"
	"slices"
	"time"

	"hub/internal/broker"
	"hub/internal/docker"
)

// Events is the topic of what happens in the engine.
const Events = "docker/events"

const (
	soonest  = 50 * time.Millisecond // the engine is looked for again after this,
	latest   = time.Second           // then after twice as long each time, up to this
	patience = 5 * time.Second       // for an answer that the engine has at hand
	// replay is how long a fresh event stream may take to tell what it remembers.
	replay = 500 * time.Millisecond
)

// Run keeps one event stream to the engine, publishes it, and looks for the
// engine for ever while it is away. It returns nil once ctx has ended; call it
// once.
func (f *Follower) Run(ctx context.Context) error {
	wait := soonest
	for ctx.Err() == nil {
		var err error
		f.guarded("following the engine", func() { err = f.watch(ctx, func() { wait = soonest }) })
		if ctx.Err() != nil {
			break
		}
		f.lost(err)
		sleep(ctx, wait)
		wait = min(2*wait, latest)
	}
	return nil
}

// watch is one event stream, from its beginning to its end.
func (f *Follower) watch(ctx context.Context, connected func()) error {
	version, err := f.askVersion(ctx)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	f.happened.rewind()
	silence := time.NewTimer(time.Hour)
	defer silence.Stop()
	gone := make(chan struct{})
	defer close(gone)
	events := make(chan docker.Event)
	go f.guarded("the engine's events", func() {
		defer close(events)
		err = f.engine.Events(ctx, f.happened.since(), func() {
			connected()
			silence.Reset(replay)
			f.found(version)
		}, func(e docker.Event) {
			select {
			case events <- e:
			case <-gone:
			}
		})
	})
	for {
		select {
		case e, ok := <-events:
			if !ok {
				return err
			}
			f.tell(e)
		case <-silence.C:
			f.mayHaveLost(math.MaxInt64)
		}
	}
}

func (f *Follower) askVersion(ctx context.Context) (docker.Version, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	return f.engine.Version(ctx)
}

// tell publishes an event unless it is one that came before the connection was
// lost, and lets the feeds know of it.
func (f *Follower) tell(e docker.Event) {
	k := mark{e.Time.UnixNano(), sumOf(e)}
	if f.happened.seen(k) {
		return
	}
	f.mayHaveLost(k.at)
	f.happened.add(k)
	data := eventData{Action: e.Action, ID: e.ID, Name: e.Attributes["name"], Attributes: e.Attributes}
	m := broker.Message{Kind: e.Type, Data: encode(data), Time: e.Time}
	if len(m.Data) > broker.MaxJSON-1<<10 { // labels are as large as somebody makes them
		m.Data = encode(eventData{Action: e.Action, ID: e.ID, Name: data.Name, Truncated: true})
	}
	f.publish(Events, m)
	if e.Type == "container" {
		f.logs.notice(e)
		f.stats.notice(e)
	}
}

// mayHaveLost says so when what the engine remembers does not reach back to the
// last event before the connection was lost. at is the time of one that is new.
func (f *Follower) mayHaveLost(at int64) {
	if f.happened.torn(at) {
		_, err := f.broker.Lost(Events)
		f.noteFailure(Events, err)
	}
}

// eventData is the data of an event of docker/events. Its kind is the type of
// what it happened to.
type eventData struct {
	Action     string            `json:"action"`
	ID         string            `json:"id"`
	Name       string            `json:"name,omitempty"`
	Attributes map[string]string `json:"attributes,omitempty"`
	Truncated  bool              `json:"truncated,omitempty"` // the attributes were too large
}

// engineData is the data of the event "status" by which a topic says whether the
// engine is there.
type engineData struct {
	Status string `json:"status"` // connected or lost
	Engine string `json:"engine,omitempty"`
	API    string `json:"api,omitempty"`
	Reason string `json:"reason,omitempty"`
}

// found says, once, that the engine is there, and has everybody look again.
func (f *Follower) found(v docker.Version) {
	f.mu.Lock()
	before := f.there
	f.looked, f.there, f.reason, f.version = true, true, "", v
	f.mu.Unlock()
	if !before {
		f.log.Info("the Docker engine is there", "host", f.engine.Host(), "version", v.Engine, "api", v.API)
		f.publish(Events, broker.Message{Kind: "status", Data: encode(engineData{Status: "connected", Engine: v.Engine, API: v.API})})
	}
	f.logs.refresh()
	f.stats.refresh()
}

// lost says, once, that it is not.
func (f *Follower) lost(err error) {
	reason := "it broke off"
	if err != nil {
		reason = err.Error()
	}
	f.mu.Lock()
	before, first := f.there, !f.looked
	f.looked, f.there, f.reason, f.version = true, false, reason, docker.Version{}
	f.mu.Unlock()
	switch {
	case before:
		f.log.Warn("the Docker engine is gone, looking for it again and again", "host", f.engine.Host(), "reason", reason)
	case first: // a hub does much without one
		f.log.Info("there is no Docker engine, looking for it again and again", "host", f.engine.Host(), "reason", reason)
	}
	if before || first {
		f.publish(Events, broker.Message{Kind: "status", Data: encode(engineData{Status: "lost", Reason: reason})})
		f.logs.kick() // those that wait for their container are to say so, too
	}
}

var seed = maphash.MakeSeed()

// sumOf tells events of one moment apart.
func sumOf(e docker.Event) uint64 {
	var h maphash.Hash
	h.SetSeed(seed)
	for _, s := range []string{e.Type, e.Action, e.ID} {
		h.WriteString(s)
		h.WriteByte(0)
	}
	for _, name := range slices.Sorted(maps.Keys(e.Attributes)) {
		h.WriteString(name + "\x00" + e.Attributes[name] + "\x00")
	}
	return h.Sum64()
}

// encode makes the data of an event of strings and numbers, which cannot fail.
func encode(v any) []byte {
	data, _ := json.Marshal(v)
	return data
}

// sleep waits, at most until ctx ends.
func sleep(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
