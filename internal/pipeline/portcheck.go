package pipeline

import (
	"cmp"
	"context"
	"errors"

	"hub/internal/docker"
)

// checkPorts says what is wrong with the ports that the run's stages want, before the first begins.
func (r *run) checkPorts(ctx context.Context) error {
	if !has(r.def.Stages[r.rec.from:], "run") {
		return nil
	}
	short, cancel := context.WithTimeout(ctx, returning)
	defer cancel()
	if err := r.takeBackAgain(short); err != nil {
		r.log.Warn("cannot take back an earlier deploy yet", "error", err)
	}
	for i, s := range r.def.Stages {
		if i < r.rec.from || s.Step.Kind() != "run" {
			continue
		}
		_, err := r.plan(ctx, i)
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if err != nil {
			r.failsEarly(i, s.Step.about(r), err)
			return err
		}
	}
	return nil
}

// checkPort says who has the port, unless it is what the deploy replaces; held is whether that has.
func (r *run) checkPort(ctx context.Context, d *deploy) (held bool, err error) {
	holders, err := r.o.Engine.PortHolders(ctx, d.port)
	if err != nil {
		return false, err
	}
	for _, c := range holders {
		if !d.replaces(c.ID) {
			return false, heldBy(d.port, c)
		}
		held = true
	}
	if !held && r.local() && taken(d.port) {
		return false, heldByProgram(ctx, d.port)
	}
	return held, nil
}

// orHolder is an error of a start, in better words where somebody has taken the port since it was looked at.
func (r *run) orHolder(ctx context.Context, d *deploy, err error) error {
	if !errors.Is(err, docker.ErrConflict) {
		return err
	}
	if _, held := r.checkPort(ctx, d); held != nil {
		return held
	}
	return err
}

// heldBy is the error of a port that a container has.
func heldBy(port int, c docker.Container) error {
	image := c.ImageID
	if len(c.Image) > 0 {
		image = c.Image[0]
	}
	if candidate(c) {
		return fail(docker.ErrConflict, "port %d of the host is held by container %s, a candidate of a deploy of %s: try again when that has ended, or choose another host_port", port, c.Name, c.Labels[labelSite])
	}
	return fail(docker.ErrConflict, "port %d of the host is held by container %s (image %s), which the hub did not deploy: stop it, or choose another host_port", port, c.Name, cmp.Or(image, "unknown"))
}
