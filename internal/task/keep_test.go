package task_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"hub/internal/task"
)

func TestFinishedTasksAreKeptByCount(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var forgotten names
		r := task.New(task.Options{Publisher: &recorder{}, Keep: 2, Forget: forgotten.add})
		start(t, r, "lives", "t", until(nil))
		for _, id := range []string{"a", "b", "c", "d"} {
			start(t, r, id, "t", done)
			synctest.Wait()
		}
		if got := forgotten.String(); got != "a b" {
			t.Errorf("forgot %q", got)
		}
		if _, there := r.Get("a"); there || len(r.List(task.Filter{})) != 3 {
			t.Error("a is known still")
		}
		r.Close(t.Context())
	})
}

func TestFinishedTasksAreKeptByAge(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var forgotten names
		r := task.New(task.Options{Publisher: &recorder{}, KeepFor: time.Hour, Forget: forgotten.add})
		for _, id := range []string{"a", "b", "again"} {
			start(t, r, id, "t", done)
			time.Sleep(10 * time.Minute)
		}
		start(t, r, "again", "t", done) // 30 minutes after the first, a new life
		for _, c := range []struct {
			sleep time.Duration
			want  string
		}{{30*time.Minute - 1, ""}, {1, "a"}, {10 * time.Minute, "a b"}, {20*time.Minute - 1, "a b"}, {1, "a b again"}} {
			time.Sleep(c.sleep)
			synctest.Wait()
			if got := forgotten.String(); got != c.want {
				t.Errorf("forgot %q, want %q", got, c.want)
			}
		}
		r.Close(t.Context())
	})
}

func TestTheFirstTheStagesAndTheLastStayWithTheTask(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := task.New(task.Options{Publisher: &recorder{}, Running: 1})
		gate := make(chan struct{})
		start(t, r, "before1", "t", until(gate))
		start(t, r, "before2", "t", until(gate))
		start(t, r, "before3", "t", until(gate))
		say := func(k *task.Task, kind, format string, args ...any) {
			k.Publish(kind, fmt.Appendf(nil, format, args...))
		}
		k := start(t, r, "a", "t", func(_ context.Context, k *task.Task) (task.Outcome, error) {
			for i := range 1000 {
				if i%500 == 0 {
					say(k, "stage", `{"stage":%d}`, i)
				}
				say(k, "line", `{"line":"%d"}`, i)
			}
			<-gate
			time.Sleep(time.Second)
			return task.Outcome{}, nil
		})
		close(gate)
		time.Sleep(time.Millisecond)
		is := func(want string) {
			t.Helper()
			var got []string
			for _, e := range k.Snapshot().Kept {
				got = append(got, e.Kind+string(e.Data))
			}
			if strings.Join(got, " ") != want {
				t.Errorf("kept %s\nwant %s", got, want)
			}
		}
		marks := `status{"task":"t","status":"queued","position":3} status{"task":"t","status":"queued","position":1}` +
			` status{"task":"t","status":"running"} stage{"stage":0} stage{"stage":500} `
		is(marks + `line{"line":"999"}`)
		<-k.Done()
		is(marks + `end{"status":"completed"}`)
	})
}

func TestKeptEventsAreBounded(t *testing.T) {
	r := task.New(task.Options{Publisher: &recorder{}})
	k := start(t, r, "a", "t", func(_ context.Context, k *task.Task) (task.Outcome, error) {
		for i := range 1000 {
			k.Publish("stage", fmt.Appendf(nil, `{"stage":%d}`, i))
		}
		return task.Outcome{}, nil
	})
	<-k.Done()
	kept := k.Snapshot().Kept
	if n := len(kept); n != 200 || kept[0].Kind != "status" || kept[1].Seq != 804 || string(kept[198].Data) != `{"stage":999}` || kept[199].Kind != "end" {
		t.Errorf("%d kept: %v", n, kept)
	}
}

// failing is a publisher that does not.
type failing struct{ panics bool }

func (f failing) Publish(string, string, []byte) (uint64, error) {
	if f.panics {
		panic("broken")
	}
	return 0, errors.New("full")
}

func TestAPublisherThatFailsStopsNoTask(t *testing.T) {
	for _, panics := range []bool{false, true} {
		r := task.New(task.Options{Publisher: failing{panics}, Log: quietLog})
		k := start(t, r, "a", "t", func(_ context.Context, k *task.Task) (task.Outcome, error) {
			if err := k.Publish("line", []byte(`{}`)); err == nil {
				t.Error("no error")
			}
			return task.Outcome{}, nil
		})
		<-k.Done()
		if s := k.Snapshot(); s.Status != task.Completed {
			t.Errorf("%+v", s)
		}
	}
}
