package pipeline

import (
	"sync"
	"time"
)

// closing is how long the end of a runner may take, whatever the engine does.
const closing = 3 * time.Second

// Close removes what is kept for retries, and the hub's folder. The tasks must have ended, or been given up. Where something is left,
// such as a run that goes on or what an engine that is away did not do, the folder stays: [Runner.Recover] of the next hub finds it.
func (r *Runner) Close() error {
	defer r.stop()
	defer time.AfterFunc(closing, r.stop).Stop()
	ended := within(&r.running, closing/3)
	r.mu.Lock()
	for _, rec := range r.records {
		if !rec.ended.IsZero() {
			r.drop(rec)
		}
	}
	r.closed = true
	r.mu.Unlock()
	r.dropping.Wait() // it ends with the runner's life
	_ = r.tryAgain(r.life)
	if ended && !r.owes() {
		return r.instance.remove()
	}
	r.log.Info("what pipelines have left is the next hub's to remove", "folder", r.instance.folder)
	_ = r.instance.lock.Close() // which says that this hub is gone
	return nil
}

// owes reports whether anything has been put off that another hub can do.
func (r *Runner) owes() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.unfinished) > 0 || len(r.untags) > 0
}

// within waits for a group, and reports whether it was done in time.
func within(g *sync.WaitGroup, long time.Duration) bool {
	done := make(chan struct{})
	go func() {
		g.Wait()
		close(done)
	}()
	select {
	case <-done:
		return true
	case <-time.After(long):
		return false
	}
}
