package follow

import (
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"

	"hub/internal/broker"
	"hub/internal/docker"
	"hub/internal/mask"
)

// Options of a [Follower].
type Options struct {
	Broker *broker.Broker
	Engine *docker.Engine
	// History is with how many messages of a container's log, the newest, its topic
	// is filled at most: what such a topic keeps; 100,000 by default.
	History int
	// HistoryBytes is how many bytes such a topic keeps; 64 MiB by default.
	HistoryBytes int64
	// Mask holds the values that no event shows; nil for nothing.
	Mask *mask.Set
	Log  *slog.Logger // slog's default when nil
}

// Follower brings what an engine says into the broker's topics. Its methods may
// be called from any goroutine.
type Follower struct {
	broker  *broker.Broker
	engine  *docker.Engine
	history int
	bytes   int64
	mask    *mask.Set
	log     *slog.Logger

	logs, stats *feed
	happened    memory // the engine's events; the goroutine of Run's alone

	mu      sync.Mutex
	looked  bool // whether the engine has been looked for yet
	there   bool
	reason  string // why it is not
	version docker.Version
}

// New makes a follower. It does nothing before [Follower.Run].
func New(o Options) *Follower {
	if o.History <= 0 {
		o.History = 100_000
	}
	if o.HistoryBytes <= 0 {
		o.HistoryBytes = 64 << 20
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	f := &Follower{broker: o.Broker, engine: o.Engine, history: o.History, bytes: o.HistoryBytes, mask: o.Mask, log: o.Log}
	f.reason = "it has not been looked for yet"
	f.logs = newFeed(f, "logs", f.tail)
	f.stats = newFeed(f, "stats", f.meter)
	return f
}

// Logs is the broker's source of containers/*/logs.
func (f *Follower) Logs(selector string, filled func()) (stop func()) {
	return f.logs.start(selector, filled)
}

// Stats is the broker's source of containers/*/stats.
func (f *Follower) Stats(selector string, filled func()) (stop func()) {
	return f.stats.start(selector, filled)
}

// Engine tells whether the engine is there, and which it is; else why not, in
// words. It asks nobody: Run knows.
func (f *Follower) Engine() (ok bool, reason string, version docker.Version) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.there, f.reason, f.version
}

// publish is for events that are few.
func (f *Follower) publish(topic string, messages ...broker.Message) {
	for i := range messages {
		messages[i].Data = f.mask.JSON(messages[i].Data)
	}
	_, err := f.broker.PublishAll(topic, messages...)
	f.noteFailure(topic, err)
}

func (f *Follower) noteFailure(topic string, err error) {
	if err != nil && !errors.Is(err, broker.ErrClosed) {
		f.log.Warn("cannot publish what the engine said", "topic", topic, "error", err)
	}
}

// guarded makes a panic an error, so that it ends neither a goroutine that is to
// live long nor the process.
func (f *Follower) guarded(what string, do func()) (panicked bool) {
	defer func() {
		if p := recover(); p != nil {
			panicked = true
			f.log.Error(what+" panicked", "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
		}
	}()
	do()
	return false
}
