package docker

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	networktypes "github.com/docker/docker/api/types/network"
)

// Network is one.
type Network struct {
	ID, Name, Driver     string
	Scope                string // local, swarm or global
	Internal, Attachable bool
	Labels               map[string]string
	Subnets              []string // such as 172.18.0.0/16
	Created              time.Time
}

// NetworkSpec is a network to be made.
type NetworkSpec struct {
	Name       string
	Driver     string // "" is bridge
	Labels     map[string]string
	Internal   bool // without a way out
	Attachable bool // of a swarm: for containers that are no service's
}

func networkOf(n *networktypes.Summary) Network {
	subnets := []string{}
	for _, c := range n.IPAM.Config {
		subnets = append(subnets, c.Subnet)
	}
	return Network{n.ID, n.Name, n.Driver, n.Scope, n.Internal, n.Attachable, orEmpty(n.Labels), subnets, n.Created.UTC()}
}

// CreateNetwork makes a network. The error's kind is ErrInvalid for a field,
// ErrConflict for a name in use.
func (e *Engine) CreateNetwork(ctx context.Context, s NetworkSpec) (Network, error) {
	if !idGrammar.MatchString(s.Name) {
		return Network{}, invalid("name", "%q is no name of a network: it has letters, digits, _, . and -, and begins with a letter or digit", shorten(s.Name))
	}
	if s.Driver != "" && !driverGrammar(s.Driver) {
		return Network{}, invalid("driver", "%q is no name of a driver", shorten(s.Driver))
	}
	tried := "cannot create network " + s.Name
	made, err := e.api().NetworkCreate(ctx, s.Name, networktypes.CreateOptions{
		Driver: s.Driver, Labels: s.Labels, Internal: s.Internal, Attachable: s.Attachable,
	})
	if err != nil {
		return Network{}, e.explain(ctx, tried, err)
	}
	n, err := e.api().NetworkInspect(ctx, made.ID, networktypes.InspectOptions{})
	return networkOf(&n), e.explain(ctx, tried, err)
}

// Networks lists the networks by name.
func (e *Engine) Networks(ctx context.Context) ([]Network, error) {
	all, err := e.api().NetworkList(ctx, networktypes.ListOptions{})
	if err != nil {
		return nil, e.explain(ctx, "cannot list the networks", err)
	}
	list := make([]Network, len(all))
	for i := range all {
		list[i] = networkOf(&all[i])
	}
	slices.SortFunc(list, func(a, b Network) int { return strings.Compare(a.Name, b.Name) })
	return list, nil
}

// findNetwork finds one by name or id, for something that is tried with it.
func (e *Engine) findNetwork(ctx context.Context, tried, idOrName string) (networktypes.Inspect, error) {
	if !idGrammar.MatchString(idOrName) {
		return networktypes.Inspect{}, fail(ErrNotFound, "%s: there is none named %q", tried, shorten(idOrName))
	}
	n, err := e.api().NetworkInspect(ctx, idOrName, networktypes.InspectOptions{})
	return n, e.explain(ctx, tried+" "+shorten(idOrName), err)
}

// RemoveNetwork removes a network. One that running containers are connected to
// is an ErrConflict that says which; with force they are disconnected first.
func (e *Engine) RemoveNetwork(ctx context.Context, idOrName string, force bool) error {
	const tried = "cannot remove network"
	n, err := e.findNetwork(ctx, tried, idOrName)
	if err != nil {
		return err
	}
	own := n.Name == "bridge" || n.Name == "host" || n.Name == "none" // the engine's, which go for nobody
	if force && !own {
		for id := range n.Containers {
			err := e.explain(ctx, tried+" "+n.Name, e.api().NetworkDisconnect(ctx, n.ID, id, true))
			if err != nil && !errors.Is(err, ErrNotFound) {
				return err
			}
		}
	}
	err = e.explain(ctx, tried+" "+n.Name, e.api().NetworkRemove(ctx, n.ID))
	if errors.Is(err, ErrForbidden) && !own && !force { // as some engines put it
		return fail(ErrConflict, "%s %s: it is in use by %s", tried, n.Name, strings.Join(connected(n), ", "))
	}
	return err
}

// connected names the containers of a network.
func connected(n networktypes.Inspect) (names []string) {
	for c := range maps.Values(n.Containers) {
		names = append(names, "container "+c.Name)
	}
	slices.Sort(names)
	return names
}

// Connect connects a container to a network, under its name and the aliases. Two
// of whom either is not there are an ErrNotFound; connected already they are an
// ErrConflict.
func (e *Engine) Connect(ctx context.Context, networkName, idOrName string, aliases []string) (Network, Container, error) {
	const tried = "cannot connect to network"
	n, c, err := e.pair(ctx, tried, networkName, idOrName)
	if err == nil {
		err = e.checkNetwork(n.Name)
	}
	if err != nil {
		return Network{}, c, err
	}
	if slices.Contains(c.Networks, n.Name) {
		return Network{}, c, fail(ErrConflict, "%s %s: container %s is connected to it already", tried, n.Name, c.Name)
	}
	err = e.api().NetworkConnect(ctx, n.ID, c.ID, &networktypes.EndpointSettings{Aliases: aliases})
	return networkOf(&n), c, e.explain(ctx, tried+" "+n.Name, err)
}

// Disconnect disconnects a container from a network. force is for an endpoint
// that was left behind.
func (e *Engine) Disconnect(ctx context.Context, networkName, idOrName string, force bool) (Network, Container, error) {
	const tried = "cannot disconnect from network"
	n, c, err := e.pair(ctx, tried, networkName, idOrName)
	if err != nil {
		return Network{}, c, err
	}
	if !force && !slices.Contains(c.Networks, n.Name) {
		return Network{}, c, fail(ErrConflict, "%s %s: container %s is not connected to it", tried, n.Name, c.Name)
	}
	return networkOf(&n), c, e.explain(ctx, tried+" "+n.Name, e.api().NetworkDisconnect(ctx, n.ID, c.ID, force))
}

func (e *Engine) pair(ctx context.Context, tried, networkName, idOrName string) (n networktypes.Inspect, c Container, err error) {
	if n, err = e.findNetwork(ctx, tried, networkName); err == nil {
		c, err = e.container(ctx, tried+" "+n.Name+": cannot find container", idOrName)
	}
	return n, c, err
}
