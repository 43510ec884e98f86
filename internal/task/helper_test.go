package task_test

import (
	"context"
	"encoding/json"
	"strings"
	"sync"
	"testing"

	"hub/internal/task"
)

// recorder is a Publisher that keeps each topic's events as "type data".
type recorder struct {
	mu     sync.Mutex
	seq    uint64
	events map[string][]string
}

func (r *recorder) Publish(topic, kind string, data []byte) (uint64, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !json.Valid(data) {
		panic("not JSON: " + string(data))
	}
	if r.events == nil {
		r.events = map[string][]string{}
	}
	r.seq++
	r.events[topic] = append(r.events[topic], kind+" "+string(data))
	return r.seq, nil
}

// of are the events of a task.
func (r *recorder) of(id string) []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]string(nil), r.events["tasks/"+id]...)
}

// is checks all events of a task.
func (r *recorder) is(t *testing.T, id string, want ...string) {
	t.Helper()
	if got := strings.Join(r.of(id), "\n"); got != strings.Join(want, "\n") {
		t.Errorf("events of %s:\n%s\nwant:\n%s", id, got, strings.Join(want, "\n"))
	}
}

// waitFor returns when a task has an event that contains s; a real process takes the time it takes.
func (r *recorder) waitFor(t *testing.T, id, s string) {
	t.Helper()
	eventually(t, "an event with "+s+" came", func() bool { return strings.Contains(strings.Join(r.of(id), "\n"), s) })
}

// until is a Run that ends when the channel is closed, or when it must.
func until(c <-chan struct{}) task.Run {
	return func(ctx context.Context, t *task.Task) (task.Outcome, error) {
		select {
		case <-c:
			return task.Outcome{}, nil
		case <-ctx.Done():
			return task.Outcome{}, context.Cause(ctx)
		}
	}
}

func done(context.Context, *task.Task) (task.Outcome, error) { return task.Outcome{}, nil }

// start starts a task that the test expects to be taken.
func start(t *testing.T, r *task.Registry, id, kind string, run task.Run) *task.Task {
	t.Helper()
	k, err := r.Start(task.Spec{ID: id, Type: kind, Run: run})
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// names collects the ids that a registry forgets.
type names struct {
	mu  sync.Mutex
	all []string
}

func (n *names) add(id string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.all = append(n.all, id)
}

func (n *names) String() string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return strings.Join(n.all, " ")
}
