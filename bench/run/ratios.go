//go:build linux

package main

import (
	"fmt"
	"io"
	"slices"
)

// target is the most the hub may spend for a delivery, as a share of what the
// naive hub spends.
type target struct {
	name, transport string
	most            float64
}

var targets = []target{
	{"batch", "ws", 1.0 / 3},
	{"batch", "sse", 1.0 / 4},
}

// writeRatios prints how the hub compares with each other server by a case's
// main metric, and whether it is as good as it is meant to be.
func writeRatios(w io.Writer, rows []row) {
	title := "\nratios (below 1: the hub is better)\n"
	for _, hub := range rows {
		if hub.job.server != "hub" {
			continue
		}
		for _, name := range []string{"naive", "floor"} {
			other, found := find(rows, hub.job, name)
			main := hub.job.main
			if !found || other.median(main) <= 0 {
				continue
			}
			share := hub.median(main) / other.median(main)
			fmt.Fprintf(w, "%s  %-7s %-3s  %-15s  hub/%s = %.3f", title, hub.job.name, hub.job.transport, main.name, name, share)
			title = ""
			if name == "naive" {
				writeVerdict(w, hub.job, share)
			}
			if most := max(hub.median(foreign), other.median(foreign)); most > disturbed && hub.job.scenario != "idle" {
				fmt.Fprintf(w, "   (disturbed: others took up to %.0f %% of the server's CPU)", most*100)
			}
			fmt.Fprintln(w)
		}
	}
}

// find is the row of another server for the same case and transport.
func find(rows []row, of job, server string) (row, bool) {
	i := slices.IndexFunc(rows, func(r row) bool { return r.job.is(of.name, of.transport, server) })
	if i < 0 {
		return row{}, false
	}
	return rows[i], true
}

func writeVerdict(w io.Writer, j job, share float64) {
	for _, t := range targets {
		if j.name != t.name || j.transport != t.transport {
			continue
		}
		verdict := "MISSED"
		if share <= t.most {
			verdict = "met"
		}
		fmt.Fprintf(w, "   target at most %.3f: %s", t.most, verdict)
	}
}
