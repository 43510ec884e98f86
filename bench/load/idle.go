//go:build linux

package main

import (
	"time"

	"hub/bench/internal/result"
)

// settling is how long a server gets to calm down before its memory is read.
const settling = 500 * time.Millisecond

// idle opens readers and leaves them alone.
func idle(o options) (r result.Result, err error) {
	b, err := newBench(o.target)
	if err != nil {
		return r, err
	}
	defer b.close()
	empty, err := b.cost(o)
	if err != nil {
		return r, err
	}
	if err := b.connect(o.readers, 0, "", o.connect); err != nil {
		return r, err
	}
	if _, err := b.until(settling, never); err != nil {
		return r, err
	}
	connected, err := b.cost(o)
	if err != nil {
		return r, err
	}
	if _, err := b.until(o.measure, never); err != nil {
		return r, err
	}
	held, err := b.cost(o)
	if err != nil {
		return r, err
	}
	r = o.result()
	counted(&r, b.cut(), connected.at)
	r.Seconds = (held.at - connected.at).Seconds()
	spent(&r, connected, held)
	r.IdleCPU = r.ServerBusy
	r.RSSPerConnection = float64(held.memory.RSS-empty.memory.RSS) / float64(o.readers)
	r.PSSPerConnection = float64(held.memory.PSS-empty.memory.PSS) / float64(o.readers)
	return r, nil
}
