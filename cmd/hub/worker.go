package main

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"
)

// worker is something that runs beside the rest until it is stopped. The zero value
// has not been started, and is stopped already.
type worker struct {
	cancel context.CancelFunc
	done   chan struct{} // closed when it has ended
	err    error         // why, once done is closed
}

// start lets work run. That it fails, or panics, is said in the log, and ends nothing else.
func (w *worker) start(log *slog.Logger, name string, work func(context.Context) error) {
	ctx, cancel := context.WithCancel(context.Background())
	w.cancel, w.done = cancel, make(chan struct{})
	go func() {
		defer close(w.done)
		defer func() {
			if p := recover(); p != nil {
				w.err = fmt.Errorf("panic: %v", p)
				log.Error(name+" panicked", "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
			} else if w.err != nil {
				log.Error(name+" failed", "error", w.err)
			}
		}()
		w.err = work(ctx)
	}()
}

// stop ends it and returns when it has ended.
func (w *worker) stop() {
	if w.cancel != nil {
		w.cancel()
		<-w.done
	}
}

// within waits for its end, but no longer than that.
func (w *worker) within(limit time.Duration) {
	select {
	case <-w.done:
	case <-time.After(limit):
	}
}

// runs reports whether it has been started and has not ended.
func (w *worker) runs() bool {
	if w.done == nil {
		return false
	}
	select {
	case <-w.done:
		return false
	default:
		return true
	}
}
