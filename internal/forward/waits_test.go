package forward

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// transport answers in place of a network, so that these tests run in the time of a bubble.
type transport func(*http.Request) (*http.Response, error)

func (t transport) RoundTrip(r *http.Request) (*http.Response, error) { return t(r) }

func answer(code int, head ...string) (*http.Response, error) {
	w := &http.Response{StatusCode: code, Header: http.Header{}, Body: http.NoBody}
	if len(head) == 2 {
		w.Header.Set(head[0], head[1])
	}
	return w, nil
}

// inBubble runs a forwarder over a transport, with the default waits.
func inBubble(t *testing.T, over transport, test func(t *testing.T, p *publisher, f *Forwarder, stop func())) {
	synctest.Test(t, func(t *testing.T) {
		p := &publisher{TB: t, Broker: newBroker()}
		f, err := New(Options{Broker: p.Broker, Endpoint: "http://endpoint.test", Log: slog.New(slog.DiscardHandler)})
		if err != nil {
			t.Fatal(err)
		}
		f.client.Transport = over
		test(t, p, f, start(t, f))
	})
}

// Between tries of a dead endpoint lie about half a second, then more, never over 30 s, however much is published.
func TestWaits(t *testing.T) {
	var tries []time.Time
	ending := false
	inBubble(t, func(*http.Request) (*http.Response, error) {
		if !ending {
			tries = append(tries, time.Now())
		}
		return answer(503)
	}, func(t *testing.T, p *publisher, f *Forwarder, stop func()) {
		for range 600 {
			p.line("x", "a")
			time.Sleep(time.Second)
		}
		synctest.Wait()
		ending = true
		stop()
		p.adds(f.Stats())
	})
	if len(tries) < 15 || len(tries) > 65 {
		t.Errorf("%d tries in ten minutes", len(tries))
	}
	longest := time.Duration(0)
	for i := range len(tries) - 1 {
		wait := tries[i+1].Sub(tries[i])
		longest = max(longest, wait)
		if wait > 30*time.Second || i > 6 && wait < 10*time.Second || i == 0 && (wait < 250*time.Millisecond || wait > 750*time.Millisecond) {
			t.Errorf("wait %d was %v", i, wait)
		}
	}
	if longest < 15*time.Second {
		t.Errorf("the longest wait was %v", longest)
	}
}

// After a delivery the waits begin anew.
func TestWaitsBeginAnew(t *testing.T) {
	var tries []time.Time
	inBubble(t, func(*http.Request) (*http.Response, error) {
		if tries = append(tries, time.Now()); len(tries) == 10 {
			return answer(200)
		}
		return answer(503)
	}, func(t *testing.T, p *publisher, f *Forwarder, stop func()) {
		p.numbers("x", 2)
		time.Sleep(time.Hour)
	})
	if wait := tries[11].Sub(tries[10]); wait > 750*time.Millisecond {
		t.Errorf("waited %v", wait)
	}
}

// Retry-After is waited for, in seconds or as a date, but not longer than a minute.
func TestRetryAfter(t *testing.T) {
	for value, want := range map[string][2]time.Duration{
		"7":                             {7 * time.Second, 7 * time.Second},
		"86400":                         {time.Minute, time.Minute},
		"date":                          {8 * time.Second, 9 * time.Second},
		"Fri, 31 Dec 1999 23:59:59 GMT": {250 * time.Millisecond, 750 * time.Millisecond},
		"-5":                            {250 * time.Millisecond, 750 * time.Millisecond},
		"soon":                          {250 * time.Millisecond, 750 * time.Millisecond},
	} {
		var tries []time.Time
		inBubble(t, func(*http.Request) (*http.Response, error) {
			if tries = append(tries, time.Now()); len(tries) > 1 {
				return answer(200)
			}
			if value == "date" {
				return answer(429, "Retry-After", time.Now().Add(9*time.Second).UTC().Format(http.TimeFormat))
			}
			return answer(429, "Retry-After", value)
		}, func(t *testing.T, p *publisher, f *Forwarder, stop func()) {
			p.line("x", "a")
			time.Sleep(5 * time.Minute)
		})
		if len(tries) != 2 {
			t.Errorf("%q: %d tries", value, len(tries))
		} else if wait := tries[1].Sub(tries[0]); wait < want[0] || wait > want[1] {
			t.Errorf("%q: waited %v, want %v", value, wait, want)
		}
	}
}

// An object that the endpoint puts off for a quarter of an hour is given up, so that it cannot hold up all others; one that cannot be
// sent because nobody is there is not.
func TestPersist(t *testing.T) {
	poison := func(*http.Request) (*http.Response, error) { return answer(500) }
	nobody := func(*http.Request) (*http.Response, error) { return nil, context.DeadlineExceeded }
	for name, c := range map[string]struct {
		fault   transport
		givenUp uint64
	}{"poison": {poison, 1}, "nobody": {nobody, 0}} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(r *http.Request) (*http.Response, error) {
				if strings.HasSuffix(r.Header.Get("Idempotency-Key"), "-1") {
					return c.fault(r)
				}
				return answer(200)
			}, func(t *testing.T, p *publisher, f *Forwarder, stop func()) {
				p.numbers("x", 3)
				time.Sleep(14 * time.Minute)
				if s := f.Stats(); s.Backlog != 3 {
					t.Errorf("after 14 minutes: %+v", s)
				}
				time.Sleep(time.Hour)
				s := f.Stats()
				p.adds(s)
				if s.GivenUp != c.givenUp || s.Delivered != 2*c.givenUp {
					t.Errorf("after an hour: %+v", s)
				}
			})
		})
	}
}

// At the end the endpoint is tried at once, whatever wait it stands in, and for no longer than the grace.
func TestEnd(t *testing.T) {
	up := false
	fault := func(*http.Request) (*http.Response, error) {
		if up {
			return answer(200)
		}
		return answer(503, "Retry-After", "60")
	}
	inBubble(t, fault, func(t *testing.T, p *publisher, f *Forwarder, stop func()) {
		p.numbers("x", 3)
		p.publish("x", "line", `{"stream":"stdout","line":"unfinished","part":1}`)
		synctest.Wait()
		if s := f.Stats(); s.Backlog != 4 || s.Omitted != 0 {
			t.Errorf("before the end: %+v", s)
		}
		up = true
		begun := time.Now()
		stop()
		s := f.Stats()
		p.adds(s)
		if s.Delivered != 4 || time.Since(begun) > 0 {
			t.Errorf("%+v after %v", s, time.Since(begun))
		}
	})
	up = false
	inBubble(t, fault, func(t *testing.T, p *publisher, f *Forwarder, stop func()) {
		p.givesUpAfter(t, f, stop, 3*time.Second)
	})
}

// A try that hangs at the end is broken off when the grace is over.
func TestEndBreaksOff(t *testing.T) {
	inBubble(t, func(r *http.Request) (*http.Response, error) {
		<-r.Context().Done()
		return nil, r.Context().Err()
	}, func(t *testing.T, p *publisher, f *Forwarder, stop func()) {
		p.givesUpAfter(t, f, stop, 3*time.Second)
	})
}

// A panic costs the one event, which is counted; what comes after goes on.
func TestPanic(t *testing.T) {
	inBubble(t, func(r *http.Request) (*http.Response, error) {
		if strings.HasSuffix(r.Header.Get("Idempotency-Key"), "-2") {
			panic("in the second")
		}
		return answer(200)
	}, func(t *testing.T, p *publisher, f *Forwarder, stop func()) {
		p.numbers("x", 3)
		synctest.Wait()
		shape := f.shape
		f.shape = &objects{} // without a map, which makes the next event panic
		p.line("y", "a")
		synctest.Wait()
		f.shape = shape
		p.line("y", "b")
		stop()
		s := f.Stats()
		p.adds(s)
		if s.Delivered != 3 || s.GivenUp != 2 {
			t.Errorf("%+v", s)
		}
	})
}

// givesUpAfter publishes three events to an endpoint that takes none, and stops: the forwarder gives them up when the grace is over.
func (p *publisher) givesUpAfter(t *testing.T, f *Forwarder, stop func(), grace time.Duration) {
	t.Helper()
	p.numbers("x", 3)
	synctest.Wait()
	begun := time.Now()
	stop()
	s := f.Stats()
	p.adds(s)
	if s.GivenUp != 3 || time.Since(begun) != grace {
		t.Errorf("%+v after %v", s, time.Since(begun))
	}
}
