package task

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"time"
)

// Command is a shell command: the work of a task of type "generic_task".
type Command struct {
	Cmd string            // what /bin/sh -c runs
	Cwd string            // an existing directory; "" is the hub's own
	Env map[string]string // added to the command's environment; never published
}

// pipeGrace is how long, after the command itself is gone, somebody it left behind may go on writing to its pipes.
const pipeGrace = time.Second

// Spec makes the command's task. ErrBadCommand: the cwd is no directory, or a name or value cannot stand in an environment.
func (c Command) Spec() (Spec, error) {
	if err := c.check(); err != nil {
		return Spec{}, fmt.Errorf("%w: %w", ErrBadCommand, err)
	}
	const shown = 8 << 10 // a command may be far longer than an event
	head := struct {
		Cmd string `json:"cmd"`
		Cwd string `json:"cwd,omitempty"`
	}{shorten(c.Cmd, shown/2), shorten(c.Cwd, shown/4)}
	return Spec{Type: "generic_task", Head: head, Run: c.run, Again: c.run}, nil
}

func (c Command) check() error {
	if strings.ContainsRune(c.Cmd, 0) {
		return fmt.Errorf("cmd has a NUL byte")
	}
	if err := checkEnvironment(c.Env); err != nil {
		return err
	}
	if c.Cwd == "" {
		return nil
	}
	switch info, err := os.Stat(c.Cwd); {
	case err != nil:
		return fmt.Errorf("cwd: %w", err)
	case !info.IsDir():
		return fmt.Errorf("cwd: %s is not a directory", c.Cwd)
	}
	return nil
}

func (c Command) run(ctx context.Context, t *Task) (Outcome, error) {
	out, err := newOutput(t)
	if err != nil {
		return Outcome{}, fmt.Errorf("cannot start command: %w", err)
	}
	defer out.close()
	cmd := exec.Command("/bin/sh", "-c", "--", c.Cmd) // a cmd may begin with a dash
	cmd.Dir, cmd.Env = c.Cwd, environment(c.Env)
	cmd.Stdout, cmd.Stderr = out.stdout.in, out.stderr.in
	// The kernel takes the end of the thread that started the command for the end of the hub, so the thread must not go first.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	if err := cmd.Start(); err != nil {
		return Outcome{}, fmt.Errorf("cannot start command: %w", err)
	}
	out.started()
	gone := make(chan struct{})
	spared := context.AfterFunc(ctx, func() {
		defer close(gone)
		defer guard(t)
		if err := (group{cmd.Process.Pid}).end(); err != nil {
			t.log.Error("cannot end command", "task", t.id, "error", err)
		}
	})
	waitErr := cmd.Wait()
	out.wait(ctx, pipeGrace)
	cancelled := !spared()
	if cancelled {
		<-gone
		out.wait(context.Background(), pipeGrace)
	}
	out.close()
	if cmd.ProcessState == nil {
		return Outcome{}, fmt.Errorf("cannot wait for command: %w", waitErr)
	}
	outcome := exitOutcome(cmd.ProcessState.Sys().(syscall.WaitStatus))
	if cancelled {
		return outcome, context.Cause(ctx)
	}
	return outcome, nil
}

// exitResult is the result of a command.
type exitResult struct {
	ExitCode int    `json:"exit_code"`
	Signal   string `json:"signal,omitempty"` // the signal that killed it
}

// exitOutcome says how a process ended; killed by a signal it has the code a shell gives it.
func exitOutcome(status syscall.WaitStatus) Outcome {
	r := exitResult{ExitCode: status.ExitStatus()}
	if status.Signaled() {
		r = exitResult{128 + int(status.Signal()), signalName(status.Signal())}
	}
	return Outcome{ExitCode: &r.ExitCode, Result: r}
}

// guard recovers in a goroutine beside the task's own.
func guard(t *Task) {
	if p := recover(); p != nil {
		t.log.Error("task panicked", slog.String("task", t.id), slog.Any("panic", p))
	}
}
