//go:build linux

package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"hub/bench/internal/result"
)

// benchCase is one question asked of every server.
type benchCase struct {
	name     string
	title    string
	scenario string // of the load
	args     func(options) []string
	only     []string // servers that can answer; none: all
	main     metric   // what the servers are compared by
}

var allCases = []benchCase{
	{"batch", "%d readers, flat out, 64 events a POST", "fanout",
		func(o options) []string { return o.load("-batch", "64") }, nil, cpuPerDelivery},
	{"single", "%d readers, flat out, one event a POST", "fanout",
		func(o options) []string { return o.load() }, nil, cpuPerDelivery},
	{"paced", "%d readers, 50 events a second", "fanout",
		func(o options) []string { return o.load("-rate", "50") }, nil, p99},
	{"idle", "%d readers, nothing to read", "idle",
		func(o options) []string { return nil }, nil, memory},
	{"stalled", "%d readers, 500 events a second, others never read", "stalled",
		func(o options) []string {
			return o.load("-rate", "500", "-batch", "10", "-stalled", fmt.Sprint(o.stalled))
		},
		[]string{"hub", "naive"}, p99},
	{"replay", "%d late reader fetches what is kept", "replay",
		func(o options) []string { return []string{"-batch", "50", "-history", fmt.Sprint(o.history)} },
		[]string{"hub"}, caughtUp},
}

func caseHelp() string {
	var help []string
	for _, c := range allCases {
		help = append(help, c.name)
	}
	return strings.Join(help, ", ")
}

// load is the flags of a scenario that publishes.
func (o options) load(more ...string) []string {
	return append([]string{"-warmup", o.warmup.String()}, more...)
}

// readersOf is how many readers a case has.
func (o options) readersOf(c benchCase) int {
	switch c.name {
	case "idle":
		return o.idleReaders
	case "stalled":
		return max(o.readers/10, 1) // at ten times the rate of paced: sockets must fill up
	case "replay":
		return 1
	}
	return o.readers
}

// job is one measurement to be made.
type job struct {
	benchCase
	round             int
	readers           int
	transport, server string
}

// plan lists the measurements in the order they are made: the servers of one
// case follow each other, so that they meet the same machine.
func (o options) plan() (jobs []job) {
	for round := 1; round <= o.rounds; round++ {
		for _, c := range allCases {
			for _, transport := range o.transports {
				for _, server := range o.servers {
					if slices.Contains(o.cases, c.name) && (c.only == nil || slices.Contains(c.only, server)) {
						jobs = append(jobs, job{c, round, o.readersOf(c), transport, server})
					}
				}
			}
		}
	}
	return jobs
}

// estimate is how long a plan will take, without waiting for a slow machine.
func (o options) estimate(plan []job) time.Duration {
	each := o.measure + time.Second
	var sum time.Duration
	for _, job := range plan {
		sum += each
		if job.scenario != "idle" {
			sum += o.warmup
		}
	}
	return sum.Round(10 * time.Second)
}

func (j job) summary(r result.Result) string {
	text := j.main.name + " " + j.main.text(j.main.of(r))
	if r.Deliveries > 0 && j.main.name != cpuPerDelivery.name {
		text += ", " + cpuPerDelivery.name + " " + cpuPerDelivery.text(r.CPUPerDelivery)
	}
	if r.Lost > 0 || r.Disordered > 0 {
		text += fmt.Sprintf(", LOST %d, DISORDERED %d", r.Lost, r.Disordered)
	}
	if r.Closed > 0 {
		text += fmt.Sprintf(", CLOSED %d (%s)", r.Closed, r.Reason)
	}
	if j.disturbed(r) {
		text += fmt.Sprintf("   (others took %.0f %% of the server's CPU)", r.ForeignBusy*100)
	}
	return text
}
