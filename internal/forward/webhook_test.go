package forward

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

// posted is one try of a webhook.
type posted struct {
	id, at, signature, body string
}

// hooks is a receiver that verifies with the library of the specification, and records what it is sent.
type hooks struct {
	*httptest.Server
	mu    sync.Mutex
	tries []posted
	taken []posted
}

// newHooks asks answer first, which returns a status other than 2xx, or 0 to take the webhook.
func newHooks(t testing.TB, answer func(n int, r *http.Request) int) *hooks {
	verifier, err := standardwebhooks.NewWebhook(secret)
	if err != nil {
		t.Fatal(err)
	}
	h := &hooks{}
	h.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil || verifier.Verify(body, r.Header) != nil || r.Method != "POST" || r.Header.Get("Content-Type") != "application/json" {
			t.Errorf("%s %s %v: %v, %v", r.Method, body, r.Header, err, verifier.Verify(body, r.Header))
		}
		p := posted{r.Header.Get("webhook-id"), r.Header.Get("webhook-timestamp"), r.Header.Get("webhook-signature"), string(body)}
		h.mu.Lock()
		h.tries = append(h.tries, p)
		n := len(h.tries)
		h.mu.Unlock()
		if answer != nil {
			if code := answer(n, r); code != 0 {
				w.WriteHeader(code)
				return
			}
		}
		h.mu.Lock()
		defer h.mu.Unlock()
		h.taken = append(h.taken, p)
	}))
	t.Cleanup(h.Close)
	return h
}

func (h *hooks) received() []posted {
	h.mu.Lock()
	defer h.mu.Unlock()
	return append([]posted(nil), h.taken...)
}

// asWebhook makes options those of a webhook, whose tasks all are known.
func asWebhook(o *Options) {
	at := time.Unix(1_795_000_000, 0)
	o.Webhook = &Webhook{Secret: secret, Task: func(id string, _ uint64) (Task, bool) {
		return Task{Type: "docker_build", Created: at, Started: at.Add(time.Second), Ended: at.Add(3500 * time.Millisecond)}, true
	}}
}

func TestAWebhookTellsHowATaskEnded(t *testing.T) {
	for _, c := range []struct{ end, kind, want string }{
		{`{"status":"completed","exit_code":4,"result":{"image_id":"<sha256>"}}`, "task.completed", `"status":"completed","outcome":"completed","exit_code":4,"result":{"image_id":"<sha256>"}`},
		{`{"status":"completed","exit_code":0}`, "task.completed", `"status":"completed","outcome":"completed","exit_code":0`},
		{`{"status":"error","error":"cannot build"}`, "task.error", `"status":"error","outcome":"error","error":"cannot build"`},
		{`{"status":"cancelled","error":"cancelled"}`, "task.cancelled", `"status":"error","outcome":"cancelled","error":"cancelled"`},
		{`{"status":"error","outcome":"rolled_back","error":"cannot probe","result":{"a":1}}`, "task.rolled_back", `"status":"error","outcome":"rolled_back","error":"cannot probe","result":{"a":1}`},
		{`{"status":"error","outcome":"interrupted","error":"interrupted: x"}`, "task.interrupted", `"status":"error","outcome":"interrupted","error":"interrupted: x"`},
	} {
		p := &publisher{TB: t, Broker: newBroker()}
		h := newHooks(t, nil)
		f, stop := run(t, p.Broker, h.URL, asWebhook)
		p.line("another", "so that a place in the timeline is none in the topic")
		p.start("a.b")
		p.line("a.b", "a line, of which a webhook says nothing")
		p.publish("a.b", "end", c.end)
		stop()
		got := h.received()
		if len(got) != 1 {
			t.Fatalf("%s: %d webhooks", c.kind, len(got))
		}
		var m struct{ Timestamp time.Time }
		if err := json.Unmarshal([]byte(got[0].body), &m); err != nil || time.Since(m.Timestamp) > time.Minute {
			t.Errorf("%s: %v", got[0].body, err)
		}
		want := `{"type":"` + c.kind + `","timestamp":"` + m.Timestamp.Format("2006-01-02T15:04:05.000Z") + `","data":{"task_id":"a.b","task_type":"docker_build",` +
			c.want + `,"created_at":1795000000,"started_at":1795000001,"ended_at":1795000003.5,"duration_sec":2.5,"stream":"/stream/tasks/a.b"}}`
		if diff := cmp.Diff(want, got[0].body); diff != "" {
			t.Error(diff)
		}
		if want := "msg_" + p.Position(); got[0].id != want {
			t.Errorf("id %s, want %s", got[0].id, want)
		}
		if s := f.Stats(); s.Delivered != 1 || s.Omitted != 3 {
			t.Errorf("%+v", s)
		}
		p.adds(f.Stats())
	}
}

// What nobody knows any more of a task is left away, and what a task never had.
func TestAWebhookOfATaskThatIsForgottenOrNeverRan(t *testing.T) {
	for want, known := range map[string]func(string, uint64) (Task, bool){
		`"outcome":"completed","ended_at":`: func(string, uint64) (Task, bool) { return Task{}, false },
		`"outcome":"completed","created_at":1,"ended_at":2,"stream"`: func(string, uint64) (Task, bool) {
			return Task{Type: "t", Created: time.Unix(1, 0), Ended: time.Unix(2, 0)}, true
		},
	} {
		p := &publisher{TB: t, Broker: newBroker()}
		h := newHooks(t, nil)
		_, stop := run(t, p.Broker, h.URL, func(o *Options) { o.Webhook = &Webhook{secret, known} })
		p.publish("a", "end", `{"status":"completed"}`)
		stop()
		if got := h.received(); len(got) != 1 || !strings.Contains(got[0].body, want) || strings.Contains(got[0].body, "duration_sec") {
			t.Errorf("want %s in %v", want, got)
		}
	}
}

// The task is asked for by the end event's own place, since its id may have begun a new run.
func TestAWebhookAsksForTheRunThatEnded(t *testing.T) {
	p := &publisher{TB: t, Broker: newBroker()}
	h := newHooks(t, nil)
	var asked []string
	_, stop := run(t, p.Broker, h.URL, func(o *Options) {
		o.Webhook = &Webhook{secret, func(id string, end uint64) (Task, bool) {
			asked = append(asked, fmt.Sprint(id, " ", end))
			return Task{}, false
		}}
	})
	p.start("a")
	p.publish("a", "end", `{"status":"completed"}`)
	p.start("a")
	p.publish("a", "end", `{"status":"completed"}`)
	stop()
	if diff := cmp.Diff([]string{"a 2", "a 4"}, asked); diff != "" {
		t.Error(diff)
	}
	if got := h.received(); len(got) != 2 || got[0].id == got[1].id {
		t.Errorf("each run has a webhook with an id of its own: %v", got)
	}
}
