//go:build linux

// Command logs compares what a line of a container's log costs the hub, with one
// WebSocket reader, and docker logs -f, which writes it to /dev/null. It needs an
// engine, the docker command and an image with a shell.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

type options struct {
	image  string
	lines  int
	size   int
	every  time.Duration
	rounds int
}

func main() {
	var o options
	flag.StringVar(&o.image, "image", "busybox", "`image` with sh, yes, head and usleep")
	flag.IntVar(&o.lines, "lines", 300_000, "how many lines the container writes")
	flag.IntVar(&o.size, "size", 80, "bytes of a line")
	flag.DurationVar(&o.every, "every", 0, "time between two lines; 0 writes them as fast as it goes")
	flag.IntVar(&o.rounds, "rounds", 3, "how often; the medians count")
	flag.Parse()
	if err := run(context.Background(), o); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, o options) error {
	dir, err := os.MkdirTemp("", "hub-logs-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	program := filepath.Join(dir, "hub")
	if out, err := exec.CommandContext(ctx, "go", "build", "-o", program, "hub/cmd/hub").CombinedOutput(); err != nil {
		return fmt.Errorf("cannot build the hub: %w\n%s", err, out)
	}
	var docker, hub, ratios []float64
	for round := range o.rounds {
		empty, err := dockerLogs(ctx, o.empty()) // what it costs to start the command
		if err != nil {
			return err
		}
		whole, err := dockerLogs(ctx, o)
		if err != nil {
			return err
		}
		ours, err := hubLogs(ctx, program, dir, o)
		if err != nil {
			return err
		}
		perLine := func(cpu time.Duration) float64 { return float64(cpu.Nanoseconds()) / 1000 / float64(o.lines) }
		d, h := perLine(whole-empty), perLine(ours)
		docker, hub, ratios = append(docker, d), append(hub, h), append(ratios, h/d)
		fmt.Printf("round %d: docker logs -f %.2f µs/line, hub %.2f µs/line, ratio %.2f\n", round+1, d, h, h/d)
	}
	fmt.Printf("median:  docker logs -f %.2f µs/line, hub %.2f µs/line, ratio %.2f (at most 2 is wanted)\n", median(docker), median(hub), median(ratios))
	return nil
}

func median(values []float64) float64 {
	slices.Sort(values)
	return values[len(values)/2]
}

func (o options) empty() options {
	o.lines = 0
	return o
}

// script waits for its readers, writes, and ends.
func (o options) script() string {
	line := strings.Repeat("x", max(o.size-1, 0))
	if o.every == 0 {
		return fmt.Sprintf("sleep 1; yes %s | head -n %d", line, o.lines)
	}
	return fmt.Sprintf("sleep 1; i=0; while [ $i -lt %d ]; do echo %s; i=$((i+1)); usleep %d; done", o.lines, line, o.every.Microseconds())
}
