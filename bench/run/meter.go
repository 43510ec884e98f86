//go:build linux

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"hub/bench/internal/result"
)

// slack is what a measurement may take beside the time it is meant to: to
// connect, to drain, to give up.
const slack = 2 * time.Minute

type meter struct {
	options options
	dir     string
	place   placement
}

// disturbed is the share of the server's CPU that others may take before a
// measurement says more about them than about the server.
const disturbed = 0.15

func (j job) disturbed(r result.Result) bool {
	return r.ForeignBusy > disturbed && j.scenario != "idle" // memory is not
}

// calm measures until nobody disturbs, a few times at most, and returns the
// calmest result.
func (m meter) calm(ctx context.Context, j job) (best result.Result, err error) {
	for try := 0; try <= m.options.retries; try++ {
		r, err := m.measure(ctx, j)
		if err != nil {
			return r, err
		}
		if try == 0 || r.ForeignBusy < best.ForeignBusy {
			best = r
		}
		if !j.disturbed(best) {
			break
		}
	}
	return best, nil
}

// measure starts a fresh server and puts it under load.
func (m meter) measure(ctx context.Context, j job) (r result.Result, err error) {
	ctx, cancel := context.WithTimeout(ctx, m.options.warmup+m.options.measure+slack)
	defer cancel()
	server, err := startServer(ctx, m.dir, j.server, m.place.server)
	if err != nil {
		return r, err
	}
	r, err = m.load(ctx, j, server)
	server.stop()
	if err != nil {
		err = errors.Join(err, said(j.server, server.lastWords()))
	}
	return r, err
}

func (m meter) load(ctx context.Context, j job, p *process) (r result.Result, err error) {
	args := []string{
		j.scenario, "-json", "-server", j.server, "-addr", p.addr, "-transport", j.transport,
		"-pid", fmt.Sprint(p.command.Process.Pid), "-cpu", fmt.Sprint(m.place.server),
		"-readers", fmt.Sprint(j.readers), "-for", m.measureFor(j).String(),
	}
	command := exec.CommandContext(ctx, filepath.Join(m.dir, "load"), append(args, j.args(m.options)...)...)
	var out, complaint bytes.Buffer
	command.Stdout, command.Stderr = &out, &complaint
	if err := startOn(m.place.load, command); err != nil {
		return r, fmt.Errorf("cannot start the load: %w", err)
	}
	if err := command.Wait(); err != nil {
		return r, errors.Join(fmt.Errorf("the load failed: %w", errors.Join(ctx.Err(), err)), said("load", complaint.String()))
	}
	if err := json.Unmarshal(out.Bytes(), &r); err != nil {
		return r, fmt.Errorf("cannot read what the load found: %w", err)
	}
	return r, nil
}

// measureFor is the time of a measurement; for replay it is only a limit.
func (m meter) measureFor(j job) time.Duration {
	if j.scenario == "replay" {
		return time.Minute
	}
	return m.options.measure
}

// said is an error that quotes a program, nil if it said nothing.
func said(who, words string) error {
	if words = strings.TrimSpace(words); words == "" {
		return nil
	}
	return fmt.Errorf("%s said: %s", who, words)
}
