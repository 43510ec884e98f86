package pipeline

import (
	"context"
	"errors"
	"sync"
	"time"

	"hub/internal/docker"
)

const (
	// mostLines of a container are the stage's; the rest is in its log.
	mostLines = 200
	// quiet is how long a container must be silent before its first lines are taken to be all: they come a moment after they are written.
	quiet = 50 * time.Millisecond
	// longEnough bounds that for one that is never silent.
	longEnough = 500 * time.Millisecond
)

// output passes on the first lines that a container writes.
type output struct {
	r    *run
	stop context.CancelFunc
	done chan struct{} // closed when nothing more comes
	said chan struct{} // a line has come

	mu    sync.Mutex
	count int
}

// follow begins to pass on the first lines of a container, until end.
func (r *run) follow(ctx context.Context, c docker.Container) *output {
	ctx, stop := context.WithCancel(ctx)
	o := &output{r: r, stop: stop, done: make(chan struct{}), said: make(chan struct{}, 1)}
	go func() {
		defer close(o.done)
		defer r.guard("following a container of a pipeline")
		err := r.o.Engine.FollowOutput(ctx, c.ID, o)
		if err != nil && ctx.Err() == nil && !errors.Is(err, docker.ErrNotFound) {
			r.tell("%s", err)
		}
	}()
	return o
}

// Publish implements [docker.Publisher].
func (o *output) Publish(kind string, data []byte) error {
	if kind != "line" {
		return nil
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.count++
	switch {
	case o.count <= mostLines:
		_ = o.r.Publish(kind, data)
	case o.count == mostLines+1:
		o.r.tell("…")
		o.stop()
	}
	select {
	case o.said <- struct{}{}:
	default:
	}
	return nil
}

// end ends it. What has been written by now is passed on before, as far as it comes without a silence of that long.
func (o *output) end(silence time.Duration) {
	late := time.After(longEnough)
	defer func() {
		o.stop()
		<-o.done
	}()
	for {
		select {
		case <-o.said:
		case <-time.After(silence):
			return
		case <-late:
			return
		case <-o.done:
			return
		}
	}
}
