//go:build linux

// Package proc reads from outside what a process costs, as Linux counts it
// (proc(5)).
package proc

import (
	"fmt"
	"os"
	"time"
)

// Memory is what a process holds of physical memory, in bytes.
type Memory struct {
	RSS int64 // all resident pages
	PSS int64 // the same, shared pages divided among those who share them
}

// CPU returns the user and system time of a process, all its threads
// together, to 10 ms.
func CPU(pid int) (time.Duration, error) {
	return read(fmt.Sprintf("/proc/%d/stat", pid), parseStat)
}

// MemoryOf returns the memory of a process, counted page by page: it costs
// the kernel a walk, so do not call it in a measured time.
func MemoryOf(pid int) (Memory, error) {
	return read(fmt.Sprintf("/proc/%d/smaps_rollup", pid), parseRollup)
}

// Busy returns how long a CPU has not been idle since the machine started,
// whoever used it.
func Busy(cpu int) (time.Duration, error) {
	return read("/proc/stat", func(text string) (time.Duration, error) { return parseBusy(text, cpu) })
}

func read[T any](path string, parse func(string) (T, error)) (value T, err error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return value, err // names the path
	}
	if value, err = parse(string(text)); err != nil {
		err = fmt.Errorf("cannot read %s: %w", path, err)
	}
	return value, err
}
