package dockertest

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
)

// killAll ends what a killed daemon has left behind and the next one did not know
// of, such as the step of a build: the programs that name the daemon's folder, and
// their children, which are its containers.
func killAll(folder string) {
	parents := map[int]int{}
	named := map[int]bool{}
	entries, _ := filepath.Glob("/proc/[0-9]*")
	for _, entry := range entries {
		pid, err := strconv.Atoi(filepath.Base(entry))
		if err != nil || pid == os.Getpid() {
			continue
		}
		command, _ := os.ReadFile(filepath.Join(entry, "cmdline"))
		named[pid] = bytes.Contains(command, []byte(folder+"/"))
		parents[pid] = parent(entry)
	}
	for pid := range parents {
		for up := pid; up > 1; up = parents[up] {
			if named[up] {
				_ = syscall.Kill(pid, syscall.SIGKILL)
				break
			}
		}
	}
}

// parent is the process that a process of /proc belongs to, 0 if it has gone.
func parent(entry string) (pid int) {
	stat, _ := os.ReadFile(filepath.Join(entry, "stat"))
	_, rest, _ := bytes.Cut(stat, []byte(") ")) // behind the name, which may hold anything else
	_, _ = fmt.Sscanf(string(rest), "%c %d", new(rune), &pid)
	return pid
}
