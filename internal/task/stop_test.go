package task_test

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"hub/internal/task"
)

var quietLog = slog.New(slog.DiscardHandler)

func TestCancelReturnsWhenTheTaskIsGone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var p recorder
		r := task.New(task.Options{Publisher: &p})
		begun := time.Now()
		start(t, r, "a", "t", func(ctx context.Context, _ *task.Task) (task.Outcome, error) {
			<-ctx.Done()
			time.Sleep(3 * time.Second) // it has to clean up
			return task.Outcome{}, context.Cause(ctx)
		})
		var all sync.WaitGroup
		for range 3 {
			all.Go(func() {
				s, err := r.Cancel(t.Context(), "a")
				if err != nil || s.Status != task.Error || s.Outcome != task.Cancelled || s.Error != "cancelled" || time.Since(begun) != 3*time.Second {
					t.Errorf("%v after %v: %+v", err, time.Since(begun), s)
				}
			})
		}
		all.Wait()
		p.is(t, "a", running, cancelled)
		if s, err := r.Cancel(t.Context(), "a"); err != nil || s.Outcome != task.Cancelled {
			t.Errorf("again: %v %+v", err, s)
		}
	})
}

func TestCancelWaitsNoLongerThanItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := task.New(task.Options{Publisher: &recorder{}})
		gate := make(chan struct{})
		start(t, r, "a", "t", func(context.Context, *task.Task) (task.Outcome, error) { <-gate; return task.Outcome{}, nil })
		ctx, stop := context.WithTimeout(t.Context(), time.Second)
		defer stop()
		if s, err := r.Cancel(ctx, "a"); !errors.Is(err, context.DeadlineExceeded) || s.Status != task.Running {
			t.Errorf("%v %+v", err, s)
		}
		close(gate)
		synctest.Wait()
		if s, _ := r.Get("a"); s.Outcome != task.Completed {
			t.Errorf("a run that came through: %+v", s)
		}
	})
}

func TestCancelOfAnUnknownTask(t *testing.T) {
	r := task.New(task.Options{Publisher: &recorder{}})
	if _, err := r.Cancel(t.Context(), "a"); !errors.Is(err, task.ErrNotFound) {
		t.Error(err)
	}
}

func TestAnErrorWhileCancelledIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var p recorder
		r := task.New(task.Options{Publisher: &p})
		start(t, r, "a", "t", func(ctx context.Context, _ *task.Task) (task.Outcome, error) {
			<-ctx.Done()
			return task.Outcome{}, errors.New("cannot remove directory")
		})
		r.Cancel(t.Context(), "a")
		p.is(t, "a", running, `end {"status":"cancelled","error":"cancelled: cannot remove directory"}`)
	})
}

const interrupted = `end {"status":"error","outcome":"interrupted","error":"interrupted: the hub is shutting down"}`

func TestCloseEndsAllThatWaitsAndRuns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var p recorder
		r := task.New(task.Options{Publisher: &p, Running: 1})
		start(t, r, "a", "t", until(nil))
		start(t, r, "b", "t", until(nil))
		if err := r.Close(t.Context()); err != nil {
			t.Error(err)
		}
		p.is(t, "a", running, interrupted)
		p.is(t, "b", queued(1), interrupted)
		if s, _ := r.Get("b"); s.Status != task.Error || s.Outcome != task.Interrupted || s.Queued {
			t.Errorf("%+v", s)
		}
		if _, err := r.Start(task.Spec{Type: "t", Run: done}); !errors.Is(err, task.ErrClosed) {
			t.Error(err)
		}
		if err := r.Close(t.Context()); err != nil {
			t.Errorf("again: %v", err)
		}
	})
}

func TestCloseGivesUpOnWhatDoesNotEndButStillSaysItsEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var p recorder
		r := task.New(task.Options{Publisher: &p})
		gate := make(chan struct{})
		k := start(t, r, "a", "t", func(_ context.Context, k *task.Task) (task.Outcome, error) {
			<-gate
			return task.Outcome{}, k.Publish("line", []byte(`{}`))
		})
		ctx, stop := context.WithTimeout(t.Context(), time.Second)
		defer stop()
		if err := r.Close(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
		<-k.Done()
		close(gate)
		synctest.Wait()
		p.is(t, "a", running, interrupted)
	})
}

func TestACancelledRunIsNotRolledBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var p recorder
		r := task.New(task.Options{Publisher: &p})
		start(t, r, "a", "t", func(ctx context.Context, _ *task.Task) (task.Outcome, error) {
			<-ctx.Done()
			return task.Outcome{Word: task.RolledBack}, context.Cause(ctx)
		})
		if s, err := r.Cancel(t.Context(), "a"); err != nil || s.Outcome != task.Cancelled {
			t.Errorf("%v %+v", err, s)
		}
		p.is(t, "a", running, cancelled)
	})
}
