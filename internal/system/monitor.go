package system

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/singleflight"
)

// Topic and Kind are where and as what measurements are published.
const (
	Topic = "system/usage"
	Kind  = "usage"
)

// Publisher takes events. A broker is one.
type Publisher interface {
	// Publish appends one event; data is one compact JSON value. seq is its position in the hub's timeline.
	Publish(topic, kind string, data []byte) (seq uint64, err error)
}

// Options are how to watch the machine; the zero value publishes nothing and ticks once a second.
type Options struct {
	// Publisher gets each measurement; nil for none.
	Publisher Publisher
	// Every is the time from one tick to the next; 0 is one second.
	Every time.Duration
	// Log gets what began or ceased to fail; nil is slog's default.
	Log *slog.Logger
}

// Monitor watches the machine. Its methods may be called by many goroutines at once.
type Monitor struct {
	publisher Publisher
	every     time.Duration
	log       *slog.Logger
	host      host
	disk      *diskProbe
	samples   singleflight.Group

	mu      sync.Mutex
	meter   meter
	last    Usage
	lastAt  time.Time // zero before the first measurement
	failing map[string]bool

	sample atomic.Pointer[sample] // the last one taken
}

// New makes a Monitor. It measures nothing yet.
func New(o Options) *Monitor { return newMonitor(o, thisHost) }

func newMonitor(o Options, h host) *Monitor {
	if o.Every <= 0 {
		o.Every = time.Second
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	return &Monitor{
		publisher: o.Publisher,
		every:     o.Every,
		log:       o.Log,
		host:      h,
		disk:      &diskProbe{read: h.disk},
		failing:   map[string]bool{},
	}
}

// Run ticks, the first time at once, until ctx is cancelled, and returns nil then. Call it once.
func (m *Monitor) Run(ctx context.Context) error {
	ticker := time.NewTicker(m.every)
	defer ticker.Stop()
	for {
		m.tick()
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
	}
}

// Usage is the last tick's measurement while that is fresh, else one taken now.
func (m *Monitor) Usage() Usage {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.lastAt.IsZero() || time.Since(m.lastAt) > m.every*3/2 {
		m.measure()
	}
	return m.last
}

// tick measures and publishes.
func (m *Monitor) tick() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.measure()
	if m.publisher == nil {
		return
	}
	data, err := json.Marshal(m.last)
	if err == nil {
		_, err = guarded(func() (uint64, error) { return m.publisher.Publish(Topic, Kind, data) })
	}
	m.note("publishing "+Topic, err)
}

// guarded makes a panic of f an error, so that it ends neither a long-lived goroutine nor the process.
func guarded[T any](f func() (T, error)) (value T, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return f()
}

// note logs when what began to fail and when it ceased to. The caller holds m.mu.
func (m *Monitor) note(what string, err error) {
	switch {
	case err != nil && !m.failing[what]:
		m.log.Warn("host figures: "+what+" fails", "err", err)
	case err == nil && m.failing[what]:
		m.log.Info("host figures: " + what + " works again")
	}
	m.failing[what] = err != nil
}
