package docker

import (
	"context"
	"time"
)

// Create makes a container and starts nothing. Unlike [Engine.Run] it pulls
// nothing: where the engine lacks the image, the error's kind is ErrNotFound.
func (e *Engine) Create(ctx context.Context, s RunSpec) (Container, error) {
	lacking, err := e.Prepare(ctx, s)
	if err != nil {
		return Container{}, err
	}
	if lacking {
		return Container{}, fail(ErrNotFound, "cannot make a container of image %s: there is none of that name, pull it first", s.Image)
	}
	id, warnings, err := e.create(ctx, s)
	if err != nil {
		return Container{}, err
	}
	c, err := e.container(ctx, "cannot find container", id)
	c.Warnings = warnings
	return c, err
}

// creating is how long an engine may go on with a container that nobody wants any
// more before it is not waited for.
const creating = 3 * time.Second

// outlasting is a context that ends a while after ctx. A container that an engine
// has begun to make is made, whoever has gone meanwhile, and only who waits learns
// which one to remove.
func outlasting(ctx context.Context, grace time.Duration) (context.Context, context.CancelFunc) {
	longer, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(grace, cancel) })
	return longer, func() {
		stop()
		cancel()
	}
}
