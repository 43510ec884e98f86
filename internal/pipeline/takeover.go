package pipeline

import (
	"context"
	"errors"
	"time"

	"hub/internal/docker"
)

const (
	// grace is how long an old container has for the requests that it is at. Meanwhile it may answer no new ones.
	grace = 3 * time.Second
	// handover is how long the engine may take to let go of a stopped container's port, which its answer does not wait for.
	handover = 3 * time.Second
	// settling is how long a container that nobody probes must stay up.
	settling = time.Second
)

// takeOver has the container that stays serve on the port, in place of the old ones, which go. serves is asked whether it does, where it
// was not on the port already. Until then all can be taken back.
func (r *run) takeOver(ctx context.Context, d *deploy, serves func() error) error {
	if d.candidate.ID != "" {
		if err := r.movePort(ctx, d); err != nil {
			return err
		}
		if err := serves(); err != nil {
			return err
		}
	}
	r.commit(ctx, d)
	return nil
}

// movePort stops the container that has the port and starts the one that stays.
func (r *run) movePort(ctx context.Context, d *deploy) error {
	if err := r.instance.mark(d.unique, takeover); err != nil {
		return err
	}
	holders, err := r.o.Engine.PortHolders(ctx, d.port)
	if err != nil {
		return err
	}
	began := time.Now()
	for _, c := range holders {
		if !d.replaces(c.ID) {
			return heldBy(d.port, c)
		}
		d.stopped = append(d.stopped, c.ID)
		long := grace
		if _, err := r.o.Engine.Stop(ctx, c.ID, &long); err != nil && !errors.Is(err, docker.ErrNotFound) {
			return err
		}
	}
	stopped := time.Now()
	if _, err := r.startOnPort(ctx, d.final, handover); err != nil {
		return r.orHolder(ctx, d, err)
	}
	r.tell("%s took port %d: the old container stopped in %s, and this one started in %s",
		d.unique, d.port, stopped.Sub(began).Round(time.Millisecond), time.Since(stopped).Round(time.Millisecond))
	return nil
}

// startOnPort starts a container, again and again while its port is not free yet.
func (r *Runner) startOnPort(ctx context.Context, c docker.Container, patience time.Duration) (docker.Container, error) {
	const pause = 20 * time.Millisecond
	for deadline := time.Now().Add(patience); ; {
		started, err := r.o.Engine.Start(ctx, c.ID)
		if err == nil || !errors.Is(err, docker.ErrConflict) || time.Now().After(deadline) {
			return started, err
		}
		select {
		case <-ctx.Done():
			return started, context.Cause(ctx)
		case <-time.After(pause):
		}
	}
}

// commit ends a deploy that has come through. From here on nothing is taken back, and whatever cannot be removed is a warning.
func (r *run) commit(ctx context.Context, d *deploy) {
	const long = 20 * time.Second
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), long)
	defer cancel()
	r.deploy = nil
	r.namesStay()
	r.instance.unmark(d.unique)
	leaving := d.old
	if d.candidate.ID != "" {
		leaving = append([]docker.Container{d.candidate}, d.old...)
	}
	for _, c := range leaving {
		if long := grace; up(c) && !candidate(c) { // as one that was on another port
			_, _ = r.o.Engine.Stop(ctx, c.ID, &long)
		}
		if err := r.remove(ctx, c); err != nil {
			r.tell("%s", err)
			r.log.Warn("a deploy has left a container", "container", c.Name, "error", err)
		}
	}
	if d.unique != d.name {
		if _, err := r.o.Engine.Rename(ctx, d.final.ID, d.name); err != nil {
			r.tell("%s", err)
			r.log.Warn("cannot give a container its name", "container", d.unique, "name", d.name, "error", err)
		}
	}
	if now, err := r.o.Engine.Container(ctx, d.final.ID); err == nil {
		r.result("run", map[string]any{"id": now.ID, "name": now.Name, "status": now.Status})
	}
}

// remove removes a container, whatever it is at.
func (r *Runner) remove(ctx context.Context, c docker.Container) error {
	_, err := r.o.Engine.Remove(ctx, c.ID, true, true)
	if errors.Is(err, docker.ErrNotFound) {
		return nil
	}
	return err
}

// staysUp waits for a while and says so when a container has ended meanwhile. Its first lines are those of the stage.
func (r *run) staysUp(ctx context.Context, c docker.Container) error {
	said := r.follow(ctx, c)
	defer said.end(quiet)
	for deadline := time.Now().Add(settling); time.Now().Before(deadline); {
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(settling / 10):
		}
		if err := r.stillUp(ctx, c, "soon after its start"); err != nil {
			return err
		}
	}
	return nil
}

// stillUp is an error where a container has ended, in words that say when.
func (r *run) stillUp(ctx context.Context, c docker.Container, when string) error {
	now, err := r.o.Engine.Container(ctx, c.ID)
	switch {
	case errors.Is(err, docker.ErrNotFound):
		return fail(docker.ErrConflict, "somebody has removed container %s: deploy again", c.Name)
	case err != nil:
		return err
	case !up(now):
		return fail(docker.ErrBuild, "the container exited with %d %s: see its last lines above", now.ExitCode, when)
	}
	return nil
}
