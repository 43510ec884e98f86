package pipeline

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"runtime/debug"
	"sync"
	"time"

	"hub/internal/docker"
	"hub/internal/git"
	"hub/internal/mask"
	"hub/internal/task"
)

// Options of a [Runner]. Tasks, Engine and Folder are needed.
type Options struct {
	Tasks  *task.Registry
	Engine *docker.Engine
	Folder string // of the host, for workspaces; it is made where it is missing, and may be shared with other hubs

	KeepFor    time.Duration  // how long a run can be retried from a later stage after its end; 0 is an hour
	Username   string         // at registries, where a definition names none
	Password   string         // of Username
	LocalRepos git.LocalRoots // folders of the host that may be cloned
	Mask       *mask.Set      // that of Tasks
	Log        *slog.Logger   // nil is slog.Default()
}

// Runner runs pipelines.
type Runner struct {
	o        Options
	log      *slog.Logger
	instance *instance // this hub's own folder
	ports    *turns    // deploys of one site, or on one port, go one after another

	mu      sync.Mutex
	records map[string]*record // by the task's id

	unfinished []*deploy                         // that could not be taken back yet
	undos      []func(ctx context.Context) error // neither could these
	undoing    sync.Mutex                        // one at a time does
	untags     []string                          // names of images that could not be taken from them yet

	life     context.Context // of what goes on in the background
	stop     func()          // ends it
	closed   bool            // nothing is dropped any more
	running  sync.WaitGroup  // runs that are not at their end
	dropping sync.WaitGroup  // what is kept no longer
}

// New makes a runner and its folder of workspaces. Close it.
func New(o Options) (*Runner, error) {
	if o.KeepFor == 0 {
		o.KeepFor = time.Hour
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	// Hubs of one engine lie beside each other: what a dead one has left on its engine, no hub of another engine finds.
	i, err := newInstance(filepath.Join(o.Folder, engineFolder(o.Engine.Host())))
	if err != nil {
		return nil, fmt.Errorf("cannot use %s for the workspaces of pipelines: %w", o.Folder, err)
	}
	r := &Runner{o: o, log: o.Log, instance: i, ports: newTurns(), records: map[string]*record{}}
	r.life, r.stop = context.WithCancel(context.Background())
	return r, nil
}

// Start starts a run as a task, whose id may be given. Errors: those of [Definition.Check] and of [task.Registry.Start].
func (r *Runner) Start(d Definition, id string) (*task.Task, error) {
	if err := r.check(d); err != nil {
		return nil, err
	}
	return r.start(r.newRecord(d), id)
}

// Again starts a new run, from its first stage on, of what an older one was or is. Unknown: docker.ErrNotFound; else those of
// [task.Registry.Start].
func (r *Runner) Again(id string) (*task.Task, error) {
	r.mu.Lock()
	old := r.records[id]
	r.mu.Unlock()
	if old == nil {
		return nil, fail(docker.ErrNotFound, "there is no pipeline %s (GET /pipeline lists them)", shorten(id))
	}
	return r.start(r.newRecord(old.def), "")
}

// check is d's own, and that no folder of the host is to be cloned that may not be.
func (r *Runner) check(d Definition) error {
	if err := d.Check(); err != nil {
		return err
	}
	for i, s := range d.Stages {
		if clone, ok := s.Step.(Clone); ok {
			if err := clone.checkIn(r.o.LocalRepos); err != nil {
				return d.within(i, err)
			}
		}
	}
	return nil
}

// start starts the task of a record.
func (r *Runner) start(rec *record, id string) (*task.Task, error) {
	ready := make(chan struct{})
	defer close(ready)
	t, err := r.o.Tasks.Start(task.Spec{
		ID: id, Type: rec.def.Type, Head: rec.head(), Secrets: rec.def.secrets(),
		Run: func(ctx context.Context, t *task.Task) (task.Outcome, error) {
			<-ready // the record can be found by then
			return newRun(r, rec, t).all(ctx)
		},
	})
	if err != nil {
		return nil, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	rec.id = t.ID()
	if old := r.records[rec.id]; old != nil { // an earlier run of that id
		r.drop(old)
	}
	r.records[rec.id] = rec
	r.running.Go(func() { r.watch(rec, t) })
	return t, nil
}

// watch ends the record of a run that was cancelled before it began.
func (r *Runner) watch(rec *record, t *task.Task) {
	defer r.guard("watching a pipeline's end")
	<-t.Done()
	if s := t.Snapshot(); s.Started.IsZero() {
		r.end(rec, errors.New(s.Error))
	}
}

// Forget lets go of a run whose task is forgotten. It does not wait, and calls no task: the registry that calls is locked.
func (r *Runner) Forget(id string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if rec := r.records[id]; rec != nil {
		delete(r.records, id)
		r.drop(rec)
	}
}

// guard recovers in a goroutine beside a task's own.
func (r *Runner) guard(doing string) {
	if p := recover(); p != nil {
		r.log.Error("panic", "while", doing, "panic", p, "stack", string(debug.Stack()))
	}
}
