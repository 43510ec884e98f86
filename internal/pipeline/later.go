package pipeline

import (
	"context"
	"errors"
	"strings"
	"time"

	"hub/internal/docker"
)

// soonGivenUp is how long a hung engine holds up what is tried again later anyway: the end of a run that was cancelled, above all.
const soonGivenUp = 4 * time.Second

// undoLater keeps what could not be taken back since the engine is away.
func (r *Runner) undoLater(undo func(ctx context.Context) error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.undos = append(r.undos, undo)
}

// untagLater keeps a name of the hub's own that cannot be taken from its image yet: the engine is away, or a container was made of the
// image, which has no other name.
func (r *Runner) untagLater(name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.untags = append(r.untags, name)
}

// tryAgain tries what has been put off. That an image is still in use is no error.
func (r *Runner) tryAgain(ctx context.Context) error {
	return errors.Join(r.undoAgain(ctx), r.untagAgain(ctx))
}

// undoAgain takes back what earlier runs have done, before others build on it.
func (r *Runner) undoAgain(ctx context.Context) (failures error) {
	r.undoing.Lock()
	defer r.undoing.Unlock()
	r.mu.Lock()
	undos := r.undos
	r.undos = nil
	r.mu.Unlock()
	ctx, cancel := context.WithTimeout(ctx, soonGivenUp)
	defer cancel()
	for _, undo := range undos {
		if err := undo(ctx); away(err) {
			r.undoLater(undo)
			failures = errors.Join(failures, err)
		} else if err != nil && !errors.Is(err, docker.ErrNotFound) {
			r.log.Warn("cannot take back what a pipeline did", "error", err)
		}
	}
	return failures
}

// untagAgain takes names of the hub's own from images that are in use no more.
func (r *Runner) untagAgain(ctx context.Context) (failures error) {
	r.mu.Lock()
	names := r.untags
	r.untags = nil
	r.mu.Unlock()
	for _, name := range names {
		err := r.o.Engine.Untag(ctx, name)
		if errors.Is(err, docker.ErrConflict) {
			err = r.adopt(ctx, name)
		} else if err != nil {
			r.untagLater(name)
		}
		failures = errors.Join(failures, err)
	}
	return failures
}

// adopt keeps the name of an image in use for later. One that an earlier hub has given becomes one of this hub's, by which its successor
// finds the image.
func (r *Runner) adopt(ctx context.Context, name string) error {
	if strings.HasPrefix(name, r.instance.keptNames()) {
		r.untagLater(name)
		return nil
	}
	ours := r.instance.keptNames() + randomName()
	_, err := r.o.Engine.Tag(ctx, name, ours, "latest")
	if err == nil {
		r.untagLater(ours + ":latest")
		err = r.o.Engine.Untag(ctx, name)
	}
	if away(err) {
		r.untagLater(name)
	}
	return err
}

// away reports whether an error is of an engine that did not answer.
func away(err error) bool {
	return errors.Is(err, docker.ErrUnavailable) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}

// patient is a context for taking back: it outlives that of the run, but not for long once that has ended.
func patient(run context.Context) (ctx context.Context, done func()) {
	const long = 30 * time.Second
	ctx, cancel := context.WithCancelCause(context.WithoutCancel(run))
	slow := fail(docker.ErrUnavailable, "the Docker engine did not answer in time; look whether it hangs")
	timer := time.AfterFunc(long, func() { cancel(slow) })
	stop := context.AfterFunc(run, func() { timer.Reset(soonGivenUp) })
	return ctx, func() {
		stop()
		timer.Stop()
		cancel(nil)
	}
}
