package pipeline

import (
	"context"
	"maps"
	"strings"

	"hub/internal/docker"
	"hub/internal/task"
)

// Shell runs a command by /bin/sh -c in the clone's files, or in an empty folder where nothing was cloned. Its environment has the
// definition's secrets by their names, HUB_TASK and, once they are known, HUB_COMMIT and HUB_IMAGE.
type Shell struct {
	Cmd string
	Env map[string]string
}

// Kind is "shell".
func (Shell) Kind() string { return "shell" }

func (s Shell) check([]Stage) error {
	if strings.TrimSpace(s.Cmd) == "" {
		return invalid("cmd", "a shell stage needs the command to run")
	}
	if _, err := (task.Command{Cmd: s.Cmd, Env: s.Env}).Spec(); err != nil {
		return invalid("cmd", "%s", err)
	}
	return nil
}

func (s Shell) about(r *run) facts { return facts{"cmd": s.shown(r)} }

func (s Shell) do(ctx context.Context, r *run) (facts, error) {
	w, err := r.workspace()
	if err != nil {
		return nil, err
	}
	env := maps.Clone(r.def.Secrets)
	if env == nil {
		env = map[string]string{}
	}
	env["HUB_TASK"], env["HUB_COMMIT"], env["HUB_IMAGE"] = r.task.ID(), r.made.commit, r.made.image
	maps.Copy(env, s.Env)
	spec, err := task.Command{Cmd: s.Cmd, Cwd: w.files(), Env: env}.Spec()
	if err != nil {
		return nil, err
	}
	out, err := spec.Run(ctx, r.task)
	f := facts{}
	if out.ExitCode != nil {
		f["exit_code"] = *out.ExitCode
		if err == nil && *out.ExitCode != 0 {
			err = fail(docker.ErrBuild, "the command exited with %d: %s", *out.ExitCode, s.shown(r))
		}
	}
	return f, err
}

// shown is the command as events have it. It is masked first: of a secret across the cut, the beginning would be known to nobody.
func (s Shell) shown(r *run) string { return shorten(r.o.Mask.Text(s.Cmd)) }

// shorten is a text small enough to be part of an event that is kept.
func shorten(s string) string {
	const most = 500
	if len(s) > most {
		return strings.ToValidUTF8(s[:most], "") + "…"
	}
	return s
}
