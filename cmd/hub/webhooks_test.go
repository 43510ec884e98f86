package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"hub/internal/task"
)

const webhookSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

// hooked is what a receiver of webhooks has been told, each verified by the library of the specification.
type hooked struct {
	*httptest.Server
	mu   sync.Mutex
	told []hook
}

type hook struct {
	Type string
	Data struct {
		TaskID    string  `json:"task_id"`
		TaskType  string  `json:"task_type"`
		StartedAt float64 `json:"started_at"`
		EndedAt   float64 `json:"ended_at"`
		Error     string
		ExitCode  *int `json:"exit_code"`
	}
}

func receiveHooks(t *testing.T) *hooked {
	verifier, err := standardwebhooks.NewWebhook(webhookSecret)
	if err != nil {
		t.Fatal(err)
	}
	h := &hooked{}
	h.Server = httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		var got hook
		if err := errors.Join(verifier.Verify(body, r.Header), json.Unmarshal(body, &got)); err != nil {
			t.Errorf("%s %v: %v", body, r.Header, err)
		}
		h.mu.Lock()
		defer h.mu.Unlock()
		h.told = append(h.told, got)
	}))
	t.Cleanup(h.Close)
	return h
}

func (h *hooked) all() []hook {
	h.mu.Lock()
	defer h.mu.Unlock()
	return append([]hook(nil), h.told...)
}

// Each end of a task is one webhook to each URL, that of a task which the shutdown interrupts too, and URLs at which nobody answers
// keep none of them from another.
func TestEachEndOfATaskIsAWebhook(t *testing.T) {
	one, two := receiveHooks(t), receiveHooks(t)
	cfg := Default()
	cfg.Listen = "127.0.0.1:0"
	cfg.ShutdownTimeout = Duration(4 * time.Second)
	dead := Secret("http://" + freeAddress(t) + "/dead")
	cfg.WebhookUrls = URLs{Secret(one.URL), dead, dead, dead, Secret(two.URL + "/in?key=1")}
	cfg.WebhookSecret = webhookSecret
	h, err := newHub(cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- h.run(ctx, time.Now()) }()
	for _, c := range []struct {
		id  string
		run task.Run
	}{
		{"well", func(context.Context, *task.Task) (task.Outcome, error) {
			four := 4
			return task.Outcome{ExitCode: &four}, nil
		}},
		{"failed", func(context.Context, *task.Task) (task.Outcome, error) { return task.Outcome{}, errors.New("cannot") }},
		{"back", func(context.Context, *task.Task) (task.Outcome, error) {
			return task.Outcome{Word: task.RolledBack}, errors.New("cannot probe")
		}},
		{"cancelled", untilItsEnd},
		{"interrupted", func(ctx context.Context, k *task.Task) (task.Outcome, error) {
			defer time.Sleep(1500 * time.Millisecond) // what it clears away; streams are ended before it is done
			return untilItsEnd(ctx, k)
		}},
	} {
		k, err := h.tasks.Start(task.Spec{ID: c.id, Type: "a_type", Run: c.run})
		if err != nil {
			t.Fatal(err)
		}
		if c.id == "cancelled" {
			if _, err := h.tasks.Cancel(ctx, c.id); err != nil {
				t.Error(err)
			}
		} else if c.id != "interrupted" {
			<-k.Done()
		}
	}
	stop()
	stopping := time.Now()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if took := time.Since(stopping); took > time.Duration(cfg.ShutdownTimeout) {
		t.Errorf("the stop took %v: the endpoints' graces are one after another", took)
	}
	want := []string{"well task.completed", "failed task.error", "back task.rolled_back", "cancelled task.cancelled", "interrupted task.interrupted"}
	for _, receiver := range []*hooked{one, two} {
		var got []string
		for _, w := range receiver.all() {
			got = append(got, w.Data.TaskID+" "+w.Type)
			if d := w.Data; d.TaskType != "a_type" || d.StartedAt == 0 || d.EndedAt < d.StartedAt || (d.Error == "") != (d.TaskID == "well") || (d.ExitCode != nil) != (d.TaskID == "well") {
				t.Errorf("%+v", w)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	}
	for i, want := range []uint64{5, 0, 0, 0, 5} {
		if s := h.forwarding[i].Stats(); s.Delivered != want || s.GivenUp != 5-want {
			t.Errorf("webhook %d: %+v", i+1, s)
		}
	}
}

func untilItsEnd(ctx context.Context, _ *task.Task) (task.Outcome, error) {
	<-ctx.Done()
	return task.Outcome{}, context.Cause(ctx)
}

func TestAWebhookThatFailsIsToldOfWithoutItsSecrets(t *testing.T) {
	good := receiveHooks(t)
	t.Setenv("HUB_WEBHOOK_URLS", good.URL+"/s3cretpath,http://"+freeAddress(t)+"/s3cretpath?token=s3cret")
	t.Setenv("HUB_WEBHOOK_SECRET", webhookSecret)
	h := startProgram(t)
	h.ask("POST", "/tasks/run-stream", `{"cmd":"echo one","task_id":"a"}`, "Content-Type: application/json")
	ready := ""
	h.await("one is told, the other's failure is", func() bool {
		ready = h.get("/readyz")
		return len(good.all()) == 1 && strings.Contains(ready, `"name":"webhook_2","ok":false`)
	})
	if answer := h.ask("GET", "/readyz", ""); answer.StatusCode != 200 || !strings.Contains(ready, `"name":"webhook_1","ok":true`) || !strings.Contains(ready, `"reason":"1 events wait, 0 were given up: `) {
		t.Errorf("%d %s", answer.StatusCode, ready)
	}
	h.await("the log says which", func() bool { return strings.Contains(h.logged(), `"webhook":2`) })
	if said := ready + h.logged(); strings.Contains(said, "s3cret") || strings.Contains(said, webhookSecret[6:]) {
		t.Error("a secret is shown")
	}
}

// A webhook speaks of the run whose end it tells, also when the id has begun another.
func TestAWebhookKnowsItsRun(t *testing.T) {
	cfg := Default()
	cfg.Listen = "127.0.0.1:0"
	h, err := newHub(cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer h.close()
	first, err := h.tasks.Start(task.Spec{ID: "a", Type: "first", Run: func(context.Context, *task.Task) (task.Outcome, error) { return task.Outcome{}, nil }})
	if err != nil {
		t.Fatal(err)
	}
	<-first.Done()
	end := h.broker.Head()
	if known, ok := h.taskThatEnded("a", end); !ok || known.Type != "first" || known.Started.IsZero() || known.Ended.Before(known.Created) {
		t.Errorf("%+v %v", known, ok)
	}
	second, err := h.tasks.Start(task.Spec{ID: "a", Type: "second", Run: untilItsEnd})
	if err != nil {
		t.Fatal(err)
	}
	for _, asked := range []string{"a", "nobody"} {
		if known, ok := h.taskThatEnded(asked, end); ok {
			t.Errorf("%s: %+v", asked, known)
		}
	}
	if _, err := h.tasks.Cancel(t.Context(), "a"); err != nil {
		t.Error(err)
	}
	<-second.Done()
	if known, ok := h.taskThatEnded("a", end); ok {
		t.Errorf("of another run: %+v", known)
	}
}
