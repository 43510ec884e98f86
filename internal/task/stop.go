package task

import (
	"context"
	"fmt"
	"slices"
)

// Cancel ends a task and returns how it ended, when nothing of it runs any more. A task that waits ends at once; one that has ended is
// left as it is. When ctx ends first, the task is still being ended, and the error is ctx's. Unknown: ErrNotFound.
func (r *Registry) Cancel(ctx context.Context, id string) (Snapshot, error) {
	t, err := r.cancel(id)
	if err != nil {
		return Snapshot{}, err
	}
	select {
	case <-t.done:
		return t.Snapshot(), nil
	case <-ctx.Done():
		return t.Snapshot(), fmt.Errorf("cannot wait for the end of task %s: %w", id, ctx.Err())
	}
}

func (r *Registry) cancel(id string) (*Task, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	t := r.tasks[id]
	if t == nil {
		return nil, fmt.Errorf("cannot cancel task %s: %w", id, ErrNotFound)
	}
	if i := slices.Index(r.queue, t); i >= 0 {
		r.queue = slices.Delete(r.queue, i, i+1)
		r.finish(t, stopped(errCancelled))
		r.number()
	}
	t.stop(errCancelled)
	return t, nil
}

// Close takes no new tasks, ends those that wait, interrupts those that run, and returns when all have ended. When ctx ends first, the
// end events of those that still run are published nevertheless, and the error says how many there were.
func (r *Registry) Close(ctx context.Context) error {
	for _, t := range r.interrupt() {
		select {
		case <-t.done:
		case <-ctx.Done():
			return r.giveUp(ctx.Err())
		}
	}
	return nil
}

func (r *Registry) interrupt() []*Task {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.closed = true
	if r.expiry != nil {
		r.expiry.Stop()
	}
	for _, t := range r.queue {
		r.finish(t, stopped(errInterrupted))
	}
	r.queue = nil
	var running []*Task
	for t := range r.running {
		t.stop(errInterrupted)
		running = append(running, t)
	}
	return running
}

func (r *Registry) giveUp(err error) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := len(r.running)
	for t := range r.running {
		r.finish(t, stopped(errInterrupted))
	}
	if n == 0 {
		return nil
	}
	return fmt.Errorf("cannot wait for the end of %d tasks: %w", n, err)
}
