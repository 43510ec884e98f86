//go:build linux

package main

import (
	"fmt"

	"hub/bench/internal/result"
)

// metric is a column of the table.
type metric struct {
	name string
	of   func(result.Result) float64
	text func(float64) string
}

var (
	cpuPerDelivery = metric{"CPU µs/delivery", func(r result.Result) float64 { return r.CPUPerDelivery }, digits}
	perSecond      = metric{"deliveries/s", func(r result.Result) float64 { return r.PerSecond }, whole}
	p50            = metric{"p50 ms", func(r result.Result) float64 { return r.P50 / 1e3 }, digits}
	p99            = metric{"p99 ms", func(r result.Result) float64 { return r.P99 / 1e3 }, digits}
	p999           = metric{"p99.9 ms", func(r result.Result) float64 { return r.P999 / 1e3 }, digits}
	lost           = metric{"lost", func(r result.Result) float64 { return float64(r.Lost) }, whole}
	disordered     = metric{"disordered", func(r result.Result) float64 { return float64(r.Disordered) }, whole}
	perRead        = metric{"events/read", func(r result.Result) float64 { return r.EventsPerRead }, digits}
	server         = metric{"server busy", func(r result.Result) float64 { return r.ServerBusy }, percent}
	foreign        = metric{"others", func(r result.Result) float64 { return r.ForeignBusy }, percent}
	client         = metric{"load busy", func(r result.Result) float64 { return r.ClientBusy }, percent}
	memory         = metric{"PSS KiB/conn", func(r result.Result) float64 { return r.PSSPerConnection / 1024 }, digits}
	rss            = metric{"RSS KiB/conn", func(r result.Result) float64 { return r.RSSPerConnection / 1024 }, digits}
	idleCPU        = metric{"idle CPU", func(r result.Result) float64 { return r.IdleCPU }, percent}
	growth         = metric{"RSS growth MiB", func(r result.Result) float64 { return float64(r.RSSGrowth) / (1 << 20) }, digits}
	cutOff         = metric{"stalled closed", func(r result.Result) float64 { return float64(r.StalledClosed) }, whole}
	caughtUp       = metric{"caught up ms", func(r result.Result) float64 { return r.CaughtUp }, digits}
)

// columns are what the table shows of each scenario.
var columns = map[string][]metric{
	"fanout":  {cpuPerDelivery, perSecond, p50, p99, p999, lost, disordered, perRead, server, foreign, client},
	"stalled": {cpuPerDelivery, p50, p99, p999, lost, disordered, growth, cutOff, server, foreign},
	"idle":    {memory, rss, idleCPU, foreign},
	"replay":  {caughtUp, perSecond, lost, disordered, foreign},
}

func whole(v float64) string   { return fmt.Sprintf("%.0f", v) }
func percent(v float64) string { return fmt.Sprintf("%.1f %%", v*100) }
func digits(v float64) string {
	switch {
	case v >= 100:
		return fmt.Sprintf("%.0f", v)
	case v >= 1:
		return fmt.Sprintf("%.2f", v)
	}
	return fmt.Sprintf("%.3f", v)
}
