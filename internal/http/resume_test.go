package http

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/url"
	"sync"
	"testing"
	"time"

	"hub/internal/broker"
)

// account checks a reader's own books: delivered + gaps = published, in order,
// nothing twice.
type account struct {
	delivered, missed uint64
	last              uint64            // n of the newest that was delivered or given up
	cursor            map[string]string // how to come back
	ended             bool
}

func (a *account) take(e event) error {
	switch {
	case e.Type == "gap":
		if e.Data.Count == nil {
			return fmt.Errorf("a gap that is not counted: %s", e.raw)
		}
		a.missed += *e.Data.Count
		a.last += *e.Data.Count
	case e.N != a.last+1:
		return fmt.Errorf("after number %d came %s", a.last, e.raw)
	default:
		a.last = e.N
		a.delivered++
	}
	a.ended = e.Type == "end"
	if e.ID != "" {
		a.cursor = map[string]string{"since": e.ID}
	}
	return nil
}

// read takes events from a feed that is cut at a random moment, if it is.
func (a *account) read(f *feed, most int) error {
	for range most {
		e, err := f.event()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if e.own() {
			continue
		}
		if err := a.take(e); err != nil {
			return err
		}
		if a.ended {
			return nil
		}
	}
	return nil
}

// follow reads a topic to its end, each time on another transport.
func (a *account) follow(h *testHub, random *rand.Rand, topic string) error {
	a.cursor = map[string]string{"since": "all"}
	for !a.ended {
		query := url.Values{"topic": {topic}}
		for name, value := range a.cursor {
			query.Set(name, value)
		}
		f, err := h.tryOpen(transports[random.IntN(len(transports))], query)
		if err != nil {
			return err
		}
		kill := time.AfterFunc(time.Duration(random.IntN(200))*time.Millisecond, f.close)
		err = a.read(f, 1+random.IntN(3000))
		cut := !kill.Stop()
		f.close()
		if err != nil && !cut {
			return err
		}
	}
	return nil
}

func resume(t *testing.T, kept, events int, pause time.Duration) (missed uint64) {
	h := startHub(t, Options{}, broker.Options{Default: broker.Policy{MaxEvents: kept}})
	var group sync.WaitGroup
	accounts := make([]account, 8)
	for i := range accounts {
		group.Go(func() {
			random := rand.New(rand.NewPCG(uint64(kept), uint64(i)))
			if err := accounts[i].follow(h, random, "ci/1"); err != nil {
				t.Errorf("reader %d: %v", i, err)
			}
		})
	}
	random := rand.New(rand.NewPCG(1, 2))
	for i := 1; i <= events; i++ {
		h.publish("ci/1", "line", fmt.Sprintf(`{"line":"%d"}`, i))
		if random.IntN(200) == 0 {
			time.Sleep(time.Duration(random.Int64N(int64(pause))))
		}
		h.publish("other", "line", `{"line":"between"}`)
	}
	h.publish("ci/1", "end", `{"status":"completed"}`)
	group.Wait()
	for i, a := range accounts {
		if a.delivered+a.missed != uint64(events)+1 {
			t.Errorf("reader %d: %d delivered and %d missed of %d", i, a.delivered, a.missed, events+1)
		}
		missed += a.missed
	}
	return missed
}

func TestReadersKilledAtRandomThatComeBackOnAnotherTransportHaveEachLineOnce(t *testing.T) {
	if missed := resume(t, 100_000, 6_000, 20*time.Millisecond); missed != 0 {
		t.Errorf("%d lines were missed though all are kept", missed)
	}
}

func TestReadersOfAShortHistoryLearnExactlyWhatTheyMissed(t *testing.T) {
	if missed := resume(t, 300, 10_000, 5*time.Millisecond); missed == 0 {
		t.Error("nothing was missed, so nothing was tested")
	}
}
