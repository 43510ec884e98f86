//go:build linux

package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"

	"hub/bench/internal/result"
)

const usage = `usage: load fanout|stalled|idle|replay [flags]      (load fanout -h lists the flags)`

var scenarios = map[string]func(options) (result.Result, error){
	"fanout": fanout, "stalled": fanout, "idle": idle, "replay": replay,
}

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintf(os.Stderr, "load: %v\n", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) == 0 || scenarios[args[0]] == nil {
		return errors.New(usage)
	}
	name := args[0]
	flags := flag.NewFlagSet("load "+name, flag.ExitOnError)
	asJSON := flags.Bool("json", false, "print the result as one line of JSON")
	var o options
	o.register(flags, name)
	flags.Parse(args[1:])
	if err := o.check(); err != nil {
		return err
	}
	r, err := scenarios[name](o)
	if err != nil {
		return err
	}
	r.Scenario = name
	if *asJSON {
		return json.NewEncoder(os.Stdout).Encode(r)
	}
	return r.WriteText(os.Stdout)
}
