package follow

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"hub/internal/broker"
	"hub/internal/docker/dockertest"
)

// bounded is a hub whose topics are filled with so few messages, and keep so few
// events.
func bounded(t *testing.T, filled, events int) *hub {
	t.Helper()
	return boundedInBytes(t, filled, events, 0)
}

// boundedInBytes is one whose topics also keep so few bytes, where that is not 0.
func boundedInBytes(t *testing.T, filled, events int, bytes int64) *hub {
	t.Helper()
	h := start(t, dockertest.Engine(t))
	h.broker.Close() // the one that start made
	h.broker = broker.New(broker.Options{Default: broker.Policy{MaxEvents: events, MaxBytes: bytes}})
	h.follower = New(Options{Broker: h.broker, Engine: h.follower.engine, History: filled, HistoryBytes: bytes, Log: slog.New(slog.DiscardHandler)})
	h.broker.AddSource("containers/*/logs", h.follower.Logs)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = h.follower.Run(ctx)
	}()
	t.Cleanup(func() {
		h.broker.Close()
		cancel()
		<-done
	})
	return h
}

func TestABurstWaitsForAReaderThatIsSlow(t *testing.T) {
	h := bounded(t, 1000, 1000)
	name, topic := name()
	r := h.read(broker.All, topic)
	stuck := h.read(broker.All, topic) // one that reads nothing is waited for by nobody
	h.run(name, "seq 20000")
	batch := make([]broker.Event, 0, 50)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for next := 1; next <= 20000; {
		var err error
		if batch, err = r.sub.Receive(ctx, batch[:0]); err != nil {
			t.Fatalf("after line %d: %v", next-1, err)
		}
		for i := range batch {
			switch text := data(&batch[i]); {
			case batch[i].Kind == "gap":
				t.Fatalf("after line %d: %s", next-1, batch[i].JSON())
			case text == fmt.Sprint(next):
				next++
			case batch[i].Kind == "line":
				t.Fatalf("%s came where %d was due", text, next)
			}
		}
		time.Sleep(time.Millisecond) // what makes it slow
	}
	stuck.untilSaid(`"20000"`)
	if stuck.events[0].Kind != "gap" && stuck.events[1].Kind != "gap" {
		t.Errorf("the one that read nothing was waited for: %s", stuck)
	}
}

func TestABurstOfLongLinesWaitsToo(t *testing.T) {
	h := boundedInBytes(t, 100_000, 100_000, 8<<20)
	name, topic := name()
	r := h.read(broker.All, topic)
	const each, lines = 14_000, 1500
	h.run(name, fmt.Sprintf("yes $(head -c %d /dev/zero | tr '\\0' x) | head -n %d", each, lines))
	batch := make([]broker.Event, 0, 5)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for got := 0; got < lines; {
		var err error
		if batch, err = r.sub.Receive(ctx, batch[:0]); err != nil {
			t.Fatalf("after line %d: %v", got, err)
		}
		for i := range batch {
			switch batch[i].Kind {
			case "gap":
				t.Fatalf("after line %d: %s", got, batch[i].JSON())
			case "line":
				got++
			}
		}
		time.Sleep(5 * time.Millisecond) // what makes it slow
	}
}

func TestAReaderThatTakesNothingHoldsNobodyUpForLong(t *testing.T) {
	h := bounded(t, 1000, 1000)
	name, topic := name()
	r := h.read(broker.All, topic)
	id := h.run(name, "seq 20000")
	h.ends(id)
	began := time.Now()
	await(t, "the topic has it all", func() bool {
		infos := h.broker.Topics(topic)
		return len(infos) == 1 && infos[0].Last >= 20_002
	})
	if took := time.Since(began); took > 10*time.Second { // one pause, not one for each batch
		t.Errorf("it took %v", took)
	}
	r.untilSaid("stopped")
}

// What was written while nobody read is filled in for who comes back, at most
// what the topic keeps, and a gap says that there was more.
func TestWhoComesBackGetsWhatCameMeanwhile(t *testing.T) {
	h := bounded(t, 1000, 5000)
	name, topic := name()
	id := h.run(name, "mkfifo /in; while read n; do seq $n; done <> /in")
	write := func(n int) {
		h.t.Helper()
		h.exec(id, "sh", "-c", fmt.Sprint("echo ", n, " > /in"))
	}
	read := func(start broker.Start, last int) *reader {
		r := h.read(start, topic)
		r.untilSaid(fmt.Sprintf(`"line":"%d"`, last))
		r.sub.Close()
		return r
	}
	idle := func() {
		await(t, "nobody follows", func() bool {
			h.follower.logs.mu.Lock()
			defer h.follower.logs.mu.Unlock()
			return len(h.follower.logs.workers) == 0
		})
	}
	await(t, "the container reads", func() bool {
		r, err := h.api.ContainerTop(context.Background(), id, nil)
		return err == nil && len(r.Processes) == 1
	})
	write(3)
	read(broker.All, 3).want("1|2|3")
	idle()
	write(4)
	read(broker.All, 4).want("1|2|3|1|2|3|4")
	idle()
	write(5000)
	await(t, "the log has it", func() bool {
		_, text, err := h.follower.engine.LogText(context.Background(), id, 1)
		return err == nil && text == "5000\n"
	})
	r := read(broker.All, 5000)
	gaps, next := 0, 4001
	for i := range r.events {
		switch text := data(&r.events[i]); {
		case r.events[i].Kind == "gap" && strings.Contains(string(r.events[i].Data()), "upstream"):
			gaps++
		case gaps == 0:
		case text != fmt.Sprint(next):
			t.Fatalf("%s came where %d was due", text, next)
		default:
			next++
		}
	}
	if gaps != 1 || next != 5001 {
		t.Errorf("%d gaps, up to %d", gaps, next-1)
	}
}
