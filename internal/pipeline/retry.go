package pipeline

import (
	"slices"
	"time"

	"hub/internal/docker"
	"hub/internal/task"
)

// Retry says how a run is retried.
type Retry struct {
	From string // the stage to begin at; "", and any later one, is the first that did not complete
	ID   string // of the new task; "" makes one
}

// Retry starts a new run of what an older one was, from a stage on. Those before are not run again: the new run has their files, image
// and credentials. Unknown: docker.ErrNotFound. One that runs, was retried already, or has nothing kept: docker.ErrConflict, in words
// that say what to do. A From that is no stage: docker.ErrInvalid.
func (r *Runner) Retry(id string, o Retry) (*task.Task, error) {
	old, next, err := r.again(id, o.From)
	if err != nil {
		return nil, err
	}
	t, err := r.start(next, o.ID)
	r.mu.Lock()
	defer r.mu.Unlock()
	if err != nil {
		r.giveBack(id, old, next)
		return nil, err
	}
	old.retriedAs = t.ID()
	return t, nil
}

// giveBack leaves a run as it was before a retry that could not be started; the runner is locked.
func (r *Runner) giveBack(id string, old, next *record) {
	old.retriedAs = ""
	old.made = next.made
	if r.records[id] == old && time.Since(old.ended) < r.o.KeepFor {
		r.keep(old)
	} else { // its task was forgotten meanwhile, or its time is over
		r.drop(old)
	}
}

// again makes the record of a retry, which takes over what the old run has made.
func (r *Runner) again(id, from string) (old, next *record, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	old = r.records[id]
	switch {
	case old == nil:
		return nil, nil, fail(docker.ErrNotFound, "there is no pipeline %s (GET /pipeline lists them)", shorten(id))
	case old.ended.IsZero():
		return nil, nil, fail(docker.ErrConflict, "pipeline %s is not at its end: cancel it first, or wait", id)
	case old.retriedAs != "":
		return nil, nil, fail(docker.ErrConflict, "pipeline %s was retried already: retry %s", id, old.retriedAs)
	}
	begin := old.firstUnfinished()
	switch at := old.def.find(from); {
	case from != "" && at < 0:
		return nil, nil, invalid("from", "pipeline %s has no stage %q", id, shorten(from))
	case from != "": // what did not complete on the way there is run, too
		begin = min(begin, at)
	case begin == len(old.stages):
		return nil, nil, fail(docker.ErrConflict, "pipeline %s has completed: name the stage to begin at in from", id)
	}
	begin = old.def.beginAt(begin)
	if old.made == nil && begin > 0 {
		return nil, nil, fail(docker.ErrConflict, "what pipeline %s has made is no longer kept (pipeline_keep_for is %s): begin at %s, or start it anew", id, r.o.KeepFor, old.stages[0].Name)
	}
	next = r.newRecord(old.def)
	next.from, next.retryOf = begin, id
	for i := range begin {
		s := &next.stages[i]
		s.Status, s.Reused, s.Facts = completed, true, old.stages[i].Facts
	}
	if old.made != nil {
		next.made, old.made = old.made, nil
		old.expiry.Stop()
	}
	old.retriedAs = "another run" // until it has its id
	return old, next, nil
}

func (rec *record) firstUnfinished() int {
	i := slices.IndexFunc(rec.stages, func(s StageInfo) bool { return s.Status != completed })
	if i < 0 {
		return len(rec.stages)
	}
	return i
}

// beginAt is where a run must begin so that stage i can run: what a run stage has started is gone when its probe has not come through.
func (d Definition) beginAt(i int) int {
	for j := i - 1; j >= 0; j-- {
		if d.Stages[j].Step.Kind() != "run" || !d.probed(j) {
			continue
		}
		probe := slices.IndexFunc(d.Stages[j:], func(s Stage) bool { return s.Step.Kind() == "probe" })
		if probe >= 0 && j+probe >= i {
			return j
		}
	}
	return i
}
