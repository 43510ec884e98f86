package pipeline

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"hub/internal/task"
)

// event is one of a run.
type event struct {
	kind string
	raw  string
	data map[string]any
	at   time.Time
}

// is reports whether the event is a stage's, of a status.
func (e event) is(stage, status string) bool {
	return e.kind == "stage" && e.data["stage"] == stage && e.data["status"] == status
}

// recorder is a publisher that keeps all it is given.
type recorder struct {
	t      testing.TB
	mu     sync.Mutex
	events map[string][]event
	hooks  []*hook
}

// hook is something that happens at an event, before the run goes on.
type hook struct {
	at func(event) bool
	do func()
}

// when has something done at the first event that is so. The run stands still meanwhile, so that it meets what was done.
func (r *recorder) when(at func(event) bool, do func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.hooks = append(r.hooks, &hook{at, do})
}

// whenStage is when for a stage's event.
func (r *recorder) whenStage(stage, status string, do func()) {
	r.when(func(e event) bool { return e.is(stage, status) }, do)
}

// due takes the hooks of an event.
func (r *recorder) due(e event) (due []*hook) {
	r.hooks = slices.DeleteFunc(r.hooks, func(h *hook) bool {
		is := h.at(e)
		if is {
			due = append(due, h)
		}
		return is
	})
	return due
}

// Publish implements [task.Publisher]. Events that no reader could read fail the test.
func (r *recorder) Publish(topic, kind string, data []byte) (uint64, error) {
	e := event{kind: kind, raw: string(data), at: time.Now()}
	if err := json.Unmarshal(data, &e.data); err != nil {
		r.t.Errorf("no JSON object: %s", data)
	}
	if key := doubleKey(data); key != "" {
		r.t.Errorf("%q is there twice: %s", key, data)
	}
	r.mu.Lock()
	if r.events == nil {
		r.events = map[string][]event{}
	}
	id := strings.TrimPrefix(topic, "tasks/")
	r.events[id] = append(r.events[id], e)
	seq := uint64(len(r.events[id]))
	due := r.due(e)
	r.mu.Unlock()
	for _, h := range due {
		h.do()
	}
	return seq, nil
}

// doubleKey is a name that an object has twice.
func doubleKey(data []byte) string {
	d := json.NewDecoder(bytes.NewReader(data))
	if first, err := d.Token(); err != nil || first != json.Delim('{') {
		return ""
	}
	seen := map[any]bool{}
	for d.More() {
		key, err := d.Token()
		if err != nil || seen[key] {
			return fmt.Sprint(key)
		}
		seen[key] = true
		var value json.RawMessage
		if d.Decode(&value) != nil {
			return ""
		}
	}
	return ""
}

// of are a run's events so far.
func (r *recorder) of(id string) []event {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]event(nil), r.events[id]...)
}

// text is all that a run said, an event a line.
func (r *recorder) text(id string) string {
	var b strings.Builder
	for _, e := range r.of(id) {
		fmt.Fprintln(&b, e.kind, e.raw)
	}
	return b.String()
}

// stage is the last event of a stage with that status; nil without one.
func (r *recorder) stage(id, stage, status string) map[string]any {
	var found map[string]any
	for _, e := range r.of(id) {
		if e.is(stage, status) {
			found = e.data
		}
	}
	return found
}

// stages are a run's stage events, as "clone starting", reused ones as "clone reused".
func (r *recorder) stages(id string) []string {
	var all []string
	for _, e := range r.of(id) {
		if e.kind == "stage" {
			status := e.data["status"]
			if e.data["reused"] == true {
				status = "reused"
			}
			all = append(all, fmt.Sprintf("%s %s", e.data["stage"], status))
		}
	}
	return all
}

// lines are those that a stage printed, joined.
func (r *recorder) lines(id, stage string) string {
	var b strings.Builder
	within := false
	for _, e := range r.of(id) {
		switch {
		case e.is(stage, "starting"):
			within = true
		case e.kind == "stage":
			within = false
		case within && e.kind == "line":
			fmt.Fprint(&b, e.data["line"])
			if e.data["part"] == nil || e.data["last"] == true { // else the line goes on
				b.WriteByte('\n')
			}
		}
	}
	return b.String()
}

// failed checks how a run ended: in an error of a stage, with those words, and nothing of a stage after it.
func (w *world) failed(k *task.Task, stage string, words ...string) {
	w.Helper()
	s := w.end(k)
	said := w.events.stage(k.ID(), stage, "error")
	if said == nil || s.Outcome != task.Error {
		w.Fatalf("%s: %s: %s\n%s", k.ID(), s.Outcome, s.Error, w.events.text(k.ID()))
	}
	text, _ := said["error"].(string)
	for _, word := range words {
		if !strings.Contains(text, word) {
			w.Errorf("%q, want %q in it", text, word)
		}
	}
	if s.Error != text || strings.ContainsAny(text, "\n\r") {
		w.Errorf("the end says %q, the stage %q", s.Error, text)
	}
	if _, ok := said["duration_sec"].(float64); !ok {
		w.Errorf("how long did it take? %v", said)
	}
	all := w.events.of(k.ID())
	if n := len(all); !all[n-2].is(stage, "error") || all[n-1].kind != "end" {
		w.Errorf("something follows the stage's error:\n%s", w.events.text(k.ID()))
	}
	if err := w.Failure(k.ID()); err == nil || err.Error() != text && !strings.Contains(text, "***") {
		w.Errorf("the runner says %v", err)
	}
}
