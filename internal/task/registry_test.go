package task_test

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"

	"hub/internal/task"
)

const running = `status {"task":"t","status":"running"}`

func TestATaskSaysItsStatusItsEventsAndItsEnd(t *testing.T) {
	var p recorder
	r := task.New(task.Options{Publisher: &p})
	k, err := r.Start(task.Spec{ID: "a", Type: "t", Head: map[string]string{"cmd": "<x> & y"}, Run: func(_ context.Context, k *task.Task) (task.Outcome, error) {
		code := 4
		return task.Outcome{ExitCode: &code, Result: map[string]int{"n": 1}}, k.Publish("stage", []byte(`{"stage":"clone"}`))
	}})
	if err != nil {
		t.Fatal(err)
	}
	<-k.Done()
	p.is(t, "a", `status {"task":"t","status":"running","cmd":"<x> & y"}`, `stage {"stage":"clone"}`, `end {"status":"completed","exit_code":4,"result":{"n":1}}`)
	s, ok := r.Get("a")
	if !ok || s.Status != task.Completed || s.Outcome != task.Completed || *s.ExitCode != 4 || string(s.Result) != `{"n":1}` ||
		string(s.Head) != `{"cmd":"<x> & y"}` || s.Started.IsZero() || s.Ended.IsZero() || len(s.Kept) != 3 {
		t.Errorf("%+v", s)
	}
	if err := k.Publish("line", []byte(`{}`)); !errors.Is(err, task.ErrEnded) {
		t.Errorf("after the end: %v", err)
	}
}

func TestHoweverARunEndsThereIsOneEnd(t *testing.T) {
	for _, c := range []struct {
		name, want string
		run        task.Run
	}{
		{"error", `end {"status":"error","error":"cannot build"}`, func(context.Context, *task.Task) (task.Outcome, error) {
			return task.Outcome{}, errors.New("cannot build")
		}},
		{"panic", `end {"status":"error","error":"panic: boom"}`, func(context.Context, *task.Task) (task.Outcome, error) { panic("boom") }},
		{"goexit", `end {"status":"error","error":"the task's goroutine ended without a result"}`, func(context.Context, *task.Task) (task.Outcome, error) {
			runtime.Goexit()
			return task.Outcome{}, nil
		}},
		{"bad result", `end {"status":"error","error":"cannot encode result: json: unsupported type: func()"}`, func(context.Context, *task.Task) (task.Outcome, error) {
			return task.Outcome{Result: func() {}}, nil
		}},
		{"an end of its own", `end {"status":"error","error":"cannot publish event of task a: an end event is published by the registry"}`, func(_ context.Context, k *task.Task) (task.Outcome, error) {
			return task.Outcome{}, k.Publish("end", []byte(`{}`))
		}},
		{"rolled back", `end {"status":"error","outcome":"rolled_back","error":"cannot probe","result":{"n":1}}`, func(context.Context, *task.Task) (task.Outcome, error) {
			return task.Outcome{Word: task.RolledBack, Result: map[string]int{"n": 1}}, errors.New("cannot probe")
		}},
		{"a word without an error", `end {"status":"completed"}`, func(context.Context, *task.Task) (task.Outcome, error) {
			return task.Outcome{Word: task.RolledBack}, nil
		}},
		{"a word of nobody's", `end {"status":"error","error":"x"}`, func(context.Context, *task.Task) (task.Outcome, error) {
			return task.Outcome{Word: "great"}, errors.New("x")
		}},
		{"long result", `end {"status":"completed"}`, func(context.Context, *task.Task) (task.Outcome, error) {
			return task.Outcome{Result: strings.Repeat("x", 100_000)}, nil
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var p recorder
			r := task.New(task.Options{Publisher: &p, Log: quietLog})
			<-start(t, r, "a", "t", c.run).Done()
			p.is(t, "a", running, c.want)
			if _, err := r.Cancel(t.Context(), "a"); err != nil {
				t.Error(err)
			}
			r.Close(t.Context())
			p.is(t, "a", running, c.want)
		})
	}
}

func TestAnEndIsNeverLargerThanAnEvent(t *testing.T) {
	var p recorder
	r := task.New(task.Options{Publisher: &p})
	<-start(t, r, "a", "t", func(context.Context, *task.Task) (task.Outcome, error) {
		return task.Outcome{Result: strings.Repeat("x", 32<<10-2)}, errors.New(strings.Repeat("\x00", 100_000))
	}).Done()
	if end := p.of("a")[1]; len(end) > 59<<10 {
		t.Errorf("%d bytes", len(end))
	}
	if s, _ := r.Get("a"); len(s.Error) != 100_000 || len(s.Result) != 32<<10 {
		t.Errorf("the snapshot has an error of %d bytes and a result of %d", len(s.Error), len(s.Result))
	}
}

func TestIDs(t *testing.T) {
	var p recorder
	r := task.New(task.Options{Publisher: &p})
	for _, id := range []string{"a", "A.b_c:d@e-f", "0", strings.Repeat("x", 128)} {
		start(t, r, id, "t", done)
	}
	for _, id := range []string{"-a", ".", "..", "a/b", "a b", "ä", "a\x00", "a\n", strings.Repeat("x", 129)} {
		if _, err := r.Start(task.Spec{ID: id, Type: "t", Run: done}); !errors.Is(err, task.ErrBadID) {
			t.Errorf("%q: %v", id, err)
		}
	}
	if k := start(t, r, "", "docker_build", done); !regexp.MustCompile(`^docker_build-[0-9a-f]{10}$`).MatchString(k.ID()) {
		t.Errorf("made id %s", k.ID())
	}
}

func TestAHeadIsAnObjectThatFitsIntoAnEvent(t *testing.T) {
	r := task.New(task.Options{Publisher: &recorder{}})
	for _, head := range []any{"text", 1, []int{}, func() {}, map[string]string{"x": strings.Repeat("x", 40_000)}} {
		if _, err := r.Start(task.Spec{Type: "t", Head: head, Run: done}); !errors.Is(err, task.ErrBadHead) {
			t.Errorf("%T: %v", head, err)
		}
	}
}

func TestAnIDIsTakenOnlyWhileItsTaskIsQueuedOrRuns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var p recorder
		var forgotten names
		r := task.New(task.Options{Publisher: &p, Running: 1, Forget: forgotten.add})
		first, second := make(chan struct{}), make(chan struct{})
		a := start(t, r, "a", "t", until(first))
		start(t, r, "b", "t", until(second))
		for _, id := range []string{"a", "b"} {
			if _, err := r.Start(task.Spec{ID: id, Type: "t", Run: done}); !errors.Is(err, task.ErrRunning) {
				t.Errorf("%s: %v", id, err)
			}
		}
		close(first)
		synctest.Wait()
		again := start(t, r, "a", "t", done)
		if s, _ := r.Get("a"); !s.Queued || a.Snapshot().Status != task.Completed || len(r.List(task.Filter{})) != 2 {
			t.Errorf("%+v", s)
		}
		close(second)
		<-again.Done()
		p.is(t, "a", running, `end {"status":"completed"}`, `status {"task":"t","status":"queued","position":1}`, running, `end {"status":"completed"}`)
		if got := forgotten.String(); got != "" {
			t.Errorf("forgot %v", got)
		}
	})
}

func TestAListIsNewestFirstAndFiltered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := task.New(task.Options{Publisher: &recorder{}, Running: 1})
		start(t, r, "ok", "t", done)
		synctest.Wait()
		start(t, r, "bad", "u", func(context.Context, *task.Task) (task.Outcome, error) { return task.Outcome{}, errors.New("x") })
		synctest.Wait()
		start(t, r, "back", "u", func(context.Context, *task.Task) (task.Outcome, error) {
			return task.Outcome{Word: task.RolledBack}, errors.New("x")
		})
		synctest.Wait()
		if s, _ := r.Get("back"); s.Status != task.Error || s.Outcome != task.RolledBack {
			t.Errorf("%+v", s)
		}
		start(t, r, "run", "t", until(nil))
		start(t, r, "wait", "u", until(nil))
		for _, c := range []struct {
			f    task.Filter
			want string
		}{
			{task.Filter{}, "[wait run back bad ok]"},
			{task.Filter{Status: task.Running}, "[wait run]"},
			{task.Filter{Status: "queued"}, "[wait]"},
			{task.Filter{Status: task.Error}, "[back bad]"},
			{task.Filter{Status: task.RolledBack}, "[back]"},
			{task.Filter{Status: task.Completed}, "[ok]"},
			{task.Filter{Type: "t"}, "[run ok]"},
			{task.Filter{Type: "u", Status: task.Running}, "[wait]"},
			{task.Filter{Type: "v"}, "[]"},
		} {
			ids := []string{}
			for _, s := range r.List(c.f) {
				ids = append(ids, s.ID)
			}
			if got := fmt.Sprint(ids); got != c.want {
				t.Errorf("%+v: %s, want %s", c.f, got, c.want)
			}
		}
		r.Close(t.Context())
	})
}
