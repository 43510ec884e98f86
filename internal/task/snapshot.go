package task

import (
	"encoding/json"
	"slices"
	"time"
)

// The three words of a task's status, which older clients know; Queued and Outcome say more.
const (
	Running   = "running"   // also while it is queued
	Completed = "completed" // it came to its end, whatever its exit code
	Error     = "error"     // it failed, was rolled back, cancelled or interrupted
)

// The words of a task's outcome beside [Completed] and [Error].
const (
	RolledBack  = "rolled_back" // it failed, and what it was to replace is there as before
	Cancelled   = "cancelled"   // by [Registry.Cancel]
	Interrupted = "interrupted" // by [Registry.Close]
)

// Snapshot is what is known of a task at one moment.
type Snapshot struct {
	ID, Type string
	Status   string // Running, Completed or Error
	Outcome  string // Completed, Error, RolledBack, Cancelled or Interrupted; "" before the end
	Queued   bool
	Position int // in the queue, from 1; 0 when it does not wait

	Created time.Time // when Start took it
	Updated time.Time // its last event
	Started time.Time // zero while it is queued, or if it never ran
	Ended   time.Time // zero before the end

	ExitCode *int            // of a command that ran
	Result   json.RawMessage // nil when there is none
	Error    string          // one sentence; "" unless Status is Error
	Head     json.RawMessage // the object given as Spec.Head, nil when there was none
	Kept     []Event         // oldest first; nil in a List
}

// Snapshot tells how the task is now. It stays what it was at the end of this run, also when its id is used again.
func (t *Task) Snapshot() Snapshot { return t.snapshot(true) }

func (t *Task) snapshot(withEvents bool) Snapshot {
	t.mu.Lock()
	defer t.mu.Unlock()
	s := Snapshot{
		ID: t.id, Type: t.kind, Status: Running, Outcome: t.end.outcome, Queued: t.position > 0, Position: t.position,
		Created: t.created, Updated: t.updated, Started: t.started, Ended: t.ended,
		ExitCode: t.end.exitCode, Result: slices.Clone(t.end.result), Error: t.end.message, Head: slices.Clone(t.head),
	}
	if !t.ended.IsZero() {
		s.Status = t.end.status()
	}
	if withEvents {
		s.Kept = t.kept.events()
	}
	return s
}

// Filter chooses tasks for a [Registry.List]; an empty field chooses all.
type Filter struct {
	Status string // a word of the status or of the outcome, or "queued"
	Type   string
}

func (f Filter) takes(s *Snapshot) bool {
	return (f.Type == "" || f.Type == s.Type) &&
		(f.Status == "" || f.Status == s.Status || f.Status == s.Outcome || f.Status == "queued" && s.Queued)
}
