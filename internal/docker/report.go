package docker

import (
	"encoding/json"
	"io"
	"math"
	"sync"
	"time"

	"hub/internal/lines"
)

// Progress is the data of a "progress" event. It speaks for the whole task.
type Progress struct {
	Percent float64 `json:"percent" description:"of the whole work, 0 to 100; it never falls, and 100 is success"`
	Current int64   `json:"current" description:"bytes that have been transferred"`
	Total   int64   `json:"total" description:"bytes to transfer, as far as is known"`
	Layers  []Layer `json:"layers,omitempty" description:"layers that have changed since the event before"`
}

// Layer is where a layer stands, in the engine's words and figures: bytes of what
// is being done with it now.
type Layer struct {
	ID      string `json:"id"`
	Status  string `json:"status"`
	Current int64  `json:"current"`
	Total   int64  `json:"total"`
}

// progressEvery is the shortest time between two progress events, but for the last
// of a build's step or of all.
const progressEvery = 250 * time.Millisecond

// report is what work that runs for long says: its lines at once, its progress
// conflated, with the last state never lost. A publisher that fails stops nothing.
type report struct {
	to       Publisher
	progress func() Progress // the state; asked with the report locked

	mu      sync.Mutex
	out     *lines.Writer
	last    time.Time // when progress was shown
	fresh   bool      // there is a state that was not shown
	waiting bool      // for the timer, to show it
	ended   bool
}

// newReport begins one; to may be nil. It must be ended.
func newReport(to Publisher, progress func() Progress) *report {
	if to == nil {
		to = nobody{}
	}
	emit := func(kind string, data []byte) error {
		_ = to.Publish(kind, data)
		return nil
	}
	return &report{to: to, progress: progress, out: lines.NewWriter(emit, lines.Options{Stream: "stdout"})}
}

// nobody is the publisher of work that nobody watches.
type nobody struct{}

func (nobody) Publish(string, []byte) error { return nil }

// line says a line, or several.
func (r *report) line(text string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.ended {
		_, _ = io.WriteString(r.out, text+"\n")
	}
}

// change changes the state that progress tells.
func (r *report) change(how func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.ended {
		return
	}
	how()
	r.fresh = true
	r.showInTime()
}

// showInTime shows the state, now or when that is not too soon.
func (r *report) showInTime() {
	if wait := time.Until(r.last.Add(progressEvery)); wait <= 0 {
		r.show()
	} else if !r.waiting {
		r.waiting = true
		time.AfterFunc(wait, r.wake)
	}
}

// flush shows a state that is about to be replaced by one that does not hold it.
func (r *report) flush() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.fresh && !r.ended {
		r.show()
	}
}

func (r *report) wake() {
	r.mu.Lock()
	defer r.mu.Unlock()
	defer func() { _ = recover() }() // of the publisher; nobody above could
	r.waiting = false
	if r.fresh && !r.ended {
		r.showInTime() // another may have shown one since the timer was set
	}
}

// end says what is unsaid; only with success is the work at 100 percent.
func (r *report) end(success bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.ended {
		return
	}
	r.ended = true
	_ = r.out.Close()
	if success {
		progress := r.progress
		r.progress = func() Progress {
			p := progress()
			p.Percent, p.Current = 100, p.Total
			return p
		}
	}
	if success || r.fresh {
		r.show()
	}
}

func (r *report) show() {
	r.last, r.fresh = time.Now(), false
	p := r.progress()
	p.Percent = math.Floor(p.Percent*10) / 10
	if data, err := json.Marshal(p); err == nil {
		_ = r.to.Publish("progress", data)
	}
}
