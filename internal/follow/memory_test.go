package follow

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// engineLog is a log as an engine has it: marks in the order in which it hands
// them out, from a time on.
type engineLog []mark

func (l engineLog) since(at int64) (from engineLog) {
	for _, k := range l {
		if k.at >= at {
			from = append(from, k)
		}
	}
	return from
}

// take reads from the log until after so many messages, and returns what was new
// and whether there was a tear.
func take(m *memory, l engineLog, most int) (fresh []mark, torn bool) {
	at := int64(0)
	if !m.empty() {
		at = m.since().UnixNano()
	}
	m.rewind()
	for _, k := range l.since(at) {
		if most--; most < 0 {
			break
		}
		if m.seen(k) {
			continue
		}
		torn = m.torn(k.at) || torn
		m.add(k)
		fresh = append(fresh, k)
	}
	return fresh, torn
}

// A log of two streams, whose times are slightly out of order and often the same,
// read with any interruptions: each message comes once.
func TestEachMessageComesOnceHoweverOftenReadingIsInterrupted(t *testing.T) {
	for round := range 200 {
		r := rand.New(rand.NewPCG(1, uint64(round)))
		var log engineLog
		for i, shared := 0, 1+r.IntN(3); i < 5000; i++ {
			log = append(log, mark{at: 1000 + int64(i/shared+r.IntN(4)), sum: uint64(r.IntN(3))})
		}
		var m memory
		var got []mark
		for range len(log) {
			if len(got) >= len(log) {
				break
			}
			// More than it remembers comes between two interruptions, or only a few do.
			fresh, torn := take(&m, log, []int{700, 3000}[r.IntN(2)]+r.IntN(1000))
			if torn {
				t.Fatal("a tear, though the engine has it all")
			}
			got = append(got, fresh...)
		}
		if extra, _ := take(&m, log, len(log)); len(extra) > 0 {
			t.Fatalf("%d came again", len(extra))
		}
		if !slices.Equal(got, log) {
			t.Fatal("not all, or not in order")
		}
	}
}

func TestATearIsSeenWhenTheLastMessageDoesNotComeAgain(t *testing.T) {
	var log engineLog
	for i := range 10_000 {
		log = append(log, mark{at: int64(i), sum: uint64(i)})
	}
	for read := range []int{1, 10, 2000} {
		for _, rotated := range []int{0, read / 2, read, read + 1, read + 5000} {
			var m memory
			take(&m, log[:read+1], read+1)
			fresh, torn := take(&m, log[rotated:], len(log))
			if want := rotated > read; torn != want {
				t.Errorf("%d read, %d rotated away: torn is %v", read+1, rotated, torn)
			}
			if len(fresh) != len(log)-max(read+1, rotated) {
				t.Errorf("%d read, %d rotated away: %d are new", read+1, rotated, len(fresh))
			}
			if again, torn := take(&m, log, len(log)); torn || len(again) != 0 {
				t.Errorf("afterwards %d came again, torn is %v", len(again), torn)
			}
		}
	}
}
