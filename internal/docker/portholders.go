package docker

import (
	"context"
	"errors"

	containertypes "github.com/docker/docker/api/types/container"
	"github.com/docker/go-connections/nat"
)

// PortHolders are the containers that publish a TCP port of the host, on whatever
// address of it. They run, are paused, or are about to run again; one that only
// would publish it, if it ran, holds nothing.
func (e *Engine) PortHolders(ctx context.Context, port int) ([]Container, error) {
	running, err := e.Containers(ctx, false)
	if err != nil {
		return nil, err
	}
	holders := []Container{}
	for _, c := range running {
		holds := c.Ports.Publish(port)
		if c.Status == containertypes.StateRestarting {
			if holds, err = e.wouldPublish(ctx, c.ID, port); err != nil {
				return nil, err
			}
		}
		if holds {
			holders = append(holders, c)
		}
	}
	return holders, nil
}

// wouldPublish is whether a container has been told to publish a port. One that
// waits between two runs has lost its ports meanwhile, and takes them again.
func (e *Engine) wouldPublish(ctx context.Context, id string, port int) (bool, error) {
	r, err := e.inspect(ctx, "cannot look at container", id)
	switch {
	case errors.Is(err, ErrNotFound): // it has gone since it was listed
		return false, nil
	case err != nil || r.HostConfig == nil:
		return false, err
	}
	return boundPorts(r.HostConfig.PortBindings).Publish(port), nil
}

// Publish reports whether a TCP port of the host is among those.
func (p Ports) Publish(port int) bool {
	for given, hosts := range p {
		if nat.Port(given).Proto() != "tcp" {
			continue
		}
		for _, host := range hosts {
			if host.Port == port {
				return true
			}
		}
	}
	return false
}
