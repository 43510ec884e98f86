package http

import (
	"context"
	"sync"
	"time"
)

// mostTerminals is how many terminals may be open at once: each is a process in a
// container, four goroutines and a connection of the engine's.
const mostTerminals = 64

// terminals are those that are open. The zero value has none.
type terminals struct {
	mu       sync.Mutex
	open     map[*terminal]struct{}
	draining bool
	emptied  chan struct{} // made by drain, closed when none is left
}

// add counts a terminal in, or says why not.
func (r *terminals) add(t *terminal) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.draining {
		return unavailable(10*time.Second, "the hub is shutting down")
	}
	if len(r.open) >= mostTerminals {
		return unavailable(30*time.Second, "%d terminals are open, which is the most there can be; come back later", mostTerminals)
	}
	if r.open == nil {
		r.open = map[*terminal]struct{}{}
	}
	r.open[t] = struct{}{}
	return nil
}

func (r *terminals) remove(t *terminal) {
	r.mu.Lock()
	defer r.mu.Unlock()
	_, there := r.open[t]
	delete(r.open, t)
	if there && len(r.open) == 0 && r.emptied != nil {
		close(r.emptied)
	}
}

func (r *terminals) list() (all []*terminal) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for t := range r.open {
		all = append(all, t)
	}
	return all
}

// drain closes every terminal with 1001 and returns when what ran in them has
// ended, at the latest when ctx does. There can be no new ones afterwards.
func (r *terminals) drain(ctx context.Context) {
	r.mu.Lock()
	r.draining = true
	if len(r.open) == 0 || r.emptied != nil {
		r.mu.Unlock()
		return
	}
	r.emptied = make(chan struct{})
	r.mu.Unlock()
	for _, t := range r.list() {
		go func() { // a bye waits for one that does not read
			defer func() { t.recovered(recover()) }()
			t.bye()
		}()
	}
	select {
	case <-r.emptied:
	case <-ctx.Done():
		for _, t := range r.list() {
			t.cut()
		}
	}
}
