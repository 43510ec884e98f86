package follow

import (
	"time"

	"hub/internal/broker"
	"hub/internal/docker"
)

// changeData is the data of a "container" event, by which a container's topic
// says what has become of it.
type changeData struct {
	Event    string `json:"event"` // started, restarted, stopped, replaced, renamed or removed
	ID       string `json:"id"`
	ExitCode *int   `json:"exit_code,omitempty"` // of stopped, and of the run before restarted
	To       string `json:"to,omitempty"`        // of renamed: the new name
	Previous string `json:"previous,omitempty"`  // the id of the container that had the name before
}

// change notes how the container, which has been started at least once, looks now,
// and publishes what that means, seen from how it looked before. The first look at
// a name means nothing, unless there was no container then. born says that this is
// another container than before, whose readers have waited for it.
func (w *worker) change(now docker.State) (born bool) {
	r := &w.record.place
	if r.known && now.ID != r.state.ID {
		w.vanish()
	}
	before, first, back := r.state, !r.known, r.gone
	r.known, r.gone, r.state = true, false, now
	if now.ID != before.ID {
		r.memory, r.drained = memory{}, time.Time{}
	}
	change := changeData{ID: now.ID}
	arrived := w.hasArrived()
	switch {
	case arrived && now.ID != before.ID, back && now.ID == before.ID:
		change.Event, change.To, change.Previous = "renamed", w.name, before.ID
	case first && (back || w.summoned):
		change.Event = "started"
	case first:
	case now.ID != before.ID:
		change.Event, change.Previous = "replaced", before.ID
	case !now.Started.Equal(before.Started):
		change.Event = "restarted"
		if code, ok := w.exitCode(now.ID); ok {
			change.ExitCode = &code
		}
	}
	switch change.Event {
	case "":
	case "renamed": // the engine keeps no time of that
		w.say(time.Time{}, change)
	default:
		w.say(now.Started, change)
	}
	switch {
	case now.Running:
	case change.Event != "" && change.Event != "renamed": // a short run: its lines come before the news of its end
		r.state.Running = true
	case before.Running:
		w.say(now.Finished, changeData{Event: "stopped", ID: now.ID, ExitCode: &now.ExitCode})
	}
	return change.Event == "started" || change.Event == "replaced"
}

// vanish notes that there is no container of this name.
func (w *worker) vanish() {
	r := &w.record.place
	if !r.known || r.gone {
		r.gone = true
		return
	}
	if to := w.newName(); to != "" {
		w.say(time.Time{}, changeData{Event: "renamed", ID: r.state.ID, To: to})
	} else {
		if !r.state.Started.Equal(r.drained) { // its log has not been read to the end
			w.lose()
		}
		if code, ok := w.exitCode(r.state.ID); ok && r.state.Running {
			w.say(time.Time{}, changeData{Event: "stopped", ID: r.state.ID, ExitCode: &code})
		}
		w.say(time.Time{}, changeData{Event: "removed", ID: r.state.ID})
		r.memory = memory{} // its id does not come again
	}
	r.gone, r.state.Running = true, false
}

// lose says that the engine has lost lines.
func (w *worker) lose() {
	_, err := w.feed.follower.broker.Lost(w.topic)
	w.feed.follower.noteFailure(w.topic, err)
}

// say publishes a container event, at the engine's time where that is known.
func (w *worker) say(at time.Time, data changeData) {
	w.feed.follower.publish(w.topic, broker.Message{Kind: "container", Data: encode(data), Time: at})
}
