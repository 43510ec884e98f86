//go:build linux

package main

import (
	"errors"
	"flag"
	"fmt"
	"time"

	"hub/bench/internal/result"
	"hub/bench/internal/stamp"
)

type options struct {
	target  target
	pid     int // of the server; 0: its costs are not measured
	cpu     int // the server is pinned to
	readers int
	stalled int
	history int
	batch   int
	size    int
	window  int
	rate    float64
	warmup  time.Duration
	measure time.Duration
	connect time.Duration
}

// register declares the flags of a scenario.
func (o *options) register(flags *flag.FlagSet, scenario string) {
	readers := 1000
	if scenario == "replay" {
		readers = 1
	}
	flags.StringVar(&o.target.server, "server", "hub", "what is at the address: hub, naive or floor")
	flags.StringVar(&o.target.addr, "addr", "127.0.0.1:8002", "`host:port` of the server")
	flags.StringVar(&o.target.transport, "transport", "ws", "ws or sse")
	flags.StringVar(&o.target.topic, "topic", "bench/1", "topic, when the server is the hub")
	flags.IntVar(&o.pid, "pid", 0, "process id of the server, to measure what it spends")
	flags.IntVar(&o.cpu, "cpu", 0, "`CPU` the server is pinned to, to see who else uses it")
	flags.IntVar(&o.readers, "readers", readers, "readers")
	flags.DurationVar(&o.connect, "connect", 30*time.Second, "`time` in which all readers must be connected")
	flags.DurationVar(&o.measure, "for", 5*time.Second, "measured `time`; replay: the longest wait")
	if scenario == "idle" {
		return
	}
	flags.IntVar(&o.batch, "batch", 1, "events in one POST")
	flags.IntVar(&o.size, "size", 256, "`bytes` of payload in one event")
	if scenario == "replay" {
		flags.IntVar(&o.history, "history", 10_000, "events published before the readers come")
		return
	}
	flags.IntVar(&o.window, "window", 192, "flat out: `events` the slowest reader may be behind")
	flags.Float64Var(&o.rate, "rate", 0, "`events` a second; 0 is flat out")
	flags.DurationVar(&o.warmup, "warmup", time.Second, "publish for this `time` before measuring")
	if scenario == "stalled" {
		flags.IntVar(&o.stalled, "stalled", 50, "readers that never read, beside -readers")
	}
}

// check refuses what cannot be measured.
func (o *options) check() error {
	publishes := o.window > 0 || o.history > 0
	switch {
	case o.readers < 1 || o.stalled < 0:
		return fmt.Errorf("-readers %d -stalled %d: at least 1 and 0", o.readers, o.stalled)
	case o.window < 0 || o.history < 0:
		return fmt.Errorf("-window %d -history %d: not less than nothing", o.window, o.history)
	case o.measure <= 0 || o.warmup < 0:
		return errors.New("-for and -warmup are times that pass")
	case publishes && o.size < stamp.Len:
		return fmt.Errorf("-size %d: a payload holds a stamp of %d bytes", o.size, stamp.Len)
	case publishes && o.batch < 1 || o.rate < 0:
		return fmt.Errorf("-batch %d -rate %g: at least 1 and 0", o.batch, o.rate)
	case o.window != 0 && o.rate == 0 && o.window < o.batch:
		return fmt.Errorf("-window %d: less than a batch of %d", o.window, o.batch)
	}
	return o.target.check()
}

// result is a Result with what was asked for.
func (o *options) result() result.Result {
	r := result.Result{
		Server: o.target.server, Transport: o.target.transport,
		Readers: o.readers, Stalled: o.stalled, Batch: o.batch, Size: o.size, Rate: o.rate,
	}
	if o.rate == 0 {
		r.Window = o.window
	}
	return r
}
