//go:build linux

package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"text/tabwriter"

	"hub/bench/internal/result"
)

// measured is a job and what it found.
type measured struct {
	job    job
	result result.Result
}

// row is the rounds of one server in one case over one transport.
type row struct {
	job    job // of any round
	rounds []result.Result
}

// median is the middle of the rounds, or the mean of the two middle ones.
func (r row) median(m metric) float64 {
	var values []float64
	for _, one := range r.rounds {
		values = append(values, m.of(one))
	}
	slices.Sort(values)
	middle := len(values) / 2
	if len(values)%2 == 1 {
		return values[middle]
	}
	return (values[middle-1] + values[middle]) / 2
}

// group puts the rounds of the same thing together, in the order of the plan.
func group(all []measured) (rows []row) {
	for _, one := range all {
		i := slices.IndexFunc(rows, func(r row) bool { return r.job.is(one.job.name, one.job.transport, one.job.server) })
		if i < 0 {
			i, rows = len(rows), append(rows, row{job: one.job})
		}
		rows[i].rounds = append(rows[i].rounds, one.result)
	}
	return rows
}

func (j job) is(name, transport, server string) bool {
	return j.name == name && j.transport == transport && j.server == server
}

func writeTable(w io.Writer, rows []row) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	previous := ""
	for _, r := range rows {
		shown := columns[r.job.scenario]
		if title := fmt.Sprintf(r.job.title, r.job.readers); title != previous {
			table.Flush()
			fmt.Fprintf(w, "\n%s: %s (medians of %d)\n", r.job.name, title, len(r.rounds))
			fmt.Fprint(table, "\t\t")
			for _, m := range shown {
				fmt.Fprintf(table, "%s\t", m.name)
			}
			fmt.Fprintln(table)
			previous = title
		}
		fmt.Fprintf(table, "%s\t%s\t", r.job.transport, r.job.server)
		for _, m := range shown {
			fmt.Fprintf(table, "%s\t", m.text(r.median(m)))
		}
		fmt.Fprintln(table)
	}
	return table.Flush()
}

func appendJSON(path string, one measured) error {
	file, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return fmt.Errorf("cannot keep the results: %w", err)
	}
	defer file.Close()
	return json.NewEncoder(file).Encode(struct {
		Case  string `json:"case"`
		Round int    `json:"round"`
		result.Result
	}{one.job.name, one.job.round, one.result})
}
