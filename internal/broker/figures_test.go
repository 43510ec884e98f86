package broker

import (
	"fmt"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestFiguresTellWhatIsKeptAndHowFarEachReaderIsBehind(t *testing.T) {
	b := New(Options{
		Default: Policy{MaxEvents: 5},
		Rules:   []Rule{{"latest", Policy{Latest: true, Start: Tail(1)}}},
	})
	slow := subscribe(t, b, All, "a", "b")
	fast := subscribe(t, b, All, "a")
	newest := subscribe(t, b, Start{}, "latest")
	subscribe(t, b, All, "nothing")
	open(t, b, Request{Topics: []string{"a"}, Start: All, Once: true})
	publish(t, b, "a", 7) // two of them go again
	publish(t, b, "b", 3)
	publish(t, b, "latest", 9)

	f := b.Figures()
	var bytes int64
	for _, i := range b.Topics("**") {
		bytes += i.Bytes
	}
	want := Figures{
		Topics: 3, Events: 5 + 3 + 9, Bytes: bytes, MaxBytes: 512 << 20, Readers: 5,
		Behind: 3, Lag: 10, TotalLag: 10 + 7 + 1,
		Slowest: []Reader{{[]string{"a", "b"}, 10}, {[]string{"a"}, 7}, {[]string{"latest"}, 1}},
	}
	if diff := cmp.Diff(want, f); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}

	next(t, slow)
	next(t, fast)
	next(t, newest)
	if f := b.Figures(); f.Behind != 0 || f.Lag != 0 || f.TotalLag != 0 || f.Slowest != nil || f.Readers != 5 {
		t.Errorf("all have read all: %+v", f)
	}
	slow.Close()
	b.Forget("a")
	if f := b.Figures(); f.Readers != 4 || f.Topics != 2 || f.Events != 3+9 {
		t.Errorf("without a reader and a topic: %+v", f)
	}
}

func TestFiguresNameTheTenSlowestReaders(t *testing.T) {
	b := New(Options{})
	var want []Reader
	for i := range 25 {
		topic := fmt.Sprint("t", i)
		subscribe(t, b, All, topic)
		publish(t, b, topic, 1+i*7%25)
	}
	for lag := uint64(25); lag > 15; lag-- {
		for i := range 25 {
			if uint64(1+i*7%25) == lag {
				want = append(want, Reader{[]string{fmt.Sprint("t", i)}, lag})
			}
		}
	}
	if diff := cmp.Diff(want, b.Figures().Slowest); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestTheLagOfAReaderOfVeryManyTopicsIsABound(t *testing.T) {
	b := New(Options{})
	subscribe(t, b, Now, "t/*")
	for i := range patience + 1 {
		publish(t, b, fmt.Sprint("t/", i), 1)
	}
	publish(t, b, "other", 5) // which it does not read, and passes
	if f := b.Figures(); f.Lag != patience+6 || f.Behind != 1 {
		t.Errorf("it has taken nothing: %+v", f)
	}
}

func TestFiguresAreAskedForWhileEverybodyIsBusy(t *testing.T) {
	b := New(Options{Default: Policy{MaxEvents: 50}})
	var busy sync.WaitGroup
	for i := range 4 {
		busy.Go(func() {
			for n := range 300 {
				topic := fmt.Sprint("t/", (i+n)%7)
				if _, err := b.Publish(topic, "line", []byte(`{}`)); err != nil {
					t.Error(err)
				}
				if n%50 == 0 {
					b.Forget(topic)
				}
			}
		})
		busy.Go(func() {
			for n := range 100 {
				s, err := b.Subscribe(Request{Topics: []string{[]string{"t/*", "t/3"}[n%2]}, Start: All})
				if err != nil {
					t.Error(err)
					return
				}
				s.Next(make([]Event, 0, 10), 1<<20)
				s.Close()
			}
		})
	}
	for range 200 {
		if f := b.Figures(); f.Events < 0 || f.Bytes < 0 || f.Behind > 0 && f.Lag == 0 || f.Lag > f.TotalLag {
			t.Fatalf("%+v", f)
		}
	}
	busy.Wait()
	if f := b.Figures(); f.Readers != 0 || f.Events != keptEvents(b) {
		t.Errorf("%+v, and %d events are kept", f, keptEvents(b))
	}
}

func keptEvents(b *Broker) (n int) {
	for _, i := range b.Topics("**") {
		n += i.Events
	}
	return n
}

// The cost of a look at 10,000 readers, who wait or who are all behind.
func BenchmarkFigures(b *testing.B) {
	for name, behind := range map[string]bool{"waiting": false, "behind": true} {
		b.Run(name, func(b *testing.B) {
			hub := New(Options{})
			publish(b, hub, "a", 10)
			for range 10_000 {
				s := subscribe(b, hub, All, "a")
				if !behind {
					next10(s)
				}
			}
			b.ReportAllocs()
			for b.Loop() {
				hub.Figures()
			}
		})
	}
}

func next10(s *Subscription) {
	s.Next(make([]Event, 0, 20), 1<<20)
	s.Next(make([]Event, 0, 20), 1<<20)
}
