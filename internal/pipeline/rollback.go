package pipeline

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"hub/internal/docker"
)

// returning is how long an old container may take to have its port back.
const returning = 5 * time.Second

// rollBack removes what a deploy under way has started, and has what it replaces serve. It reports whether there is such a container.
// What the engine does not do now is tried again later.
func (r *run) rollBack(ctx context.Context) bool {
	d := r.deploy
	if d == nil {
		return false
	}
	r.deploy = nil
	// Whoever recovers after this hub must not take the new container for the one that serves.
	if err := r.instance.mark(d.unique, unproven); err != nil {
		r.log.Warn("cannot take note of a deploy that is taken back", "task", r.task.ID(), "error", err)
	}
	for _, id := range d.stopped { // one may be on its way to its end, and look as if it ran
		if _, err := r.o.Engine.Stop(ctx, id, new(time.Duration)); err != nil && !errors.Is(err, docker.ErrNotFound) {
			r.log.Warn("cannot stop a container", "container", id, "error", err)
		}
	}
	serves, err := r.restore(ctx, d)
	if err != nil {
		r.log.Error("cannot take back a deploy", "task", r.task.ID(), "site", d.site, "port", d.port, "error", err)
		r.mu.Lock()
		defer r.mu.Unlock()
		r.unfinished = append(r.unfinished, d)
	}
	return serves
}

// restore brings back what there was before a deploy: it can be called again. The new container goes last, so that as long as anything
// is left to do there is one whose labels tell of it.
func (r *Runner) restore(ctx context.Context, d *deploy) (serves bool, err error) {
	started, err := r.startedBy(ctx, d)
	for _, c := range started {
		if !candidate(c) { // it may have the port
			err = errors.Join(err, r.halt(ctx, c))
		}
	}
	for _, c := range d.old {
		if !up(c) {
			continue
		}
		if slices.Contains(d.stopped, c.ID) {
			if _, failed := r.startOnPort(ctx, c, returning); failed != nil && !errors.Is(failed, docker.ErrNotFound) {
				err = errors.Join(err, failed)
			}
		}
		now, failed := r.o.Engine.Container(ctx, c.ID)
		serves = serves || failed == nil && up(now)
	}
	slices.SortFunc(started, candidatesFirst)
	for _, c := range started {
		err = errors.Join(err, r.remove(ctx, c))
	}
	if err == nil {
		r.instance.unmark(d.unique)
	}
	return serves, err
}

// halt ends a container at once, which lets go of its port.
func (r *Runner) halt(ctx context.Context, c docker.Container) error {
	_, err := r.o.Engine.Stop(ctx, c.ID, new(time.Duration))
	if errors.Is(err, docker.ErrNotFound) {
		return nil
	}
	return err
}

// conclude does what is left to do of a deploy whose run is over.
func (r *Runner) conclude(ctx context.Context, d *deploy) (err error) {
	if d.proven {
		return r.clear(ctx, d)
	}
	_, err = r.restore(ctx, d)
	return err
}

// startedBy are the containers that a deploy has made, also one that came to be while the deploy was told that it had failed.
func (r *Runner) startedBy(ctx context.Context, d *deploy) (started []docker.Container, err error) {
	ours, err := r.o.Engine.Labelled(ctx, map[string]string{labelOwner: r.instance.name, labelSite: d.site})
	for _, c := range ours {
		if c.Name == d.unique || c.Name == d.unique+candidateSuffix {
			started = append(started, c)
		}
	}
	return started, err
}

// takeBackAgain takes back what could not be when a run failed.
func (r *Runner) takeBackAgain(ctx context.Context) error {
	r.mu.Lock()
	left := r.unfinished
	r.unfinished = nil
	r.mu.Unlock()
	var failures error
	for _, d := range left {
		giveBack, err := r.ports.take(ctx, "what an earlier run has left", []string{siteKey(d.site), portKey(strconv.Itoa(d.port))}, func(string, string) {})
		if err == nil {
			err = r.conclude(ctx, d)
			giveBack()
		}
		if err != nil {
			failures = errors.Join(failures, err)
			r.mu.Lock()
			r.unfinished = append(r.unfinished, d)
			r.mu.Unlock()
		}
	}
	return errors.Join(failures, r.tryAgain(ctx))
}
