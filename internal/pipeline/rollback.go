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

// restore brings back what there was before a deploy: it can be called again.
func (r *Runner) restore(ctx context.Context, d *deploy) (serves bool, err error) {
	started, err := r.startedBy(ctx, d)
	for _, c := range started {
		if !candidate(c) { // it may have the port
			err = errors.Join(err, r.remove(ctx, c))
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
	for _, c := range started {
		if candidate(c) {
			err = errors.Join(err, r.remove(ctx, c))
		}
	}
	if err == nil {
		r.instance.unmark(d.unique)
	}
	return serves, err
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
			_, err = r.restore(ctx, d)
			giveBack()
		}
		if err != nil {
			failures = errors.Join(failures, err)
			r.mu.Lock()
			r.unfinished = append(r.unfinished, d)
			r.mu.Unlock()
		}
	}
	return failures
}
