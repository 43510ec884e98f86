package docker

import (
	"context"
	"regexp"
	"strings"
	"time"

	containertypes "github.com/docker/docker/api/types/container"
)

// All of these find the container first, fail with ErrNotFound where there is
// none, and return it as it is afterwards.

// Start starts a container. One that runs already is left as it is.
func (e *Engine) Start(ctx context.Context, idOrName string) (Container, error) {
	return e.act(ctx, "cannot start container", idOrName, func(c Container) error {
		return e.startError(ctx, "cannot start container "+c.Name, e.api().ContainerStart(ctx, c.ID, containertypes.StartOptions{}))
	})
}

// Stop ends a container, which has that long to end by itself before it is killed;
// a grace of nil is as long as the container says, else ten seconds. One that has
// ended already is left as it is.
func (e *Engine) Stop(ctx context.Context, idOrName string, grace *time.Duration) (Container, error) {
	return e.act(ctx, "cannot stop container", idOrName, func(c Container) error {
		return e.api().ContainerStop(ctx, c.ID, stopOptions(grace))
	})
}

// Restart ends a container as Stop does, if it runs, and starts it.
func (e *Engine) Restart(ctx context.Context, idOrName string, grace *time.Duration) (Container, error) {
	return e.act(ctx, "cannot restart container", idOrName, func(c Container) error {
		return e.startError(ctx, "cannot restart container "+c.Name, e.api().ContainerRestart(ctx, c.ID, stopOptions(grace)))
	})
}

// signalGrammar is that of a signal's name, with or without SIG, or its number.
var signalGrammar = regexp.MustCompile(`^[A-Za-z0-9+]{1,20}$`)

// Kill sends a signal, "" for KILL, to a container that runs. A signal that the
// engine does not know is an ErrInvalid.
func (e *Engine) Kill(ctx context.Context, idOrName, signal string) (Container, error) {
	if signal == "" {
		signal = "KILL"
	}
	unknown := invalid("signal", `%q is no signal, such as "TERM", "SIGHUP" or "9"`, shorten(signal))
	if !signalGrammar.MatchString(signal) {
		return Container{}, unknown
	}
	return e.act(ctx, "cannot kill container", idOrName, func(c Container) error {
		err := e.api().ContainerKill(ctx, c.ID, signal)
		if err != nil && strings.Contains(strings.ToLower(err.Error()), "invalid signal") {
			return unknown
		}
		return err
	})
}

// Pause holds all processes of a container that runs.
func (e *Engine) Pause(ctx context.Context, idOrName string) (Container, error) {
	return e.act(ctx, "cannot pause container", idOrName, func(c Container) error {
		if c.Status != "running" {
			return fail(ErrConflict, "cannot pause container %s: it does not run, it is %s", c.Name, c.Status)
		}
		return e.api().ContainerPause(ctx, c.ID)
	})
}

// Unpause lets a paused container go on.
func (e *Engine) Unpause(ctx context.Context, idOrName string) (Container, error) {
	return e.act(ctx, "cannot unpause container", idOrName, func(c Container) error {
		if c.Status != "paused" {
			return fail(ErrConflict, "cannot unpause container %s: it is not paused, it is %s", c.Name, c.Status)
		}
		return e.api().ContainerUnpause(ctx, c.ID)
	})
}

// Remove removes a container, with force one that runs, too, and with volumes
// those that have no name. It returns the container as it was.
func (e *Engine) Remove(ctx context.Context, idOrName string, force, volumes bool) (Container, error) {
	c, err := e.container(ctx, "cannot remove container", idOrName)
	if err != nil {
		return c, err
	}
	if !force && (c.Status == "running" || c.Status == "restarting" || c.Status == "paused") {
		return c, fail(ErrConflict, "cannot remove container %s: it is %s; stop it first, or use force", c.Name, c.Status)
	}
	err = e.api().ContainerRemove(ctx, c.ID, containertypes.RemoveOptions{Force: force, RemoveVolumes: volumes})
	return c, e.explain(ctx, "cannot remove container "+c.Name, err)
}

// Update changes a container's limits and, where restart is not "", its restart
// policy, which it takes at once if it runs.
func (e *Engine) Update(ctx context.Context, idOrName string, limits Limits, restart string) (Container, error) {
	resources, err := limits.resources()
	if err != nil {
		return Container{}, err
	}
	policy, err := restartPolicy(restart)
	if err != nil {
		return Container{}, err
	}
	if limits == (Limits{}) && restart == "" {
		return Container{}, fail(ErrBadInput, "cannot update container %s: neither a limit nor a restart policy is given", shorten(idOrName))
	}
	var warnings []string
	c, err := e.act(ctx, "cannot update container", idOrName, func(c Container) error {
		done, err := e.api().ContainerUpdate(ctx, c.ID, containertypes.UpdateConfig{Resources: resources, RestartPolicy: policy})
		warnings = done.Warnings
		if err != nil && strings.Contains(err.Error(), "already set memoryswap limit") {
			return invalid("mem_limit", "%s cannot be: update memswap_limit together with it", limits.Memory)
		}
		if err != nil && resources.MemorySwap > 0 && strings.Contains(err.Error(), "memsw") {
			return invalid("memswap_limit", "%s cannot be: it needs a mem_limit, and must be at least that", limits.MemorySwap)
		}
		return err
	})
	c.Warnings = warnings
	return c, err
}

// act finds a container, does something with it, and returns it as it then is.
func (e *Engine) act(ctx context.Context, tried, idOrName string, do func(Container) error) (Container, error) {
	c, err := e.container(ctx, tried, idOrName)
	if err != nil {
		return c, err
	}
	if err := do(c); err != nil {
		return c, e.explain(ctx, tried+" "+c.Name, err)
	}
	return e.container(ctx, "cannot find container", c.ID)
}

func stopOptions(grace *time.Duration) (o containertypes.StopOptions) {
	if grace != nil {
		seconds := int(grace.Seconds())
		o.Timeout = &seconds
	}
	return o
}
