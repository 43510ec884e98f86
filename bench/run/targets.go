//go:build linux

package main

import (
	"fmt"
	"io"
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

// writeTargets prints how the hub compares with each other server and whether
// it is as good as it is meant to be.
func writeTargets(w io.Writer, rows []row) {
	first := true
	for _, r := range rows {
		if r.job.server != "hub" {
			continue
		}
		for _, other := range []string{"naive", "floor"} {
			share, ok := ratio(rows, r.job, other)
			if !ok {
				continue
			}
			if first {
				fmt.Fprint(w, "\nratios (below 1: the hub is better)\n")
				first = false
			}
			fmt.Fprintf(w, "  %-7s %-3s  %-15s  hub/%s = %.3f", r.job.name, r.job.transport, r.job.main.name, other, share)
			for _, t := range targets {
				if other == "naive" && r.job.name == t.name && r.job.transport == t.transport {
					fmt.Fprintf(w, "   target at most %.3f: %s", t.most, verdict(share <= t.most))
				}
			}
			fmt.Fprintln(w)
		}
	}
}

func verdict(met bool) string {
	if met {
		return "met"
	}
	return "MISSED"
}
