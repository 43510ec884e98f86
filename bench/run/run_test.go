//go:build linux

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"hub/bench/internal/result"
)

func costing(name, transport, server string, costs ...float64) (all []measured) {
	for _, c := range allCases {
		if c.name != name {
			continue
		}
		for i, cost := range costs {
			j := job{benchCase: c, round: i + 1, readers: 1000, transport: transport, server: server}
			all = append(all, measured{j, result.Result{CPUPerDelivery: cost}})
		}
	}
	return all
}

func TestServersTakeTurnsWithinARound(t *testing.T) {
	o, err := parse([]string{"-rounds", "2", "-cases", "idle,batch", "-transports", "ws", "-servers", "naive,hub"})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, j := range o.plan() {
		got = append(got, j.name+"/"+j.server)
	}
	const once = "batch/naive batch/hub idle/naive idle/hub"
	if text := strings.Join(got, " "); text != once+" "+once {
		t.Errorf("order is %s", text)
	}
}

func TestOnlyWhoKeepsHistoryIsAskedForIt(t *testing.T) {
	o, err := parse([]string{"-rounds", "1", "-cases", "replay"})
	if err != nil {
		t.Fatal(err)
	}
	for _, j := range o.plan() {
		if j.server != "hub" {
			t.Errorf("%s is asked for a replay", j.server)
		}
	}
}

func TestAnUnknownNameIsAnErrorThatNamesTheKnownOnes(t *testing.T) {
	_, err := parse([]string{"-servers", "hub,nginx"})
	if err == nil || !strings.Contains(err.Error(), `"nginx" is none of hub, naive, floor`) {
		t.Errorf("got %v", err)
	}
}

func TestAQuickRunIsPlannedForAboutAMinute(t *testing.T) {
	o, err := parse([]string{"-quick"})
	if err != nil {
		t.Fatal(err)
	}
	if got := o.estimate(o.plan()); got > 75*time.Second {
		t.Errorf("planned for %v", got)
	}
}

func TestTheTableShowsMediansAndTheTargetsTheirRatios(t *testing.T) {
	rows := group(append(costing("batch", "ws", "hub", 9, 1, 2), append(
		costing("batch", "ws", "naive", 5, 100, 8), costing("batch", "sse", "hub", 3)...)...))
	var text strings.Builder
	if err := writeTable(&text, rows); err != nil {
		t.Fatal(err)
	}
	writeRatios(&text, rows)
	for _, want := range []string{"1000 readers, flat out", "medians of 3", "hub/naive = 0.250   target at most 0.333: met"} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("no %q in\n%s", want, text.String())
		}
	}
	if strings.Contains(text.String(), "sse  CPU") {
		t.Errorf("a ratio with nothing to compare with:\n%s", text.String())
	}
}

func TestAProgramStaysOnItsCPUAndThisOneIsLeftFree(t *testing.T) {
	place, err := findCPUs()
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	command := exec.Command("grep", "Cpus_allowed_list", "/proc/self/status")
	command.Stdout = &out
	runtime.LockOSThread() // so that the thread looked at below is the one used
	defer runtime.UnlockOSThread()
	if err := startOn(place.load, command); err != nil {
		t.Fatal(err)
	}
	if err := command.Wait(); err != nil {
		t.Fatal(err)
	}
	var after unix.CPUSet
	if fields := strings.Fields(out.String()); len(fields) != 2 || fields[1] != strconv.Itoa(place.load) {
		t.Errorf("the child may run on %q", out.String())
	}
	if unix.SchedGetaffinity(0, &after); after.Count() < 2 {
		t.Errorf("this thread is left with %d CPU", after.Count())
	}
}

func TestAServerThatFailsIsQuoted(t *testing.T) {
	dir := t.TempDir()
	script := "#!/bin/sh\necho 'cannot listen: no luck' >&2\nexit 1\n"
	if err := os.WriteFile(filepath.Join(dir, "hub"), []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	_, err := startServer(t.Context(), dir, "hub", 0)
	if err == nil || !strings.Contains(err.Error(), "ended before it was ready") || !strings.Contains(err.Error(), "no luck") {
		t.Errorf("got %v", err)
	}
}
