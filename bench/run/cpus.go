//go:build linux

package main

import (
	"errors"
	"fmt"
	"os/exec"
	"runtime"

	"golang.org/x/sys/unix"
)

// placement says which CPU the server gets, and which the load.
type placement struct{ server, load int }

// findCPUs takes the first two CPUs this process may use.
func findCPUs() (placement, error) {
	var allowed unix.CPUSet
	if err := unix.SchedGetaffinity(0, &allowed); err != nil {
		return placement{}, fmt.Errorf("cannot see the CPUs: %w", err)
	}
	var cpus []int
	for cpu := range 1024 {
		if allowed.IsSet(cpu) {
			cpus = append(cpus, cpu)
		}
	}
	if len(cpus) < 2 {
		return placement{}, errors.New("two CPUs are needed: one for the server, one for the load")
	}
	return placement{server: cpus[0], load: cpus[1]}, nil
}

// startOn starts a command on one CPU: a child inherits the CPUs of the thread
// that starts it, so none of its threads ever runs elsewhere.
func startOn(cpu int, command *exec.Cmd) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var before, only unix.CPUSet
	if err := unix.SchedGetaffinity(0, &before); err != nil {
		return fmt.Errorf("cannot see the CPUs: %w", err)
	}
	only.Set(cpu)
	if err := unix.SchedSetaffinity(0, &only); err != nil {
		return fmt.Errorf("cannot use CPU %d: %w", cpu, err)
	}
	defer unix.SchedSetaffinity(0, &before)
	return command.Start()
}
