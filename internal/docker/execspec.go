package docker

import (
	"path"
	"slices"
	"strings"

	containertypes "github.com/docker/docker/api/types/container"
)

// ExecSpec is a command to be run in a container that runs.
type ExecSpec struct {
	Container string            // its id or name
	Cmd       []string          // the program and its arguments; no shell sees them
	Env       map[string]string // in addition to the container's
	Workdir   string            // absolute; "" is the container's
	User      string            // such as "app", "1000" or "1000:1000"; "" is the container's
	Stdin     bool              // whether it will be written to; else its input is empty
	RunsOn    bool              // whether [Engine.Exec] leaves it running when the context ends

	TTY        bool // with a terminal, which joins its outputs and makes \r\n of \n
	Cols, Rows uint // of the terminal, to begin with; 0 is the engine's choice
}

func (s ExecSpec) check() error {
	switch {
	case len(s.Cmd) == 0 || s.Cmd[0] == "":
		return invalid("cmd", "a command needs a program, such as ls")
	case slices.ContainsFunc(s.Cmd, hasNUL):
		return invalid("cmd", "a command cannot hold a NUL")
	case s.Workdir != "" && !path.IsAbs(s.Workdir) || hasNUL(s.Workdir):
		return invalid("workdir", "%q is not an absolute path", shorten(s.Workdir))
	}
	return nil
}

func hasNUL(s string) bool { return strings.ContainsRune(s, 0) }

// options are the engine's, built from nothing, so that a command never has more
// rights than its container. mark is a variable of the hub's own, or "".
func (s ExecSpec) options(mark string) (containertypes.ExecOptions, error) {
	env, err := environment(s.Env)
	if err == nil {
		err = s.check()
	}
	if s.TTY {
		env = append([]string{"TERM=xterm-256color"}, env...)
	}
	if mark != "" {
		env = append(env, mark)
	}
	return containertypes.ExecOptions{
		Cmd: s.Cmd, Env: env, User: s.User, WorkingDir: s.Workdir, Tty: s.TTY, ConsoleSize: s.size(),
		AttachStdin: s.Stdin, AttachStdout: true, AttachStderr: true,
	}, err
}

// size is the terminal's as the engine takes it, height first.
func (s ExecSpec) size() *[2]uint {
	if !s.TTY || s.Cols == 0 || s.Rows == 0 {
		return nil
	}
	return &[2]uint{s.Rows, s.Cols}
}
