package task

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"hub/internal/mask"
)

// Registry holds the tasks: those that wait, those that run, and the latest finished run of each id. Close it to stop them all.
type Registry struct {
	o Options

	mu       sync.Mutex
	closed   bool
	last     uint64 // number of the newest task
	tasks    map[string]*Task
	queue    []*Task
	running  map[*Task]struct{}
	busy     map[string]int // running tasks of each type
	finished []*Task        // the longest finished first
	expiry   *time.Timer    // for the first of finished
}

// New makes an empty registry.
func New(o Options) *Registry {
	return &Registry{
		o: o.withDefaults(), tasks: map[string]*Task{}, running: map[*Task]struct{}{}, busy: map[string]int{},
	}
}

// Start takes a task: it runs at once or, when enough others do, waits its turn. It may use the id of a finished task, whose place it
// takes; its topic goes on. Errors: ErrBadID, ErrBadHead, ErrRunning, ErrFull, ErrClosed.
func (r *Registry) Start(spec Spec) (*Task, error) {
	head, err := encodeHead(spec.Head)
	if err != nil {
		return nil, err
	}
	id := spec.ID
	if id == "" {
		id = newID(spec.Type)
	}
	if err := checkID(id); err != nil {
		return nil, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for spec.ID == "" && r.tasks[id] != nil {
		id = newID(spec.Type)
	}
	old := r.tasks[id]
	switch {
	case r.closed:
		return nil, fmt.Errorf("cannot start task: %w", ErrClosed)
	case old != nil && !old.isDone():
		return nil, fmt.Errorf("cannot start task %s: %w", id, ErrRunning)
	case !r.room(spec.Type) && len(r.queue) >= r.o.Queue:
		return nil, fmt.Errorf("cannot start task %s: %w", id, ErrFull)
	}
	if old != nil {
		r.finished = slices.DeleteFunc(r.finished, func(t *Task) bool { return t == old })
	}
	t := r.newTask(id, head, spec)
	if old != nil {
		old.release()
	}
	r.tasks[id] = t
	if r.room(t.kind) {
		r.begin(t)
	} else {
		r.queue = append(r.queue, t)
		r.number()
	}
	return t, nil
}

func (r *Registry) newTask(id string, head []byte, spec Spec) *Task {
	r.last++
	now := time.Now()
	release := r.o.Mask.Add(spec.Secrets...)
	t := &Task{
		id: id, kind: spec.Type, topic: "tasks/" + id, head: r.o.Mask.JSON(head), run: spec.Run, number: r.last,
		to: r.o.Publisher, log: r.o.Log, done: make(chan struct{}), created: now, updated: now,
		again:  Spec{Type: spec.Type, Run: spec.Again, Again: spec.Again, Secrets: spec.Secrets},
		masked: mask.Stream{Set: r.o.Mask}, release: release,
	}
	t.ctx, t.stop = context.WithCancelCause(context.Background())
	return t
}

// work runs a task and ends it, whatever happens.
func (r *Registry) work(t *Task) {
	var out Outcome
	err := errors.New("the task's goroutine ended without a result") // runtime.Goexit
	defer func() {
		if p := recover(); p != nil {
			r.o.Log.Error("task panicked", "task", t.id, "panic", p, "stack", string(debug.Stack()))
			err = fmt.Errorf("panic: %v", p)
		}
		end := judge(t.ctx, out, err)
		r.mu.Lock()
		defer r.mu.Unlock()
		r.finish(t, end)
		r.advance()
	}()
	out, err = t.run(t.ctx, t)
}

// Get finds the task, or the latest run, of an id.
func (r *Registry) Get(id string) (Snapshot, bool) {
	r.mu.Lock()
	t := r.tasks[id]
	r.mu.Unlock()
	if t == nil {
		return Snapshot{}, false
	}
	return t.Snapshot(), true
}

// List tells of the tasks that f chooses, the newest first, without their kept events.
func (r *Registry) List(f Filter) []Snapshot {
	r.mu.Lock()
	tasks := make([]*Task, 0, len(r.tasks))
	for _, t := range r.tasks {
		tasks = append(tasks, t)
	}
	r.mu.Unlock()
	slices.SortFunc(tasks, func(a, b *Task) int { return cmp.Compare(b.number, a.number) })
	list := []Snapshot{}
	for _, t := range tasks {
		if s := t.snapshot(false); f.takes(&s) {
			list = append(list, s)
		}
	}
	return list
}

// Count is how many tasks run, and how many wait for their turn.
func (r *Registry) Count() (running, queued int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.running), len(r.queue)
}

func (t *Task) isDone() bool {
	select {
	case <-t.done:
		return true
	default:
		return false
	}
}
