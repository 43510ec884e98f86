//go:build linux

package main

import (
	"math"
	"time"

	"hub/bench/internal/latency"
	"hub/bench/internal/stamp"
)

// gone is the position of a reader that is not waited for: closed or stalled.
const gone = math.MaxUint32

// tally is where each reader is, and what they saw since the last cut.
type tally struct {
	last []uint32 // number of the last event each reader saw

	latency    latency.Histogram
	deliveries int64
	lost       int64
	disordered int64
	bytes      int64
	reads      int64
	lastAt     time.Duration // of the last delivery

	closedReaders int    // over the whole run, as is what follows
	reason        string // why the first of them was closed
	closedAt      []uint32
}

// note counts one delivery.
func (b *bench) note(i int, s stamp.Stamp, now time.Duration) {
	if s.Run != b.run {
		return
	}
	t := &b.tally
	last := t.last[i]
	switch {
	case last == gone:
		return
	case s.Seq <= last:
		t.disordered++
		return
	}
	t.lost += int64(s.Seq - last - 1)
	t.last[i] = s.Seq
	t.deliveries++
	t.lastAt = now
	t.latency.Add(now - time.Duration(s.At))
}

// closed takes a reader out. What it will not see is added by settle.
func (b *bench) closed(i int, why error) {
	t := &b.tally
	if t.last[i] != gone {
		t.closedAt = append(t.closedAt, t.last[i])
	}
	t.last[i] = gone
	t.closedReaders++
	if t.reason == "" {
		t.reason = why.Error()
	}
	closeSocket(&b.readers[i].fd)
}

// slowest is the lowest position of all readers, at most published.
func (t *tally) slowest(published uint32) uint32 {
	lowest := published
	for _, last := range t.last {
		lowest = min(lowest, last)
	}
	return lowest
}

// settle counts as lost what the readers are still owed and takes it for seen.
func (t *tally) settle(published uint32) {
	for _, positions := range [][]uint32{t.last, t.closedAt} {
		for i, last := range positions {
			if last < published {
				t.lost += int64(published - last)
				positions[i] = published
			}
		}
	}
}

// cut returns what was counted and starts again, keeping the positions.
func (t *tally) cut() tally {
	was := *t
	*t = tally{last: was.last, closedReaders: was.closedReaders, reason: was.reason, closedAt: was.closedAt}
	return was
}
