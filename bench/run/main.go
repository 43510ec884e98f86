//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := run(ctx, os.Args[1:])
	if err == nil {
		return
	}
	if ctx.Err() != nil {
		err = errors.New("interrupted")
	}
	fmt.Fprintf(os.Stderr, "bench: %v\n", err)
	os.Exit(1)
}

func run(ctx context.Context, args []string) error {
	o, err := parse(args)
	if err != nil {
		return err
	}
	place, err := findCPUs()
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "bench-")
	if err != nil {
		return fmt.Errorf("cannot make a directory for the programs: %w", err)
	}
	defer os.RemoveAll(dir)
	if err := build(ctx, dir, o.servers); err != nil {
		return err
	}
	m := meter{options: o, dir: dir, place: place}
	plan := o.plan()
	fmt.Fprintf(os.Stderr, "%d measurements, about %v\n", len(plan), o.estimate(plan))
	var done []measured
	for i, job := range plan {
		fmt.Fprintf(os.Stderr, "%*d/%d  round %d  %-7s %-3s  %-5s  ", len(fmt.Sprint(len(plan))), i+1, len(plan),
			job.round, job.name, job.transport, job.server)
		r, err := m.calm(ctx, job)
		if err != nil {
			fmt.Fprintln(os.Stderr)
			return fmt.Errorf("%s, %s, %s: %w", job.name, job.transport, job.server, err)
		}
		fmt.Fprintln(os.Stderr, job.summary(r))
		done = append(done, measured{job, r})
		if o.jsonPath != "" {
			if err := appendJSON(o.jsonPath, done[i]); err != nil {
				return err
			}
		}
	}
	rows := group(done)
	if err := writeTable(os.Stdout, rows); err != nil {
		return err
	}
	writeRatios(os.Stdout, rows)
	return nil
}
