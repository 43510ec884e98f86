//go:build linux

package main

import (
	"errors"
	"os"
	"time"

	"hub/bench/internal/proc"
	"hub/bench/internal/result"
)

// cost is one reading of what the processes have used so far.
type cost struct {
	at             time.Duration
	server, client time.Duration // CPU time
	busy           time.Duration // of the server's CPU, whoever used it
	memory         proc.Memory   // of the server
}

func (b *bench) cost(o options) (c cost, err error) {
	var errs [4]error
	if o.pid != 0 {
		c.memory, errs[0] = proc.MemoryOf(o.pid)
		c.server, errs[1] = proc.CPU(o.pid)
		c.busy, errs[2] = proc.Busy(o.cpu)
	}
	c.client, errs[3] = proc.CPU(os.Getpid())
	c.at = b.now()
	return c, errors.Join(errs[:]...)
}

// spent fills in what was used from one reading to the other.
func spent(r *result.Result, from, to cost) {
	seconds := (to.at - from.at).Seconds()
	server := (to.server - from.server).Seconds()
	r.ServerBusy = server / seconds
	r.ForeignBusy = max((to.busy-from.busy).Seconds()-server, 0) / seconds
	r.ClientBusy = (to.client - from.client).Seconds() / seconds
	r.RSSGrowth = to.memory.RSS - from.memory.RSS
	if r.Deliveries > 0 {
		r.CPUPerDelivery = server * 1e6 / float64(r.Deliveries)
	}
}

// counted fills in what the readers saw since the given time.
func counted(r *result.Result, t tally, from time.Duration) {
	r.Deliveries, r.Lost, r.Disordered = t.deliveries, t.lost, t.disordered
	r.Closed, r.Reason = t.closedReaders, t.reason
	if t.deliveries == 0 {
		return
	}
	n := float64(t.deliveries)
	r.Seconds = (t.lastAt - from).Seconds()
	r.PerSecond = n / r.Seconds
	r.WirePerDelivery = float64(t.bytes) / n
	r.EventsPerRead = n / float64(t.reads)
	micros := func(d time.Duration) float64 { return float64(d) / float64(time.Microsecond) }
	r.P50, r.P99 = micros(t.latency.Quantile(0.5)), micros(t.latency.Quantile(0.99))
	r.P999, r.Max = micros(t.latency.Quantile(0.999)), micros(t.latency.Max())
}
