package docker

import (
	"context"
	"fmt"
	"strings"
	"time"

	cerrdefs "github.com/containerd/errdefs"
	"github.com/distribution/reference"
	containertypes "github.com/docker/docker/api/types/container"
	networktypes "github.com/docker/docker/api/types/network"
)

// Prepare says what is wrong with a spec before anything is done: CheckRun, and
// what the engine knows: ErrConflict for a name in use, ErrNotFound for a network
// that is not. pull is whether the engine lacks the image, which Run would pull.
func (e *Engine) Prepare(ctx context.Context, s RunSpec) (pull bool, err error) {
	if err := e.CheckRun(s); err != nil {
		return false, err
	}
	if s.Name != "" {
		switch other, err := e.api().ContainerInspect(ctx, s.Name); {
		case err == nil && other.Name == "/"+s.Name:
			return false, fail(ErrConflict, "cannot run container %s: the name is in use by container %.12s", s.Name, other.ID)
		case err != nil && !cerrdefs.IsNotFound(err):
			return false, e.explain(ctx, "cannot run container "+s.Name, err)
		}
	}
	if _, err := e.networkMode(ctx, s.Network); err != nil {
		return false, err
	}
	switch _, err := e.api().ImageInspect(ctx, s.Image); {
	case cerrdefs.IsNotFound(err):
		if ref, err := reference.ParseAnyReference(s.Image); err == nil {
			if _, named := ref.(reference.Named); named {
				return true, nil
			}
		}
		return false, fail(ErrNotFound, "cannot run image %s: there is none of that id, and an id cannot be pulled", s.Image)
	case err != nil:
		return false, e.explain(ctx, "cannot look for image "+s.Image, err)
	}
	return false, nil
}

// networkMode is a network as a container is given it. The host's network has an
// id as well as a name, so all that is not the engine's own is looked up.
func (e *Engine) networkMode(ctx context.Context, name string) (containertypes.NetworkMode, error) {
	if ownNetwork(name) {
		return containertypes.NetworkMode(name), nil
	}
	n, err := e.api().NetworkInspect(ctx, name, networktypes.InspectOptions{})
	switch {
	case err != nil:
		return "", e.explain(ctx, "cannot use network "+name, err)
	case n.Driver == "host":
		return containertypes.NetworkMode(n.Name), e.checkNetwork(n.Name)
	case n.Name != name:
		return containertypes.NetworkMode(n.ID), nil
	}
	return containertypes.NetworkMode(name), nil
}

// Run makes a container and starts it. A missing image is pulled first, as the
// older service did; the pull's events go to to, which may be nil. What could not
// be started is removed, apart from a named volume or a folder of the host that
// the engine made for it. The container that is returned may have ended already.
func (e *Engine) Run(ctx context.Context, s RunSpec, to Publisher) (Container, error) {
	pull, err := e.Prepare(ctx, s)
	if err != nil {
		return Container{}, err
	}
	if pull {
		if _, err := e.Pull(ctx, PullSpec{Ref: s.Image, Field: "image"}, to); err != nil {
			return Container{}, err
		}
	}
	id, warnings, err := e.create(ctx, s)
	if err != nil {
		return Container{}, err
	}
	if err := e.api().ContainerStart(ctx, id, containertypes.StartOptions{}); err != nil {
		e.discard(ctx, id)
		return Container{}, e.startError(ctx, "cannot run container "+naming(s.Name, id), err)
	}
	c, err := e.container(ctx, "cannot find container", id)
	c.Warnings = warnings
	return c, err
}

// create makes the container and gives its id. Where ctx ends there is none.
func (e *Engine) create(ctx context.Context, s RunSpec) (id string, warnings []string, err error) {
	config, host, err := e.configs(s)
	if err != nil {
		return "", nil, err
	}
	if host.NetworkMode, err = e.networkMode(ctx, s.Network); err != nil {
		return "", nil, err
	}
	tried := "cannot run a container of image " + s.Image
	if ctx.Err() != nil {
		return "", nil, e.explain(ctx, tried, ctx.Err())
	}
	longer, done := outlasting(ctx, creating)
	defer done()
	made, err := e.api().ContainerCreate(longer, config, host, nil, nil, s.Name)
	switch {
	case err == nil && ctx.Err() != nil:
		e.discard(ctx, made.ID)
		return "", nil, e.explain(ctx, tried, ctx.Err())
	case err != nil && strings.Contains(err.Error(), "storage-opt"): // which the engine takes for a fault of its own
		return "", nil, fail(ErrUnsupported, "%s: this engine's storage cannot be bounded: %s", tried, words(err))
	case err != nil:
		return "", nil, e.explain(ctx, tried, err)
	}
	return made.ID, made.Warnings, nil
}

// discard removes a container that came to nothing, whatever has become of ctx.
func (e *Engine) discard(ctx context.Context, id string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 30*time.Second)
	defer cancel()
	// Where the engine is away, what it has left is its own to tell.
	_ = e.api().ContainerRemove(ctx, id, containertypes.RemoveOptions{Force: true, RemoveVolumes: true})
}

// Wait waits until a container does not run, and gives its exit code.
func (e *Engine) Wait(ctx context.Context, idOrName string) (exitCode int, err error) {
	c, err := e.container(ctx, "cannot wait for container", idOrName)
	if err != nil {
		return 0, err
	}
	ended, failed := e.api().ContainerWait(ctx, c.ID, containertypes.WaitConditionNotRunning)
	select {
	case end := <-ended:
		if end.Error != nil {
			return 0, fail(nil, "cannot wait for container %s: %s", c.Name, end.Error.Message)
		}
		return int(end.StatusCode), nil
	case err := <-failed:
		return 0, e.explain(ctx, "cannot wait for container "+c.Name, err)
	}
}

// naming is what a container is called before it has a name, or after.
func naming(name, id string) string {
	if name != "" {
		return name
	}
	return fmt.Sprintf("%.12s", id)
}
