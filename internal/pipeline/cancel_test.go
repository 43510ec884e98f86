package pipeline

import (
	"context"
	"strings"
	"time"

	"hub/internal/task"
)

// soonEnough is how long after a cancel a run is at its end, whatever it did.
const soonEnough = 5 * time.Second

// cancel cancels a run, and checks that its end is the one event that says so, and comes soon.
func (w *world) cancel(k *task.Task) {
	w.Helper()
	ctx, stop := context.WithTimeout(context.Background(), time.Minute)
	defer stop()
	began := time.Now()
	s, err := w.o.Tasks.Cancel(ctx, k.ID())
	if err != nil || s.Outcome != task.Cancelled {
		w.Fatalf("%s: %s, %v\n%s", k.ID(), s.Outcome, err, w.events.text(k.ID()))
	}
	all := w.events.of(k.ID())
	last := all[len(all)-1]
	if last.kind != "end" || last.data["status"] != "cancelled" || strings.Count(w.events.text(k.ID()), "\nend {") != 1 {
		w.Errorf("its end is\n%s", w.events.text(k.ID()))
	}
	if took := last.at.Sub(began); took > soonEnough {
		w.Errorf("its end came after %v", took)
	}
}

// cancelAt is cancel once a stage has begun.
func (w *world) cancelAt(k *task.Task, stage string) {
	w.Helper()
	w.until(stage+" begins", func() bool { return w.events.stage(k.ID(), stage, "starting") != nil })
	w.cancel(k)
}
