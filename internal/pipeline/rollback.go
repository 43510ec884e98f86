package pipeline

import (
	"context"
	"slices"
	"time"

	"hub/internal/docker"
)

// returning is how long an old container may take to have its port back.
const returning = 5 * time.Second

// rollBack removes what a deploy under way has started, and has what it replaces serve. It reports whether there is such a container.
func (r *run) rollBack(ctx context.Context) bool {
	d := r.deploy
	if d == nil {
		return false
	}
	r.deploy = nil
	clean := d.final.ID == "" || r.remove(ctx, d.final) // which may have the port
	serves := false
	for _, c := range d.old {
		if up(c) && r.serveAgain(ctx, d, c) {
			serves = true
		}
	}
	clean = (d.candidate.ID == "" || r.remove(ctx, d.candidate)) && clean
	if clean {
		r.instance.unmark(d.unique)
	}
	return serves
}

// serveAgain has an old container run as it did before, and reports whether it does.
func (r *run) serveAgain(ctx context.Context, d *deploy, c docker.Container) bool {
	if slices.Contains(d.stopped, c.ID) {
		// It may be on its way to its end, and look as if it ran.
		if _, err := r.o.Engine.Stop(ctx, c.ID, new(time.Duration)); err != nil {
			r.log.Warn("cannot stop a container", "container", c.Name, "error", err)
		}
		if _, err := r.startOnPort(ctx, c, returning); err != nil {
			r.log.Error("a container that served before a deploy cannot be started again", "container", c.Name, "port", d.port, "error", err)
			return false
		}
	}
	now, err := r.o.Engine.Container(ctx, c.ID)
	return err == nil && up(now)
}
