package broker

import (
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// A stop that takes its time holds nobody up, and a start for the same selector
// comes after it.
func TestSlowStop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := New(Options{})
		var mu sync.Mutex
		var log []string
		note := func(what string) {
			mu.Lock()
			defer mu.Unlock()
			log = append(log, what)
		}
		b.AddSource("logs/*", func(selector string, filled func()) func() {
			note("start " + selector)
			filled()
			return func() {
				time.Sleep(time.Minute)
				note("stop " + selector)
			}
		})
		subscribe(t, b, All, "logs/a").Close()
		time.Sleep(Linger + time.Second)
		began := time.Now()
		s := subscribe(t, b, All, "logs/a")
		other := subscribe(t, b, All, "logs/b")
		publish(t, b, "logs/b", 1)
		publish(t, b, "logs/a", 1)
		wants(t, "another selector", next(t, other), "logs/b1")
		wants(t, "held until its own run has filled", next(t, s), "")
		if time.Since(began) > 0 {
			t.Error("a subscription waited for a stop")
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		wants(t, "filled", next(t, s), "logs/a1")
		want := []string{"start logs/a", "start logs/b", "stop logs/a", "start logs/a"}
		for i := range want {
			if len(log) != len(want) || log[i] != want[i] {
				t.Fatalf("order %v", log)
			}
		}
	})
}

// A source may wait, in its stop, for a goroutine that publishes, and readers of
// what it publishes may close their subscriptions in their Wake.
func TestStopWaitsForAPublishThatClosesAReader(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := New(Options{})
		b.AddSource("logs/*", func(selector string, filled func()) func() {
			filled()
			quit, done := make(chan struct{}), make(chan struct{})
			go func() {
				defer close(done)
				<-quit
				b.Publish("logs/a", "line", nil)
			}()
			return func() { close(quit); <-done }
		})
		var pattern *Subscription
		pattern = open(t, b, Request{Topics: []string{"logs/*"}, Wake: func() { pattern.Close() }})
		next(t, pattern)
		subscribe(t, b, All, "logs/a").Close()
		time.Sleep(2 * Linger)
		synctest.Wait()
		clean(t, b)
	})
}

// A source may publish, and so wake a reader that closes, before its start returns.
func TestStartPublishesAndClosesAReader(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := New(Options{})
		b.AddSource("logs/*", func(selector string, filled func()) func() {
			b.Publish("logs/a", "line", nil)
			filled()
			return func() {}
		})
		var pattern *Subscription
		pattern = open(t, b, Request{Topics: []string{"logs/*"}, Wake: func() { pattern.Close() }})
		next(t, pattern)
		s := subscribe(t, b, Tail(1), "logs/a")
		wants(t, "filled", next(t, s), "logs/a2")
		s.Close()
		time.Sleep(Linger)
		synctest.Wait()
		clean(t, b)
	})
}

// A run that says only in its stop that it has filled says it for itself, not
// for the next one.
func TestLateFilled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := New(Options{})
		b.AddSource("logs/*", func(selector string, filled func()) func() {
			return func() {
				time.Sleep(time.Minute)
				time.AfterFunc(time.Second, filled)
			}
		})
		publish(t, b, "logs/a", 1)
		subscribe(t, b, All, "logs/a").Close()
		time.Sleep(Linger + time.Second)
		s := subscribe(t, b, All, "logs/a")
		time.Sleep(time.Hour)
		wants(t, "held", next(t, s), "")
	})
}
