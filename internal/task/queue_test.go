package task_test

import (
	"errors"
	"fmt"
	"testing"
	"testing/synctest"

	"hub/internal/task"
)

func queued(position int) string {
	return fmt.Sprintf(`status {"task":"t","status":"queued","position":%d}`, position)
}

const (
	ended     = `end {"status":"completed"}`
	cancelled = `end {"status":"cancelled","error":"cancelled"}`
)

func TestTasksWaitInTheOrderTheyCameAndSeeTheirPosition(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var p recorder
		r := task.New(task.Options{Publisher: &p, Running: 1})
		gates := map[string]chan struct{}{}
		for _, id := range []string{"a", "b", "c", "d"} {
			gates[id] = make(chan struct{})
			start(t, r, id, "t", until(gates[id]))
		}
		if s, _ := r.Get("d"); s.Status != task.Running || !s.Queued || s.Position != 3 || !s.Started.IsZero() {
			t.Errorf("%+v", s)
		}
		close(gates["a"])
		synctest.Wait()
		r.Cancel(t.Context(), "c")
		close(gates["b"])
		close(gates["d"])
		synctest.Wait()
		p.is(t, "a", running, ended)
		p.is(t, "b", queued(1), running, ended)
		p.is(t, "c", queued(2), queued(1), cancelled)
		p.is(t, "d", queued(3), queued(2), queued(1), running, ended)
	})
}

func TestATypeHasItsOwnLimitAndHoldsUpNoOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := task.New(task.Options{Publisher: &recorder{}, Running: 3, Limits: map[string]int{"build": 1}})
		gate := make(chan struct{})
		start(t, r, "build1", "build", until(gate))
		start(t, r, "build2", "build", until(nil))
		start(t, r, "t1", "t", until(nil))
		start(t, r, "t2", "t", until(nil))
		start(t, r, "t3", "t", until(nil))
		runs := func() (ids string) {
			for _, s := range r.List(task.Filter{}) {
				if !s.Queued && s.Ended.IsZero() {
					ids = s.ID + " " + ids
				}
			}
			return ids
		}
		if got := runs(); got != "build1 t1 t2 " {
			t.Errorf("running: %s", got)
		}
		close(gate)
		synctest.Wait()
		if got := runs(); got != "build2 t1 t2 " {
			t.Errorf("running: %s", got)
		}
		r.Cancel(t.Context(), "t1")
		synctest.Wait()
		if got := runs(); got != "build2 t2 t3 " {
			t.Errorf("running: %s", got)
		}
		r.Close(t.Context())
	})
}

func TestAFullQueueTakesNoMore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := task.New(task.Options{Publisher: &recorder{}, Running: 1, Queue: 2})
		for _, id := range []string{"a", "b", "c"} {
			start(t, r, id, "t", until(nil))
		}
		if _, err := r.Start(task.Spec{ID: "d", Type: "t", Run: done}); !errors.Is(err, task.ErrFull) {
			t.Error(err)
		}
		if _, there := r.Get("d"); there {
			t.Error("a refused task is known")
		}
		r.Close(t.Context())
	})
}

func TestALongQueueCostsFewEventsForEachStart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var p recorder
		r := task.New(task.Options{Publisher: &p, Running: 1})
		gate := make(chan struct{})
		start(t, r, "first", "t", until(gate))
		for i := range 1000 {
			start(t, r, fmt.Sprint("w", i), "t", until(nil))
		}
		before := p.seq
		close(gate)
		synctest.Wait()
		if cost := p.seq - before; cost > 130 {
			t.Errorf("%d events", cost)
		}
		p.is(t, "w999", queued(1000))
		p.is(t, "w950", queued(951), queued(950))
		if s, _ := r.Get("w999"); s.Position != 999 {
			t.Errorf("position %d", s.Position)
		}
		r.Close(t.Context())
	})
}
