package lines_test

import (
	"encoding/json"
	"fmt"
	"sync"
	"testing"

	"hub/internal/lines"
)

// recorder keeps the events as "line …" and "progress …" with their data as it was written.
type recorder struct {
	mu     sync.Mutex
	events []string
}

func (r *recorder) emit(kind string, data []byte) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.events = append(r.events, kind+" "+string(data))
	return nil
}

func (r *recorder) is(t *testing.T, want ...string) {
	t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	if got := fmt.Sprintf("%q", r.events); got != fmt.Sprintf("%q", want) {
		t.Errorf("events\n got %s\nwant %q", got, want)
	}
	r.events = nil
}

// event is an event's data, read back.
type event struct {
	Stream string
	Line   *string
	Part   int
	Last   bool
	Redraw bool
}

// joiner joins parts to lines and checks that they are numbered and bounded as promised.
type joiner struct {
	t       testing.TB
	maxData int
	lines   []string
	states  int
	open    string
	parts   int
}

func (j *joiner) emit(kind string, data []byte) error {
	if len(data) > j.maxData {
		j.t.Errorf("data of %d bytes, more than %d", len(data), j.maxData)
	}
	var e event
	if err := json.Unmarshal(data, &e); err != nil || e.Line == nil {
		j.t.Errorf("bad data %q: %v", data, err)
		return nil
	}
	if kind == "progress" {
		j.states++
		if !e.Redraw || e.Part != 0 {
			j.t.Errorf("progress %s", data)
		}
		return nil
	}
	if e.Part != 0 && e.Part != j.parts+1 || e.Part == 0 && j.parts != 0 {
		j.t.Errorf("part %d came after part %d", e.Part, j.parts)
	}
	j.open, j.parts = j.open+*e.Line, e.Part
	if e.Part == 0 || e.Last {
		j.lines, j.open, j.parts = append(j.lines, j.open), "", 0
	}
	return nil
}

// write feeds the pieces to a new writer and closes it.
func write(t testing.TB, emit lines.Emit, o lines.Options, pieces ...string) {
	t.Helper()
	w := lines.NewWriter(emit, o)
	for _, p := range pieces {
		if n, err := w.Write([]byte(p)); n != len(p) || err != nil {
			t.Errorf("write %q: %d, %v", p, n, err)
		}
	}
	if err := w.Close(); err != nil {
		t.Error(err)
	}
}

// count says how many events there are, and forgets them.
func (r *recorder) count() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := len(r.events)
	r.events = nil
	return n
}
