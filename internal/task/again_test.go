package task_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"hub/internal/task"
)

func TestATaskIsRunAgainAsItWasUnderAnIdOfItsOwn(t *testing.T) {
	var events recorder
	r := task.New(task.Options{Publisher: &events})
	spec, err := task.Command{Cmd: "echo $WORD", Env: map[string]string{"WORD": "again"}}.Spec()
	if err != nil {
		t.Fatal(err)
	}
	spec.ID = "first"
	old, err := r.Start(spec)
	if err != nil {
		t.Fatal(err)
	}
	<-old.Done()
	for range 2 { // and what was run again is run again
		next, err := r.Again(old.ID())
		if err != nil {
			t.Fatal(err)
		}
		<-next.Done()
		if !strings.HasPrefix(next.ID(), "generic_task-") {
			t.Errorf("its id is %s", next.ID())
		}
		events.is(t, next.ID(), events.of("first")...)
		old = next
	}
}

func TestATaskThatStillRunsIsRunAgainBesideItself(t *testing.T) {
	r := task.New(task.Options{Publisher: new(recorder)})
	finish := make(chan struct{})
	old, err := r.Start(task.Spec{Type: "x", Run: until(finish), Again: done})
	if err != nil {
		t.Fatal(err)
	}
	next, err := r.Again(old.ID())
	if err != nil {
		t.Fatal(err)
	}
	<-next.Done()
	if s := old.Snapshot(); s.Status != task.Running {
		t.Errorf("the older one is %s", s.Outcome)
	}
	close(finish)
	<-old.Done()
}

func TestWhatIsRunAgainKeepsItsSecretsToItself(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var events recorder
		r := task.New(task.Options{Publisher: &events, KeepFor: time.Hour})
		defer r.Close(t.Context())
		tell := func(_ context.Context, t *task.Task) (task.Outcome, error) {
			return task.Outcome{}, t.Publish("line", []byte(`{"line":"it is hunter2"}`))
		}
		old, err := r.Start(task.Spec{Type: "x", Head: map[string]string{"cmd": "use hunter2"}, Run: tell, Again: tell, Secrets: []string{"hunter2"}})
		if err != nil {
			t.Fatal(err)
		}
		<-old.Done()
		time.Sleep(40 * time.Minute)
		next, err := r.Again(old.ID())
		if err != nil {
			t.Fatal(err)
		}
		<-next.Done()
		time.Sleep(40 * time.Minute) // the older one is forgotten, and its secrets with it
		third, err := r.Again(next.ID())
		if err != nil {
			t.Fatal(err)
		}
		<-third.Done()
		events.is(t, third.ID(),
			`status {"task":"x","status":"running","cmd":"use ***"}`, `line {"line":"it is ***"}`, `end {"status":"completed"}`)
	})
}

func TestWhatCannotBeRunAgainIsRefused(t *testing.T) {
	r := task.New(task.Options{Publisher: new(recorder)})
	once := start(t, r, "once", "upload", done)
	<-once.Done()
	for id, want := range map[string]error{"once": task.ErrOnce, "nosuch": task.ErrNotFound} {
		if _, err := r.Again(id); !errors.Is(err, want) || !strings.Contains(err.Error(), "cannot run task "+id+" again") {
			t.Errorf("%s: %v, want %v", id, err, want)
		}
	}
	if err := r.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
}
