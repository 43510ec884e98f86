package pipeline

import (
	"context"
	"errors"
	"time"

	"hub/internal/docker"
)

// staysUp waits for a while and says so when a container has ended meanwhile, also where it was started again: a crash loop serves nobody.
// Its first lines are those of the stage. The engine answers nothing of a container while it starts it again, so this may take longer.
func (r *run) staysUp(ctx context.Context, c docker.Container) error {
	const when = "soon after its start"
	said := r.follow(ctx, c)
	defer said.end(quiet)
	run, err := r.runOf(ctx, c)
	if err != nil {
		return err
	}
	for deadline := time.Now().Add(settling); ; {
		if err := r.sameRun(ctx, c, run, when); err != nil {
			return err
		}
		if time.Now().After(deadline) {
			return nil
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(settling / 10):
		}
	}
}

// runOf is the time of a container's last start, which tells its runs apart.
func (r *run) runOf(ctx context.Context, c docker.Container) (time.Time, error) {
	state, err := r.o.Engine.State(ctx, c.Name)
	return state.Started, r.gone(c, err)
}

// sameRun is an error where a container has ended since a start, in words that say when.
func (r *run) sameRun(ctx context.Context, c docker.Container, run time.Time, when string) error {
	if err := r.stillUp(ctx, c, when); err != nil {
		return err
	}
	state, err := r.o.Engine.State(ctx, c.Name)
	switch {
	case err != nil:
		return r.gone(c, err)
	case !state.Running:
		return exited(state.ExitCode, when)
	case !state.Started.Equal(run):
		return fail(docker.ErrBuild, "the container ended %s, and was started again: see its last lines above", when)
	}
	return nil
}

// stillUp is an error where a container has ended, in words that say when. One that is to be started again has not.
func (r *run) stillUp(ctx context.Context, c docker.Container, when string) error {
	now, err := r.o.Engine.Container(ctx, c.ID)
	switch {
	case err != nil:
		return r.gone(c, err)
	case !up(now):
		return exited(now.ExitCode, when)
	}
	return nil
}

func exited(code int, when string) error {
	return fail(docker.ErrBuild, "the container exited with %d %s: see its last lines above", code, when)
}

// gone puts the error of a container that there is no longer in better words.
func (r *run) gone(c docker.Container, err error) error {
	if errors.Is(err, docker.ErrNotFound) {
		return fail(docker.ErrConflict, "somebody has removed container %s: deploy again", c.Name)
	}
	return err
}
