package forward

import (
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// ends publishes the ends of n tasks, "0", "1", ….
func (p *publisher) ends(n int) {
	for i := range n {
		p.publish(fmt.Sprint(i), "end", `{"status":"completed"}`)
	}
}

// inOrder checks that the webhooks taken are those of the tasks "0" to "n-1", each once.
func (h *hooks) inOrder(t *testing.T, n int) {
	t.Helper()
	got := h.received()
	if len(got) != n {
		t.Fatalf("%d webhooks were taken, want %d", len(got), n)
	}
	for i, p := range got {
		if !strings.Contains(p.body, fmt.Sprintf(`"task_id":"%d"`, i)) {
			t.Errorf("%d. is %s", i, p.body)
		}
	}
}

func TestAWebhookIsTriedAgainUnderTheSameID(t *testing.T) {
	p := &publisher{TB: t, Broker: newBroker()}
	h := newHooks(t, func(n int, _ *http.Request) int {
		if n%2 == 1 {
			return 500
		}
		return 0
	})
	f, stop := run(t, p.Broker, h.URL, asWebhook)
	p.ends(3)
	stop()
	h.inOrder(t, 3)
	if len(h.tries) != 6 {
		t.Fatalf("%d tries", len(h.tries))
	}
	for i := 0; i < 6; i += 2 {
		if h.tries[i].id != h.tries[i+1].id || h.tries[i].body != h.tries[i+1].body {
			t.Errorf("tried again as another: %v, %v", h.tries[i], h.tries[i+1])
		}
	}
	p.adds(f.Stats())
}

func TestAWebhookWaitsForAReceiverThatComesLater(t *testing.T) {
	p := &publisher{TB: t, Broker: newBroker()}
	h := newHooks(t, nil)
	port, listen := reserve(t)
	f, stop := run(t, p.Broker, fmt.Sprint("http://127.0.0.1:", port), func(o *Options) { asWebhook(o); o.MaxWait = 10 * time.Millisecond })
	p.ends(3)
	eventually(t, "a try failed", func() bool { return f.Stats().Failing && f.Stats().Backlog == 3 })
	go func() { _ = http.Serve(listen(), h.Config.Handler) }()
	eventually(t, "all arrived", func() bool { return f.Stats().Delivered == 3 })
	stop()
	h.inOrder(t, 3)
}

// A receiver that hangs slows neither the tasks nor another receiver.
func TestAReceiverThatHangsHoldsUpNobody(t *testing.T) {
	p := &publisher{TB: t, Broker: newBroker()}
	leave := make(chan struct{})
	hung := newHooks(t, func(int, *http.Request) int { <-leave; return 0 })
	h := newHooks(t, nil)
	stuck, stopStuck := run(t, p.Broker, hung.URL, func(o *Options) { asWebhook(o); o.AnswerTimeout = time.Hour })
	_, stop := run(t, p.Broker, h.URL, asWebhook)
	const n = 1000
	p.ends(n)
	eventually(t, "the other has all", func() bool { return len(h.received()) == n })
	if s := stuck.Stats(); s.Backlog != n || len(hung.received()) != 0 {
		t.Errorf("%+v", s)
	}
	close(leave)
	stop()
	stopStuck()
	h.inOrder(t, n)
	hung.inOrder(t, n)
}

// Each try carries the time at which it is made, so that a receiver can refuse old ones.
func TestEachTryIsSignedAnew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var tries []posted
		p := &publisher{TB: t, Broker: newBroker()}
		o := Options{Broker: p.Broker, Endpoint: "http://endpoint.test", Log: slog.New(slog.DiscardHandler)}
		asWebhook(&o)
		f, err := New(o)
		if err != nil {
			t.Fatal(err)
		}
		f.client.Transport = transport(func(r *http.Request) (*http.Response, error) {
			tries = append(tries, posted{r.Header.Get("webhook-id"), r.Header.Get("webhook-timestamp"), r.Header.Get("webhook-signature"), ""})
			if at := fmt.Sprint(time.Now().Unix()); tries[len(tries)-1].at != at {
				t.Errorf("it says %s, it is %s", tries[len(tries)-1].at, at)
			}
			if len(tries) == 1 {
				return answer(503, "Retry-After", "50")
			}
			return answer(204)
		})
		stop := start(t, f)
		p.ends(1)
		time.Sleep(time.Minute)
		stop()
		if len(tries) != 2 || tries[0].id != tries[1].id || tries[0].at == tries[1].at || tries[0].signature == tries[1].signature {
			t.Errorf("%v", tries)
		}
	})
}

// 410 is the specification's word for a receiver that wants no more: nothing is sent to it again. Other refusals cost one webhook.
func TestAReceiverThatIsGoneIsLeftAlone(t *testing.T) {
	for code, want := range map[int]int{410: 1, 404: 3} {
		p := &publisher{TB: t, Broker: newBroker()}
		h := newHooks(t, func(int, *http.Request) int { return code })
		f, stop := run(t, p.Broker, h.URL, asWebhook)
		p.ends(3)
		eventually(t, "all are given up", func() bool { return f.Stats().GivenUp == 3 })
		stop()
		s := f.Stats()
		if len(h.tries) != want || !s.Failing || strings.Contains(s.LastError, "410 Gone, so nothing more") != (code == 410) {
			t.Errorf("%d: %d tries, %+v", code, len(h.tries), s)
		}
		p.adds(s)
	}
}
