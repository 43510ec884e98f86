package task

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"time"
)

// group is a process group, named by its first process.
type group struct{ id int }

const (
	termGrace = 5 * time.Second // from TERM to KILL
	killGrace = 2 * time.Second // for the kernel to take away what was killed
)

// end asks all of the group to end, kills what does not, and returns when it is gone.
func (g group) end() error {
	syscall.Kill(-g.id, syscall.SIGTERM)
	if g.goneIn(termGrace) {
		return nil
	}
	syscall.Kill(-g.id, syscall.SIGKILL)
	if g.goneIn(killGrace) {
		return nil
	}
	return fmt.Errorf("process group %d is still there %v after KILL", g.id, killGrace)
}

// goneIn waits for the group's end. Nothing but asking tells of processes that are not our children.
func (g group) goneIn(limit time.Duration) bool {
	pause, deadline := 2*time.Millisecond, time.Now().Add(limit)
	for g.alive() {
		if time.Now().After(deadline) {
			return false
		}
		time.Sleep(pause)
		pause = min(2*pause, 100*time.Millisecond)
	}
	return true
}

// alive tells whether a process of the group runs. The dead that nobody has waited for, as below a first process that does not reap,
// can be signalled like the living, so those are looked at one by one.
func (g group) alive() bool {
	if errors.Is(syscall.Kill(-g.id, 0), syscall.ESRCH) {
		return false
	}
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil || len(stats) == 0 {
		return true
	}
	for _, name := range stats {
		if stat, err := os.ReadFile(name); err == nil && g.has(stat) {
			return true
		}
	}
	return false
}

// has tells whether the process of a /proc/PID/stat is a living member: "PID (name) state parent group …", where the name may hold anything.
func (g group) has(stat []byte) bool {
	fields := bytes.Fields(stat[bytes.LastIndexByte(stat, ')')+1:])
	return len(fields) > 2 && string(fields[2]) == strconv.Itoa(g.id) && !bytes.ContainsAny(fields[0], "ZX")
}
