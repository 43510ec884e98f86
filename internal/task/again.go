package task

import "fmt"

// Again starts a new task, of an id of its own, that does what an older one did or does, which goes on if it runs: the same type, head and
// secrets. Errors: ErrNotFound, ErrOnce, and those of Start.
func (r *Registry) Again(id string) (*Task, error) {
	r.mu.Lock()
	old := r.tasks[id]
	r.mu.Unlock()
	switch {
	case old == nil:
		return nil, fmt.Errorf("cannot run task %s again: %w", id, ErrNotFound)
	case old.again.Run == nil:
		return nil, fmt.Errorf("cannot run task %s again: a task of type %s is bound to its request: %w", id, old.kind, ErrOnce)
	}
	spec := old.again
	if len(old.head) > 0 {
		spec.Head = old.head // masked already
	}
	return r.Start(spec)
}
