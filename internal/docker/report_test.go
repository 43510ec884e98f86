package docker

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// counted is a report of a number, as its current bytes.
func counted(to Publisher) (r *report, count func()) {
	var n int64
	r = newReport(to, func() Progress { return Progress{Percent: float64(n) / 100, Current: n, Total: 5000} })
	return r, func() { r.change(func() { n++ }) }
}

func TestProgressIsToldFourTimesASecondAndTheLastStateIsNotLost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var at []time.Duration
		begun := time.Now()
		h := &heard{each: func(string, string) { at = append(at, time.Since(begun)) }}
		r, count := counted(h)
		for range 1000 { // one second of it
			count()
			time.Sleep(time.Millisecond)
		}
		time.Sleep(10 * time.Second) // the engine says nothing for long
		synctest.Wait()
		if want := []time.Duration{0, 250e6, 500e6, 750e6, 1000e6}; !slices.Equal(at, want) {
			t.Errorf("told at %v, want %v", at, want)
		}
		if p := h.last(t); p.Current != 1000 {
			t.Errorf("the last state told is %+v", p)
		}
		r.end(false)
		if len(at) != 5 {
			t.Error("a state was told twice")
		}
	})
}

func TestProgressThatIsToldOutOfTurnPutsTheNextOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var at []time.Duration
		begun := time.Now()
		r, count := counted(&heard{each: func(string, string) { at = append(at, time.Since(begun)) }})
		count()
		time.Sleep(100 * time.Millisecond)
		count()
		r.flush()
		count()
		time.Sleep(time.Second)
		synctest.Wait()
		if want := []time.Duration{0, 100e6, 350e6}; !slices.Equal(at, want) {
			t.Errorf("told at %v, want %v", at, want)
		}
		r.end(false)
	})
}

func TestTheEndTellsWhatIsUntoldAndOnlySuccessIsAHundred(t *testing.T) {
	for success, want := range map[bool]Progress{
		true:  {Percent: 100, Current: 5000, Total: 5000},
		false: {Percent: 0, Current: 2, Total: 5000}, // 0.02 in steps of a tenth
	} {
		synctest.Test(t, func(t *testing.T) {
			h := &heard{}
			r, count := counted(h)
			count()
			count()
			r.line("half")
			r.end(success)
			r.end(!success)
			count()
			r.line("too late")
			time.Sleep(time.Minute)
			if p := h.last(t); p.Percent != want.Percent || p.Current != want.Current || p.Total != want.Total {
				t.Errorf("%+v, want %+v", p, want)
			}
			if len(h.progress(t)) != 2 || !slices.Equal(h.lines(t), []string{"half"}) {
				t.Errorf("%v", h.events)
			}
		})
	}
}

func TestLinesAreSaidAtOnceAndLongOnesInParts(t *testing.T) {
	h := &heard{}
	r, _ := counted(h)
	r.line("one\ntwo")
	if got := h.lines(t); !slices.Equal(got, []string{"one", "two"}) {
		t.Errorf("%q", got)
	}
	long := strings.Repeat("x", 200<<10)
	r.line(long)
	r.end(true)
	if got := strings.Join(h.lines(t)[2:], ""); got != long {
		t.Errorf("%d of %d bytes", len(got), len(long))
	}
	for _, e := range h.events {
		if len(e.data) > 60<<10 || !json.Valid([]byte(e.data)) {
			t.Errorf("an event of %d bytes", len(e.data))
		}
	}
}

func TestAPublisherThatPanicsInTheBackgroundEndsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		calls := 0
		h := &heard{each: func(string, string) {
			if calls++; calls > 1 {
				panic("of the publisher")
			}
		}}
		_, count := counted(h)
		count()
		count()
		time.Sleep(time.Second)
		synctest.Wait()
		if calls != 2 {
			t.Errorf("%d calls", calls)
		}
	})
}

func TestNobodyNeedsToListen(t *testing.T) {
	r, count := counted(nil)
	count()
	r.line("x")
	r.end(true)
}
