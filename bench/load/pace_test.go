//go:build linux

package main

import (
	"testing"
	"time"
)

const ms = time.Millisecond

func TestABatchHeldUpCountsFromWhenItWasDue(t *testing.T) {
	b := new(bench)
	pace := &steady{interval: 20 * ms}
	for _, step := range []struct {
		what                 string
		now, freeAt          time.Duration
		wantAt, wantMoreWait time.Duration
	}{
		{"the first goes at once", 5 * ms, 0, 5 * ms, 0},
		{"the second waits", 10 * ms, 9 * ms, 0, 15 * ms},
		{"a late timer is not the server's fault", 26 * ms, 9 * ms, 26 * ms, 0},
		{"an answer that came late is", 70 * ms, 70 * ms, 45 * ms, 0},
		{"and holds up the next too", 70 * ms, 70 * ms, 65 * ms, 0},
		{"until it has caught up", 70 * ms, 70 * ms, 0, 15 * ms},
	} {
		b.freeAt = step.freeAt
		at, wait := pace.next(b, step.now)
		if at != step.wantAt || wait != step.wantMoreWait {
			t.Errorf("%s: at %v, wait %v, want %v, %v", step.what, at, wait, step.wantAt, step.wantMoreWait)
		}
	}
}

func TestFlatOutNeverRunsAWindowAheadOfTheSlowest(t *testing.T) {
	b := &bench{tally: tally{last: []uint32{100, 90, gone}}}
	b.stamps = make([]int, 10)
	for sent, want := range map[uint32]bool{90: true, 100: true, 120: true, 121: false, 500: false} {
		b.sent = sent
		if _, wait := (flatOut{window: 40}).next(b, 0); (wait == 0) != want {
			t.Errorf("%d sent: sends %v, want %v", sent, wait == 0, want)
		}
	}
}

func TestSettlingCountsWhatEachReaderIsOwedOnce(t *testing.T) {
	tally := tally{last: []uint32{10, 7, gone}, closedAt: []uint32{4}}
	for range 2 {
		tally.settle(10)
	}
	if tally.lost != 3+6 {
		t.Errorf("%d lost, want 9", tally.lost)
	}
}
