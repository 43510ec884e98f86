package task

import (
	"slices"
	"time"
)

// Event is an event of a task as it was published.
type Event struct {
	Kind string    // "status", "stage", "line", "progress", "end"
	Seq  uint64    // its position in the hub's timeline, by which it can be joined with the topic's history
	Time time.Time // when it was published
	Data []byte    // one JSON object

	waiting bool // it only told a position in the queue
}

// maxKept bounds the events that stay with a task; the oldest but the first go first.
const maxKept = 200

// kept are the events that stay with a task whatever its topic's history drops: the first, all stages and statuses, and the last.
type kept struct {
	n     int
	marks []Event // the first event, and all stages and statuses
	last  Event   // its Data is reused
	both  bool    // last is the last of marks too
}

func (k *kept) add(e Event) {
	k.n++
	k.last = Event{e.Kind, e.Seq, e.Time, append(k.last.Data[:0], e.Data...), e.waiting}
	k.both = k.n == 1 || e.Kind == "stage" || e.Kind == "status"
	if !k.both {
		return
	}
	e.Data = slices.Clone(e.Data)
	if end := len(k.marks) - 1; e.waiting && end > 0 && k.marks[end].waiting {
		k.marks[end] = e // the older position tells nothing any more
		return
	}
	if len(k.marks) == maxKept-1 {
		k.marks = slices.Delete(k.marks, 1, 2)
	}
	k.marks = append(k.marks, e)
}

// events are copies, oldest first.
func (k *kept) events() []Event {
	all := slices.Clone(k.marks) // their data is never written again
	if k.n > 0 && !k.both {
		e := k.last
		e.Data = slices.Clone(e.Data)
		all = append(all, e)
	}
	return all
}
