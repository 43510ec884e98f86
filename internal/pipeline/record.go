package pipeline

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"hub/internal/docker"
)

// record is what is known of a run for as long as its task is, and what a retry needs. The runner's lock guards what changes.
type record struct {
	id        string
	def       Definition
	from      int // the stage that the run begins at; those before are reused
	retryOf   string
	retriedAs string
	stages    []StageInfo
	result    map[string]any // what the summary says beside the stages
	failure   error
	made      *made // nil once a retry has taken it over, or its time is over
	ended     time.Time
	expiry    *time.Timer
	unwanted  bool // nothing is to be kept after its end
}

// StageInfo is how a stage of a run stands.
type StageInfo struct {
	Name     string
	Kind     string
	Status   string // waiting, running, completed, error or skipped
	Reused   bool   // completed in the run that this one retries
	Started  time.Time
	Duration time.Duration  // zero before its end
	Error    string         // in one sentence
	Facts    map[string]any // as its last event has them
}

// Words of a stage's status.
const (
	waiting   = "waiting"
	running   = "running"
	completed = "completed"
	failed    = "error"
	skipped   = "skipped"
)

func (r *Runner) newRecord(d Definition) *record {
	rec := &record{def: d, made: &made{keptRepo: r.instance.keptNames() + randomName()}, result: map[string]any{}}
	for _, s := range d.Stages {
		rec.stages = append(rec.stages, StageInfo{Name: s.name(), Kind: s.Step.Kind(), Status: waiting})
	}
	return rec
}

// head is what the task's status events say.
func (rec *record) head() map[string]any {
	head := maps.Clone(rec.def.About)
	if head == nil {
		head = map[string]any{}
	}
	names := []string{}
	for _, s := range rec.stages {
		names = append(names, s.Name)
	}
	head["site"], head["stages"] = rec.def.Site, names
	if rec.retryOf != "" {
		head["retry_of"], head["from"] = rec.retryOf, rec.stages[rec.from].Name
	}
	return head
}

// keep keeps what a run has made until its time is over; the runner is locked.
func (r *Runner) keep(rec *record) {
	if r.closed {
		return
	}
	rec.expiry = time.AfterFunc(time.Until(rec.ended.Add(r.o.KeepFor)), func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.drop(rec)
	})
}

// drop removes what is kept for a retry, in the background; the runner is locked. A run that goes on still needs it, until its end.
func (r *Runner) drop(rec *record) {
	m := rec.made
	if m == nil || r.closed {
		return
	}
	if rec.unwanted = true; rec.ended.IsZero() {
		return
	}
	rec.made = nil
	if rec.expiry != nil {
		rec.expiry.Stop()
	}
	r.dropping.Go(func() {
		defer r.guard("removing what a pipeline has kept")
		ctx, cancel := context.WithTimeout(r.life, 30*time.Second)
		defer cancel()
		m.space.remove()
		if m.kept == "" {
			return
		}
		err := r.o.Engine.Untag(ctx, m.keptRepo+":latest")
		if err == nil {
			return
		}
		r.untagLater(m.keptRepo + ":latest")
		if !away(err) && !errors.Is(err, docker.ErrConflict) {
			r.log.Warn("cannot remove the image that a pipeline has kept", "image", m.keptRepo, "error", err)
		}
	})
}

// Info is a run as lists have it.
type Info struct {
	ID        string
	Type      string
	Site      string
	Stages    []StageInfo
	RetryOf   string    // the run that it retries
	RetriedAs string    // the run that retries it
	RetryFrom string    // the stage that a retry would begin at by itself; "" where there is nothing to retry, or what it needs is not kept
	KeptUntil time.Time // how long what it has made is kept for a retry; zero while it runs, and after that
}

// List tells of the runs, in no order.
func (r *Runner) List() []Info {
	r.mu.Lock()
	defer r.mu.Unlock()
	list := []Info{}
	for _, rec := range r.records {
		list = append(list, r.info(rec))
	}
	return list
}

// Info tells of one run, by its task's id.
func (r *Runner) Info(id string) (Info, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	rec := r.records[id]
	if rec == nil {
		return Info{}, false
	}
	return r.info(rec), true
}

func (r *Runner) info(rec *record) Info {
	i := Info{
		ID: rec.id, Type: rec.def.Type, Site: rec.def.Site, Stages: slices.Clone(rec.stages), RetryOf: rec.retryOf, RetriedAs: rec.retriedAs,
	}
	if rec.ended.IsZero() || rec.retriedAs != "" {
		return i
	}
	if rec.made != nil {
		i.KeptUntil = rec.ended.Add(r.o.KeepFor)
	}
	if from := rec.firstUnfinished(); from < len(rec.stages) {
		if at := rec.def.beginAt(from); at == 0 || rec.made != nil { // from the first one nothing need be kept
			i.RetryFrom = rec.stages[at].Name
		}
	}
	return i
}

// Failure is why a run failed; nil while it runs and where it did not.
func (r *Runner) Failure(id string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if rec := r.records[id]; rec != nil {
		return rec.failure
	}
	return nil
}
