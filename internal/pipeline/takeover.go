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
		run, err := r.runOf(ctx, d.final)
		if err != nil {
			return err
		}
		if err := serves(); err != nil {
			return err
		}
		if err := r.sameRun(ctx, d.final, run, "after it took the port"); err != nil {
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

// commit ends a deploy that has come through. From here on nothing is taken back. Whatever cannot be removed is a warning, and is
// tried again later.
func (r *run) commit(ctx context.Context, d *deploy) {
	const long = 20 * time.Second
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), long)
	defer cancel()
	r.deploy, d.proven = nil, true
	r.namesStay()
	if err := r.instance.mark(d.unique, proven); err != nil {
		r.log.Warn("cannot take note of a deploy that has come through", "task", r.task.ID(), "error", err)
	}
	if err := r.clear(ctx, d); err != nil {
		r.tell("%s", err)
		r.log.Warn("a deploy has left something", "container", d.unique, "error", err)
		r.mu.Lock()
		r.unfinished = append(r.unfinished, d)
		r.mu.Unlock()
	}
	if now, err := r.o.Engine.Container(ctx, d.final.ID); err == nil {
		if now.Name != d.name {
			r.tell("the container's name is %s: it could not be given the name %s", now.Name, d.name)
		}
		r.result("run", map[string]any{"id": now.ID, "name": now.Name, "status": now.Status})
	}
}

// clear removes what a deploy that has come through does not need, and gives its container the name that it is to have: it can be
// called again.
func (r *Runner) clear(ctx context.Context, d *deploy) (err error) {
	if d.candidate.ID != "" {
		err = r.remove(ctx, d.candidate)
	}
	for _, c := range d.old {
		if long := grace; up(c) { // as one that was on another port
			_, _ = r.o.Engine.Stop(ctx, c.ID, &long)
		}
		err = errors.Join(err, r.remove(ctx, c))
	}
	err = errors.Join(err, r.rename(ctx, d.final, d.name))
	if err == nil {
		r.instance.unmark(d.unique)
	}
	return err
}

// rename gives a container its name; a name that somebody else has by now is a warning.
func (r *Runner) rename(ctx context.Context, c docker.Container, name string) error {
	now, err := r.o.Engine.Container(ctx, c.ID)
	if err == nil && name != "" && now.Name != name {
		_, err = r.o.Engine.Rename(ctx, c.ID, name)
	}
	switch {
	case errors.Is(err, docker.ErrNotFound):
		return nil
	case errors.Is(err, docker.ErrConflict):
		r.log.Warn("cannot give a container its name", "container", now.Name, "name", name, "error", err)
		return nil
	}
	return err
}

// remove removes a container, whatever it is at.
func (r *Runner) remove(ctx context.Context, c docker.Container) error {
	_, err := r.o.Engine.Remove(ctx, c.ID, true, true)
	if errors.Is(err, docker.ErrNotFound) {
		return nil
	}
	return err
}
