package lines

import "time"

// state is what a writer knows of a line that is redrawn with \r.
type state struct {
	redrawn bool      // the line had a lone \r
	prev    []byte    // the data of the last segment that had text and was ended by \r
	told    bool      // that segment went out as a line already, because it came in parts
	fresh   bool      // prev is a state that nobody has seen
	shown   int       // length of cur when it was last shown as a state
	since   time.Time // when cur became a state that nobody has seen
	last    time.Time // when a state was shown last; it outlives the line, so that many short bars share one rate
}

// redraw ends the segment at a lone \r: it is a state, shown at once if none was shown lately.
func (w *Writer) redraw() {
	w.redrawn = true
	switch {
	case w.part > 0:
		w.sendPart(true)
		w.told = true
		w.prev = w.prev[:len(w.prefix)]
	case w.hasText():
		w.fresh = len(w.cur) != w.shown
		w.cur, w.prev = w.prev[:len(w.prefix)], w.cur
		w.told, w.shown, w.since = false, 0, time.Time{}
		if now := time.Now(); w.fresh && !now.Before(w.last.Add(w.o.Redraw)) {
			w.show(now)
		}
	}
}

// reset begins a new line.
func (w *Writer) reset() {
	if !w.redrawn && w.shown == 0 && w.since.IsZero() {
		return
	}
	w.prev = w.prev[:len(w.prefix)]
	w.redrawn, w.told, w.fresh, w.shown, w.since = false, false, false, 0, time.Time{}
}

// drawing tells whether the current segment is a state of a redrawn line; else it is, or has begun to go out as, a line's text.
func (w *Writer) drawing() bool { return (w.redrawn || w.cr) && w.part == 0 }

// unseen tells whether the current segment is a state that was not shown as it stands.
func (w *Writer) unseen() bool { return w.drawing() && w.hasText() && len(w.cur) != w.shown }

// show sends the latest state as progress.
func (w *Writer) show(now time.Time) {
	state := &w.prev
	if w.unseen() {
		state = &w.cur
	}
	size := len(*state)
	*state = append(*state, endState...)
	w.send("progress", *state)
	*state = (*state)[:size]
	if state == &w.cur {
		w.shown = size
	}
	w.fresh, w.since, w.last = false, time.Time{}, now
}
