package pipeline

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestTurnsGoInTheOrderTheyWereAskedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		turns := newTurns()
		nobody := func(key, whose string) { t.Errorf("waits for %s of %s", key, whose) }
		giveBack, err := turns.take(t.Context(), "0", []string{"b", "a"}, nobody)
		if err != nil {
			t.Fatal(err)
		}
		var wait sync.WaitGroup
		var order, waited []string
		for i := 1; i <= 3; i++ {
			wait.Go(func() {
				giveBack, err := turns.take(t.Context(), fmt.Sprint(i), []string{"a"}, func(key, whose string) { waited = append(waited, key+whose) })
				if err != nil {
					t.Error(err)
				}
				order = append(order, fmt.Sprint(i))
				giveBack()
			})
			synctest.Wait()
		}
		giveBack()
		giveBack() // once more does nothing
		wait.Wait()
		if !slices.Equal(order, []string{"1", "2", "3"}) || !slices.Equal(waited, []string{"a0", "a0", "a0"}) {
			t.Errorf("order %q, waited for %q", order, waited)
		}
		if len(turns.queues) > 0 {
			t.Errorf("queues are left: %v", turns.queues)
		}
	})
}

func TestNobodyWaitsForSomebodyWhoWaitsForHim(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		turns := newTurns()
		var wait sync.WaitGroup
		for i := range 20 {
			keys := []string{"a", "b", "c"}
			if i%2 == 0 {
				slices.Reverse(keys)
			}
			wait.Go(func() {
				giveBack, err := turns.take(t.Context(), "", keys, func(string, string) {})
				if err != nil {
					t.Error(err)
					return
				}
				time.Sleep(time.Second)
				giveBack()
			})
		}
		began := time.Now()
		wait.Wait()
		if took := time.Since(began); took != 20*time.Second {
			t.Errorf("20 turns of a second took %s", took)
		}
	})
}

func TestWhoGivesUpWaitingHoldsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		turns := newTurns()
		why := errors.New("enough")
		first, _ := turns.take(t.Context(), "first", []string{"b"}, nil)
		ctx, cancel := context.WithCancelCause(t.Context())
		var wait sync.WaitGroup
		wait.Go(func() {
			if _, err := turns.take(ctx, "second", []string{"a", "b"}, func(string, string) {}); err != why {
				t.Error(err)
			}
		})
		synctest.Wait()
		cancel(why)
		wait.Wait()
		third, err := turns.take(t.Context(), "third", []string{"a"}, nil)
		if err != nil {
			t.Fatal(err)
		}
		third()
		first()
		if len(turns.queues) > 0 {
			t.Errorf("queues are left: %v", turns.queues)
		}
	})
}

func TestDeploysOfOneSiteGoOneAfterAnother(t *testing.T) {
	t.Parallel()
	w := newWorld(t, options{})
	port, other := sitePort(t), sitePort(t)
	first := w.start(w.runs(dead(port), Probe{}))
	w.until("the first runs", func() bool { return w.events.stage(first.ID(), "run", "completed") != nil })
	second := w.start(w.runs(page("two", port), Probe{}))
	waits := fmt.Sprintf("waiting for pipeline %s, which deploys to the same port", first.ID())
	w.until("the second waits", func() bool { return strings.Contains(w.events.lines(second.ID(), "run"), waits) })
	third := w.start(w.runs(page("three", other), Probe{}))
	waits = fmt.Sprintf("waiting for pipeline %s, which deploys to the same site", first.ID())
	w.until("the third waits", func() bool { return strings.Contains(w.events.lines(third.ID(), "run"), waits) })
	if took := w.cancels(third, "waiting"); took > busy*returning {
		t.Errorf("the end took %s", took)
	}
	elsewhere := w.runs(page("elsewhere", sitePort(t)), Probe{})
	elsewhere.Site = w.repo.URL + "/elsewhere"
	w.completes(elsewhere) // which waits for nobody
	if all := w.mine(); len(all) != 2 {
		t.Errorf("%q", all)
	}
	w.cancels(first, "asleep")
	w.completed(second)
	w.shows(port, "two")
	w.removeSite(elsewhere.Site)
	if all := w.mine(); len(all) != 1 {
		t.Errorf("%q", all)
	}
	w.noMarks()
}
