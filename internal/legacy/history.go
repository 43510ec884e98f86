package legacy

import (
	"encoding/json"
	"slices"
)

// Events lists the newest limit objects of a task's history for /tasks/status. What is no line, such as stage events, the first and the
// last, is always listed, even beyond the limit. The history is n events in order, of which at returns the i-th, from 0; lines that
// are not shown are not read.
func Events(taskID string, n int, at func(i int) Event, limit int) []json.RawMessage {
	from := startOfLines(n, at, limit)
	view := NewView(Status, taskID)
	var objects []Object
	for i := range n {
		if e := at(i); e.Kind != "line" || i >= from {
			objects = view.Append(objects, e)
		}
	}
	excess := len(objects) - limit
	events := make([]json.RawMessage, 0, max(0, min(len(objects), limit)))
	for _, o := range objects {
		if o.line && excess > 0 {
			excess--
			continue
		}
		events = append(events, o.JSON)
	}
	return events
}

// startOfLines is the index at which the newest limit lines begin, with all parts of those that other lines run through.
func startOfLines(n int, at func(i int) Event, limit int) int {
	begunBefore := map[string]bool{} // streams whose line has shown only later parts
	for i := n - 1; i >= 0; i-- {
		if limit <= 0 && len(begunBefore) == 0 {
			return i + 1
		}
		e := at(i)
		if e.Kind != "line" {
			continue
		}
		d, ok := read(e)
		switch {
		case ok && d.Part > 1:
			begunBefore[d.Stream] = true
		case ok:
			delete(begunBefore, d.Stream)
			limit--
		}
	}
	return 0
}

// Lines is the text of the last tail lines of a history like that of [Events], for /tasks/logs. An unfinished line is shown as far as it
// has come. A part of a line counts as a line only where the others of the line are gone.
func Lines(n int, at func(i int) Event, tail int) []string {
	from := startOfLines(n, at, tail)
	var lines joiner
	var texts []string
	tell := func(done []line) {
		for _, l := range done {
			var text string
			if json.Unmarshal(l.text, &text) == nil {
				texts = append(texts, text)
			}
		}
	}
	for i := from; i < n; i++ {
		e := at(i)
		d, ok := read(e)
		switch {
		case ok && e.Kind == "line":
			tell(lines.add(d))
		case e.Kind == "gap", e.Kind == "end":
			tell(lines.flush())
		}
	}
	tell(lines.flush())
	if tail = max(tail, 0); len(texts) > tail {
		texts = slices.Delete(texts, 0, len(texts)-tail)
	}
	return texts
}
