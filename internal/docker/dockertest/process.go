package dockertest

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"syscall"
	"time"
)

// process is a program that ends at the latest when the tests do, however these end.
type process struct {
	cmd  *exec.Cmd
	gone chan struct{}
}

// start runs a program, its output in a file.
func start(log string, name string, args ...string) (*process, error) {
	out, err := os.OpenFile(log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	p := &process{exec.Command(name, args...), make(chan struct{})}
	p.cmd.Stdout, p.cmd.Stderr = out, out
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGTERM}
	started := make(chan error)
	go func() {
		// The kernel takes the end of the thread that started a process for the end of the
		// tests, so the thread must stay.
		runtime.LockOSThread()
		defer out.Close()
		err := p.cmd.Start()
		started <- err
		if err == nil {
			_ = p.cmd.Wait()
			close(p.gone)
		}
	}()
	return p, <-started
}

func (p *process) signal(s syscall.Signal) { _ = p.cmd.Process.Signal(s) }

// stopped waits until every thread stands still, which takes a busy machine a while
// after SIGSTOP; ten seconds at most.
func (p *process) stopped() {
	for range 1000 {
		stats, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/stat", p.cmd.Process.Pid))
		still := 0
		for _, path := range stats {
			stat, _ := os.ReadFile(path)
			if _, state, _ := bytes.Cut(stat, []byte(") ")); bytes.HasPrefix(state, []byte("T")) {
				still++
			}
		}
		if still > 0 && still == len(stats) {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// end sends the signal, and KILL to a process that takes no notice for long.
func (p *process) end(s syscall.Signal) {
	p.signal(s)
	select {
	case <-p.gone:
	case <-time.After(20 * time.Second):
		p.signal(syscall.SIGKILL)
		<-p.gone
	}
}
