package docker

import (
	"encoding/json"
	"strings"
	"sync"
	"testing"
)

// heard is a Publisher that keeps what it was given, and calls each with it.
type heard struct {
	each func(kind, data string)

	mu     sync.Mutex
	events []heardEvent
}

type heardEvent struct{ kind, data string }

// Publish implements [Publisher].
func (h *heard) Publish(kind string, data []byte) error {
	h.mu.Lock()
	h.events = append(h.events, heardEvent{kind, string(data)})
	h.mu.Unlock()
	if h.each != nil {
		h.each(kind, string(data))
	}
	return nil
}

// lines are the texts of the line events.
func (h *heard) lines(t *testing.T) (texts []string) {
	t.Helper()
	for _, data := range h.of("line") {
		var line struct{ Stream, Line string }
		if err := json.Unmarshal([]byte(data), &line); err != nil || line.Stream != "stdout" {
			t.Errorf("not a line event: %s", data)
		}
		texts = append(texts, line.Line)
	}
	return texts
}

// progress are the progress events; none may fall behind the one before it.
func (h *heard) progress(t *testing.T) (all []Progress) {
	t.Helper()
	for _, data := range h.of("progress") {
		var p Progress
		if err := json.Unmarshal([]byte(data), &p); err != nil {
			t.Errorf("not a progress event: %s", data)
		}
		if n := len(all); p.Percent < 0 || p.Percent > 100 || n > 0 && p.Percent < all[n-1].Percent {
			t.Errorf("the percentage runs backwards: %v after %v", p, all)
		}
		all = append(all, p)
	}
	return all
}

// last is the last progress event.
func (h *heard) last(t *testing.T) Progress {
	t.Helper()
	all := h.progress(t)
	if len(all) == 0 {
		t.Fatal("there was no progress")
	}
	return all[len(all)-1]
}

func (h *heard) of(kind string) (data []string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, e := range h.events {
		if e.kind == kind {
			data = append(data, e.data)
		}
	}
	return data
}

// all is everything that was published, to search it.
func (h *heard) all() string {
	return strings.Join(append(h.of("line"), h.of("progress")...), "\n")
}
