package task_test

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"hub/internal/mask"
	"hub/internal/task"
)

// guarded starts a task that knows the secret hunter2, with the registry's set of secrets.
func guarded(t *testing.T, p task.Publisher, o task.Options, spec task.Spec) (*task.Task, *task.Registry, *mask.Set) {
	t.Helper()
	o.Publisher, o.Log, o.Mask = p, quietLog, new(mask.Set)
	r := task.New(o)
	spec.Secrets = append(spec.Secrets, "hunter2")
	k, err := r.Start(spec)
	if err != nil {
		t.Fatal(err)
	}
	return k, r, o.Mask
}

func TestNothingATaskTellsShowsItsSecrets(t *testing.T) {
	var p recorder
	k, _, _ := guarded(t, &p, task.Options{}, task.Spec{
		ID: "a", Type: "t", Head: map[string]string{"cmd": "login -p hunter2"},
		Run: func(_ context.Context, k *task.Task) (task.Outcome, error) {
			k.Publish("stage", []byte(`{"stage":"clone","error":"hunter2"}`))
			k.Publish("status", []byte(`{"status":"uses hunter2"}`))
			k.Publish("line", []byte(`{"line":"`+base64.StdEncoding.EncodeToString([]byte("u:hunter2"))+`"}`))
			k.Publish("progress", []byte(`{"layers":[{"id":"hunter2"}]}`))
			return task.Outcome{Result: map[string]string{"url": "https://u:hunter2@h"}}, errors.New("401 for hunter2")
		}})
	<-k.Done()
	p.is(t, "a",
		`status {"task":"t","status":"running","cmd":"login -p ***"}`,
		`stage {"stage":"clone","error":"***"}`,
		`status {"status":"uses ***"}`,
		`line {"line":"dTp***"}`,
		`progress {"layers":[{"id":"***"}]}`,
		`end {"status":"error","error":"401 for ***","result":{"url":"https://u:***@h"}}`)
	s := k.Snapshot()
	told := s.Error + string(s.Result) + string(s.Head)
	for _, e := range s.Kept {
		told += string(e.Data)
	}
	if strings.Contains(told, "hunter2") || strings.Count(told, "***") != 8 {
		t.Error(told)
	}
}

func TestAPanicShowsNoSecret(t *testing.T) {
	var p recorder
	k, _, _ := guarded(t, &p, task.Options{}, task.Spec{ID: "a", Type: "t", Run: func(context.Context, *task.Task) (task.Outcome, error) { panic("hunter2") }})
	<-k.Done()
	p.is(t, "a", running, `end {"status":"error","error":"panic: ***"}`)
}

// Between the two writes the line has gone out as a part, if that is not held back.
func TestASecretWrittenInTwoIsMasked(t *testing.T) {
	for cmd, want := range map[string]string{
		`printf 'hun'; sleep 0.3; printf 'ter2\n'`:                                     `line {"stream":"stdout","line":"***"}`,
		`printf 'is it hun'; sleep 0.3; printf 'ter2\n'`:                               `line {"stream":"stdout","line":"is it ","part":1} line {"stream":"stdout","line":"***","part":2,"last":true}`,
		`printf 'is it hun'; sleep 0.3; printf 'gry\n'`:                                `line {"stream":"stdout","line":"is it ","part":1} line {"stream":"stdout","line":"hungry","part":2,"last":true}`,
		`printf hun; sleep 0.3; printf hun >&2; sleep 0.3; printf ter2; echo ter2 >&2`: `*** ***`,
	} {
		spec, err := task.Command{Cmd: cmd}.Spec()
		if err != nil {
			t.Fatal(err)
		}
		var p recorder
		spec.ID = "a"
		k, _, _ := guarded(t, &p, task.Options{}, spec)
		<-k.Done()
		got := linesOf(&p)
		if want == `*** ***` {
			if len(got) != 2 || !strings.Contains(got[0], `"line":"***"`) || !strings.Contains(got[1], `"line":"***"`) {
				t.Errorf("%s: %q", cmd, got)
			}
		} else if strings.Join(got, " ") != want {
			t.Errorf("%s: %q", cmd, got)
		}
	}
}

// However a run ends, what was held back of its last line comes before the end event.
func TestWhatIsHeldBackIsNeverLost(t *testing.T) {
	begun := func(k *task.Task) { k.Publish("line", []byte(`{"line":"it is hun","part":1}`)) }
	part1, part2 := `line {"line":"it is ","part":1}`, `line {"line":"hun","part":2}`
	for _, c := range []struct {
		how, end string
		run      task.Run
	}{
		{"completed", `end {"status":"completed"}`, func(_ context.Context, k *task.Task) (task.Outcome, error) { begun(k); return task.Outcome{}, nil }},
		{"panic", `end {"status":"error","error":"panic: x"}`, func(_ context.Context, k *task.Task) (task.Outcome, error) { begun(k); panic("x") }},
		{"cancel", cancelled, func(ctx context.Context, k *task.Task) (task.Outcome, error) {
			begun(k)
			<-ctx.Done()
			return task.Outcome{}, context.Cause(ctx)
		}},
		{"given up", interrupted, func(ctx context.Context, k *task.Task) (task.Outcome, error) {
			begun(k)
			time.Sleep(time.Hour) // it does not heed ctx
			return task.Outcome{}, k.Publish("line", []byte(`{"line":"ter2","part":2}`))
		}},
	} {
		synctest.Test(t, func(t *testing.T) {
			var p recorder
			k, r, _ := guarded(t, &p, task.Options{}, task.Spec{ID: "a", Type: "t", Run: c.run})
			synctest.Wait()
			switch c.how {
			case "cancel":
				r.Cancel(t.Context(), "a")
			case "given up":
				ctx, stop := context.WithTimeout(t.Context(), time.Second)
				defer stop()
				r.Close(ctx)
			}
			<-k.Done()
			time.Sleep(2 * time.Hour)
			p.is(t, "a", running, part1, part2, c.end)
		})
	}
}

func TestSecretsStayUntilTheTaskLeavesTheRegistry(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, r, secrets := guarded(t, &recorder{}, task.Options{Keep: 1}, task.Spec{ID: "a", Type: "t", Run: done, Secrets: []string{"s3cret"}})
		defer r.Close(t.Context())
		synctest.Wait()
		if got := secrets.Text("s3cret hunter2"); got != "*** ***" {
			t.Errorf("after its end: %s", got)
		}
		if k, err := r.Start(task.Spec{ID: "a", Type: "t", Run: done, Secrets: []string{"hunter2"}}); err != nil {
			t.Error(err)
		} else {
			<-k.Done()
		}
		if got := secrets.Text("s3cret hunter2"); got != "s3cret ***" {
			t.Errorf("a new run of the id: %s", got)
		}
		start(t, r, "b", "t", done)
		synctest.Wait()
		if got := secrets.Text("hunter2"); got != "hunter2" || !secrets.Empty() {
			t.Errorf("forgotten: %s", got)
		}
	})
}

func TestATaskThatIsRefusedLeavesNoSecret(t *testing.T) {
	secrets := new(mask.Set)
	r := task.New(task.Options{Publisher: &recorder{}, Mask: secrets})
	if _, err := r.Start(task.Spec{ID: "/", Type: "t", Run: done, Secrets: []string{"hunter2"}}); err == nil || !secrets.Empty() {
		t.Errorf("%v", err)
	}
}

// Half of a secret would not be found any more, so a long command is cut between two words.
func TestACommandIsNotCutWithinASecret(t *testing.T) {
	const shown, secret = 4 << 10, "hunter2-and-more"
	for before := shown - len(secret); before < shown; before++ {
		cmd := ": " + strings.Repeat("x", before-3) + " " + secret
		spec, err := task.Command{Cmd: cmd}.Spec()
		if err != nil {
			t.Fatal(err)
		}
		if head := fmt.Sprint(spec.Head); strings.Contains(head, "h") && !strings.Contains(head, secret) {
			t.Errorf("after %d bytes: %s", before, head[len(head)-20:])
		}
	}
}
