package pipeline

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"hub/internal/docker"
)

// Recover removes what hubs that are gone have left: candidates, containers that were never found fit to serve, images kept for retries,
// workspaces. Where one of them was in the middle of a takeover, the older container runs again, or goes if the new one serves. What
// hubs that live do is left alone, and so is what dead ones have deployed. The same for what this hub could not take back while the
// engine was away. When the engine does not answer, all that stays for the next call.
func (r *Runner) Recover(ctx context.Context) error {
	failures := r.takeBackAgain(ctx)
	for _, dead := range r.instance.abandoned() {
		if err := r.recover(ctx, dead); err != nil {
			failures = errors.Join(failures, fmt.Errorf("cannot clear up after an earlier hub: %w", err))
			dead.lock.Close() // the next call finds it again
		}
	}
	return failures
}

// recover clears up after one hub, whose folder goes last.
func (r *Runner) recover(ctx context.Context, dead *instance) error {
	left, err := r.o.Engine.Labelled(ctx, map[string]string{labelOwner: dead.name})
	if err != nil {
		return err
	}
	slices.SortFunc(left, candidatesFirst)
	var failures error
	for i, c := range left {
		alone := !slices.ContainsFunc(left[i:], func(other docker.Container) bool { return !candidate(other) && deployOf(other) == deployOf(c) })
		if err := r.recoverContainer(ctx, dead, c, alone); err != nil {
			failures = errors.Join(failures, err)
		}
	}
	names, err := r.o.Engine.ImageNames(ctx, dead.keptNames())
	if err != nil {
		return errors.Join(failures, err)
	}
	for _, name := range names {
		switch err := r.o.Engine.Untag(ctx, name); {
		case errors.Is(err, docker.ErrConflict):
			r.untagLater(name)
		case err != nil:
			failures = errors.Join(failures, err)
		default:
			r.log.Info("removed what an earlier hub has left", "image", name)
		}
	}
	if failures != nil { // the folder's marks are needed again
		return failures
	}
	r.log.Info("removed what an earlier hub has left", "folder", dead.folder)
	return dead.remove()
}

// candidatesFirst sorts containers so: one may have the port that an old container wants, and what they were tried for tells the rest.
func candidatesFirst(a, b docker.Container) int {
	rank := map[bool]int{false: 1}
	return rank[candidate(a)] - rank[candidate(b)]
}

// recoverContainer ends what a dead hub was doing with a container. alone is a candidate's whose deploy has no other container.
func (r *Runner) recoverContainer(ctx context.Context, dead *instance, c docker.Container, alone bool) error {
	// A run of ours may be about to replace it, too.
	keys := []string{siteKey(c.Labels[labelSite]), portKey(c.Labels[labelPort])}
	giveBack, err := r.ports.take(ctx, "what an earlier hub has left", keys, func(string, string) {})
	if err != nil {
		return err
	}
	defer giveBack()
	if c, err = r.o.Engine.Container(ctx, c.ID); errors.Is(err, docker.ErrNotFound) {
		return nil
	} else if err != nil {
		return err
	}
	old, err := r.stillThere(ctx, replaces(c))
	if err != nil {
		return err
	}
	word := dead.marked(deployOf(c))
	switch {
	case candidate(c) && (!alone || word == proven):
		return r.recovered(ctx, c)
	case candidate(c), c.Status == "created", word == unproven, word == takeover && (!up(c) || c.Status == "restarting"):
		return r.recoverOld(ctx, c, old)
	case up(c), word == proven:
		if err := r.recovered(ctx, old...); err != nil || word == "" {
			return err
		}
		return r.rename(ctx, c, c.Labels[labelName])
	}
	return nil // it was deployed, and somebody has stopped it
}

// recoverOld removes a container, once those run again that it was to replace: until then its labels tell of them.
func (r *Runner) recoverOld(ctx context.Context, c docker.Container, old []docker.Container) error {
	if err := r.halt(ctx, c); err != nil {
		return err
	}
	for _, o := range old {
		if up(o) {
			continue
		}
		if _, err := r.startOnPort(ctx, o, returning); errors.Is(err, docker.ErrUnavailable) || ctx.Err() != nil {
			return err
		} else if err != nil {
			r.log.Error("a container that served before an earlier hub's deploy cannot be started again", "container", o.Name, "error", err)
			continue
		}
		r.log.Info("started again what an earlier hub had stopped", "container", o.Name)
	}
	return r.recovered(ctx, c)
}

// recovered removes containers.
func (r *Runner) recovered(ctx context.Context, all ...docker.Container) error {
	for _, c := range all {
		if _, err := r.o.Engine.Remove(ctx, c.ID, true, true); err != nil && !errors.Is(err, docker.ErrNotFound) {
			return err
		}
		r.log.Info("removed what an earlier hub has left", "container", c.Name)
	}
	return nil
}

// stillThere are the containers of these ids that there are.
func (r *Runner) stillThere(ctx context.Context, ids []string) (found []docker.Container, err error) {
	for _, id := range ids {
		c, err := r.o.Engine.Container(ctx, id)
		if err == nil {
			found = append(found, c)
		} else if !errors.Is(err, docker.ErrNotFound) {
			return nil, err
		}
	}
	return found, nil
}
