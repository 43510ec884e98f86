package lines

import (
	"fmt"
	"time"
)

// timer wakes a writer for what is due though no more bytes come. It is set late and never reset early: a writer that is busy leaves
// it alone, and when it fires too soon it is set again.
type timer struct {
	clock *time.Timer
	set   bool      // the clock runs
	at    time.Time // when it will fire
	quiet time.Time // when the last write left a line unfinished
}

// grace is the part of Redraw that a state not yet ended by its \r, or a \r that may belong to \r\n, waits for the rest to come.
const grace = 10

// wrote notes, after a write, what is unfinished.
func (w *Writer) wrote() {
	if !w.hasText() && w.nrest == 0 && !w.fresh {
		return
	}
	now := time.Now()
	w.quiet = now
	if w.since.IsZero() && w.unseen() {
		w.since = now
	}
	w.schedule()
}

// due says when something is to be sent, and whether that is so at all.
func (w *Writer) due() (time.Time, bool) {
	switch {
	case w.fresh:
		return w.last.Add(w.o.Redraw), true
	case w.unseen():
		at, settled := w.last.Add(w.o.Redraw), w.since.Add(w.o.Redraw/grace)
		if at.Before(settled) {
			at = settled
		}
		return at, true
	case w.o.Quiet > 0 && !w.drawing() && (w.hasText() || w.nrest > 0):
		return w.quiet.Add(w.o.Quiet), true
	}
	return time.Time{}, false
}

func (w *Writer) schedule() {
	at, some := w.due()
	if !some || w.closed || w.err != nil || w.set && !at.Before(w.at) {
		return
	}
	w.set, w.at = true, at
	if w.clock == nil {
		w.clock = time.AfterFunc(time.Until(at), w.wake)
	} else {
		w.clock.Reset(time.Until(at))
	}
}

func (t *timer) stop() {
	if t.clock != nil {
		t.clock.Stop()
	}
}

// wake is the timer's call: it sends what is due and sets the timer for what will be.
func (w *Writer) wake() {
	w.mu.Lock()
	defer w.mu.Unlock()
	defer func() { // nobody above this goroutine could catch an Emit that panics
		if p := recover(); p != nil {
			w.err = fmt.Errorf("cannot emit line: panic: %v", p)
		}
	}()
	if w.closed || w.err != nil {
		return
	}
	w.set = false
	now := time.Now()
	if at, some := w.due(); some && !now.Before(at) {
		if w.fresh || w.unseen() {
			w.show(now)
		} else {
			w.text(nil, true)
			w.sendPart(false)
		}
	}
	w.schedule()
}
