package system

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"
)

// MaxTop is the most processes that Top lists.
const MaxTop = 1000

// sampleFresh is how long a sample serves calls.
const sampleFresh = time.Second

// Sort says which processes come first.
type Sort string

// The orders that Top knows.
const (
	ByCPU    Sort = "cpu"
	ByMemory Sort = "memory"
)

// Process is one process, in the shape of an entry of GET /system/top.
type Process struct {
	PID           int32    `json:"pid"`
	Name          string   `json:"name"`
	Username      string   `json:"username"`       // the user's number where it has no name
	CPUPercent    float64  `json:"cpu_percent"`    // of one processor, so above 100 on several
	MemoryPercent float64  `json:"memory_percent"` // of the machine's memory
	RSS           uint64   `json:"rss"`            // resident memory, bytes
	Cmdline       []string `json:"cmdline"`        // empty, never nil, for a kernel thread
}

// ArgumentError is an argument that Top does not take.
type ArgumentError struct {
	Name   string // "sort" or "limit"
	Detail string // what it may be, and what it was
}

func (e *ArgumentError) Error() string { return e.Name + " " + e.Detail }

// Top lists the limit processes that come first in the order given, the highest first. It takes about
// 200 ms, or no time where a sample under a second old is at hand. limit is from 1 to MaxTop; else,
// and for an unknown order, the error is an *ArgumentError. It is ctx's where ctx ends first.
func (m *Monitor) Top(ctx context.Context, sort Sort, limit int) ([]Process, error) {
	if sort != ByCPU && sort != ByMemory {
		return nil, &ArgumentError{"sort", fmt.Sprintf("must be cpu or memory, not %q", string(sort))}
	}
	if limit < 1 || limit > MaxTop {
		return nil, &ArgumentError{"limit", fmt.Sprintf("must be from 1 to %d, not %d", MaxTop, limit)}
	}
	s, err := m.currentSample(ctx)
	if err != nil {
		return nil, err
	}
	return s.top(sort, limit), nil
}

// currentSample is a fresh sample: the one at hand, the one being taken, or a new one. Taking one goes
// on when ctx ends, since other calls may wait for it.
func (m *Monitor) currentSample(ctx context.Context) (*sample, error) {
	result := m.samples.DoChan("", func() (any, error) {
		if s := m.sample.Load(); s != nil && time.Since(s.taken) < sampleFresh {
			return s, nil
		}
		// A panic that reached singleflight would end the process: it lets nobody recover it.
		s, err := guarded(m.takeSample)
		if err == nil {
			m.sample.Store(s)
		}
		return s, err
	})
	select {
	case r := <-result:
		if r.Err != nil {
			return nil, r.Err
		}
		return r.Val.(*sample), nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// top lists the first processes that are still there to be described.
func (s *sample) top(sort Sort, limit int) []Process {
	order := s.byCPU
	if sort == ByMemory {
		order = s.byMemory
	}
	out := make([]Process, 0, min(limit, len(s.processes)))
	for _, e := range order() {
		if len(out) == limit {
			break
		}
		if p, ok := e.describe(); ok {
			out = append(out, p)
		}
	}
	return out
}

// ordered is a copy of entries, the highest first, equals by their number.
func ordered(entries []*entry, by func(*entry) float64) []*entry {
	entries = slices.Clone(entries)
	slices.SortFunc(entries, func(a, b *entry) int {
		return cmp.Or(cmp.Compare(by(b), by(a)), cmp.Compare(a.pid, b.pid))
	})
	return entries
}
