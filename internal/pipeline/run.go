package pipeline

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"

	"hub/internal/docker"
	"hub/internal/task"
)

// run is one run of a pipeline. It is the [docker.Publisher] of what its stages do.
type run struct {
	*Runner
	def    Definition
	rec    *record
	task   *task.Task
	made   *made
	named  map[string]*moved                 // image names that undo puts back
	undo   []func(ctx context.Context) error // what a failure takes back, the last first
	deploy *deploy                           // that is under way
	turn   func()                            // gives back the sites and ports that are deployed to; nil before a run stage has them
	stage  int                               // that runs
}

// made is what stages hand on to those after them, and to a retry. It belongs to one run at a time.
type made struct {
	space    *workspace
	commit   string
	image    string // its id
	digest   string // of its manifest in a registry
	keptRepo string // the name that it is kept under
	kept     string // the id of what has that name; "" for nothing
	tag      string // what the run's user calls it
	pushed   string // the name that digest was pushed under
	logins   []docker.Login
}

func newRun(r *Runner, rec *record, t *task.Task) *run {
	return &run{Runner: r, def: rec.def, rec: rec, task: t, made: rec.made, named: map[string]*moved{}}
}

// all runs the stages, from the one on that the record says.
func (r *run) all(ctx context.Context) (out task.Outcome, err error) {
	done := false
	defer func() {
		if r.turn != nil {
			r.turn()
		}
	}()
	defer func() { // also of a panic
		if !done && r.takeBack(ctx) {
			out.Word = task.RolledBack
		}
		r.end(r.rec, err)
	}()
	if err := r.checkPorts(ctx); err != nil {
		return out, err
	}
	for i, s := range r.def.Stages {
		r.stage = i
		if i < r.rec.from {
			r.reuse()
		} else if err := r.one(ctx, s); err != nil {
			return out, err
		}
	}
	done = true
	return task.Outcome{Result: r.summary()}, nil
}

// one runs one stage, and says so.
func (r *run) one(ctx context.Context, s Stage) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	known := s.Step.about(r)
	r.starts(known)
	found, err := r.guarded(ctx, s)
	r.ends(known, found, err)
	return err
}

// guarded makes an error of a panic, so that the stage has its end.
func (r *run) guarded(ctx context.Context, s Stage) (found facts, err error) {
	defer func() {
		if p := recover(); p != nil {
			r.log.Error("a stage of a pipeline panicked", "task", r.task.ID(), "stage", s.name(), "panic", p, "stack", string(debug.Stack()))
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	if r.stage == r.rec.from {
		if err := r.nameAgain(ctx); err != nil {
			return nil, err
		}
	}
	return s.Step.do(ctx, r)
}

// takeBack undoes what a run that failed has done to others, whatever has become of its context. It reports whether an older
// container serves in place of the run's. What cannot be undone since the engine is away is later.
func (r *run) takeBack(ctx context.Context) (rolledBack bool) {
	ctx, done := patient(ctx)
	defer done()
	rolledBack = r.rollBack(ctx)
	for i := len(r.undo) - 1; i >= 0; i-- {
		if err := r.undo[i](ctx); away(err) {
			r.undoLater(r.undo[i])
		} else if err != nil && !errors.Is(err, docker.ErrNotFound) {
			r.log.Warn("cannot take back what a pipeline did", "task", r.task.ID(), "error", err)
		}
	}
	return rolledBack
}
