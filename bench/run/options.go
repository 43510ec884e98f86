//go:build linux

package main

import (
	"errors"
	"flag"
	"fmt"
	"slices"
	"strings"
	"time"
)

type options struct {
	cases, servers, transports []string

	readers     int
	idleReaders int
	stalled     int
	history     int
	rounds      int
	retries     int
	warmup      time.Duration
	measure     time.Duration
	jsonPath    string
}

func parse(args []string) (o options, err error) {
	flags := flag.NewFlagSet("bench", flag.ExitOnError)
	cases := flags.String("cases", "batch,single,paced,idle", "what to measure: "+caseHelp())
	servers := flags.String("servers", "hub,naive,floor", "whom to measure")
	transports := flags.String("transports", "ws,sse", "how the readers read")
	flags.IntVar(&o.readers, "readers", 1000, "readers, except for idle")
	flags.IntVar(&o.idleReaders, "idle-readers", 1000, "readers for idle")
	flags.IntVar(&o.stalled, "stalled", 50, "readers that never read, for stalled")
	flags.IntVar(&o.history, "history", 10_000, "events kept for a late reader, for replay")
	flags.IntVar(&o.rounds, "rounds", 3, "rounds, of which the table shows the medians")
	flags.IntVar(&o.retries, "retries", 1, "how often a measurement that other processes disturbed is made again")
	flags.DurationVar(&o.warmup, "warmup", time.Second, "`time` of load before each measurement")
	flags.DurationVar(&o.measure, "for", 4*time.Second, "`time` of each measurement")
	flags.StringVar(&o.jsonPath, "json", "", "append each measurement to this `file`, one line of JSON each")
	quick := flags.Bool("quick", false, "one short round: about a minute, for a first look")
	flags.Parse(args)
	if *quick {
		o.rounds, o.retries, o.warmup, o.measure = 1, 0, 300*time.Millisecond, 1500*time.Millisecond
	}
	if flags.NArg() > 0 {
		return o, fmt.Errorf("%q is not a flag", flags.Arg(0))
	}
	if min(o.readers, o.idleReaders, o.rounds, o.stalled, o.history) < 1 || o.retries < 0 || o.measure <= 0 || o.warmup < 0 {
		return o, errors.New("numbers and times must be above 0")
	}
	var names []string
	for _, c := range allCases {
		names = append(names, c.name)
	}
	for _, list := range []struct {
		flag, value string
		known       []string
		to          *[]string
	}{
		{"cases", *cases, names, &o.cases},
		{"servers", *servers, []string{"hub", "naive", "floor"}, &o.servers},
		{"transports", *transports, []string{"ws", "sse"}, &o.transports},
	} {
		for name := range strings.SplitSeq(list.value, ",") {
			if !slices.Contains(list.known, name) {
				return o, fmt.Errorf("-%s %q is none of %s", list.flag, name, strings.Join(list.known, ", "))
			}
			*list.to = append(*list.to, name)
		}
	}
	return o, nil
}
