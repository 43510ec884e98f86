package http

import (
	"context"
	"time"

	"github.com/gofiber/fiber/v2"

	"hub/internal/docker"
)

// networkBody is the body of /docker/network/create.
type networkBody struct {
	Name       string            `json:"name" check:"required"`
	Driver     string            `json:"driver" description:"bridge by default"`
	Labels     map[string]string `json:"labels" check:"loose"`
	Internal   bool              `json:"internal" description:"without a way out"`
	Attachable bool              `json:"attachable" description:"of a swarm: for containers that are no service's"`
}

// networkInfo is a network.
type networkInfo struct {
	ID         string            `json:"id"`
	Name       string            `json:"name"`
	Driver     string            `json:"driver"`
	Scope      string            `json:"scope" description:"local, swarm or global"`
	Internal   bool              `json:"internal"`
	Attachable bool              `json:"attachable"`
	Labels     map[string]string `json:"labels"`
	Subnets    []string          `json:"subnets"`
	Created    time.Time         `json:"created"`
}

// connectBody is the body of /docker/network/connect.
type connectBody struct {
	Network   string   `json:"network" check:"required" description:"by name or id"`
	Container string   `json:"container" check:"required" description:"by name or id"`
	Aliases   []string `json:"aliases" description:"further names that others in the network find it by"`
}

// disconnectBody is the body of /docker/network/disconnect.
type disconnectBody struct {
	Network   string `json:"network" check:"required" description:"by name or id"`
	Container string `json:"container" check:"required" description:"by name or id"`
	Force     bool   `json:"force" description:"for what was left behind of a container that is not connected any more"`
}

// connection is what connect and disconnect answer.
type connection struct {
	Connected   bool   `json:"connected" description:"whether they are now"`
	Network     string `json:"network" description:"its name"`
	NetworkID   string `json:"network_id"`
	Container   string `json:"container" description:"its name"`
	ContainerID string `json:"container_id"`
}

var exampleNetwork = networkInfo{
	"7d86d31b1478e7cca9ebed7e73aa0fdeec46c5ca29497431d3007d2d9e15ed99", "site-net", "bridge", "local", false, false,
	map[string]string{"app": "site"}, []string{"172.18.0.0/16"}, time.Date(2026, 11, 23, 20, 11, 47, 0, time.UTC),
}

var (
	createNetworkDoc = operation{
		takes: networkBody{Name: "site-net", Driver: "bridge", Labels: map[string]string{"app": "site"}},
		gives: exampleNetwork, fails: []int{404, 409},
	}
	networksDoc      = operation{more: "By name.", gives: []networkInfo{exampleNetwork}}
	removeNetworkDoc = operation{
		more:  "By name or id. One with running containers is a 409 that says which; `force` disconnects them first.",
		takes: removeBody{"site-net", false}, gives: removedAnswer{true, "site-net"}, fails: []int{404, 409},
	}
	connectDoc = operation{
		takes: connectBody{"site-net", "web", []string{"www"}},
		gives: connection{true, "site-net", exampleNetwork.ID, "web", exampleID}, fails: []int{404, 409},
	}
	disconnectDoc = operation{
		takes: disconnectBody{"site-net", "web", false},
		gives: connection{false, "site-net", exampleNetwork.ID, "web", exampleID}, fails: []int{404, 409},
	}
)

func networkInfoOf(n docker.Network) networkInfo {
	return networkInfo{n.ID, n.Name, n.Driver, n.Scope, n.Internal, n.Attachable, n.Labels, n.Subnets, n.Created}
}

// createNetwork is POST /docker/network/create.
func (s *Server) createNetwork(c *fiber.Ctx) error {
	var body networkBody
	return s.callEngine(c, &body, func(ctx context.Context, e *docker.Engine) (any, error) {
		made, err := e.CreateNetwork(ctx, docker.NetworkSpec{
			Name: body.Name, Driver: body.Driver, Labels: body.Labels, Internal: body.Internal, Attachable: body.Attachable,
		})
		return networkInfoOf(made), err
	})
}

// listNetworks is GET /docker/network/list.
func (s *Server) listNetworks(c *fiber.Ctx) error {
	return s.callEngine(c, nil, func(ctx context.Context, e *docker.Engine) (any, error) {
		networks, err := e.Networks(ctx)
		list := make([]networkInfo, len(networks))
		for i, n := range networks {
			list[i] = networkInfoOf(n)
		}
		return list, err
	})
}

// removeNetwork is POST /docker/network/remove.
func (s *Server) removeNetwork(c *fiber.Ctx) error {
	var body removeBody
	return s.callEngine(c, &body, func(ctx context.Context, e *docker.Engine) (any, error) {
		return removedAnswer{true, body.Name}, e.RemoveNetwork(ctx, body.Name, body.Force)
	})
}

// connectNetwork is POST /docker/network/connect.
func (s *Server) connectNetwork(c *fiber.Ctx) error {
	var body connectBody
	return s.callEngine(c, &body, func(ctx context.Context, e *docker.Engine) (any, error) {
		n, to, err := e.Connect(ctx, body.Network, body.Container, body.Aliases)
		return connection{true, n.Name, n.ID, to.Name, to.ID}, err
	})
}

// disconnectNetwork is POST /docker/network/disconnect.
func (s *Server) disconnectNetwork(c *fiber.Ctx) error {
	var body disconnectBody
	return s.callEngine(c, &body, func(ctx context.Context, e *docker.Engine) (any, error) {
		n, from, err := e.Disconnect(ctx, body.Network, body.Container, body.Force)
		return connection{false, n.Name, n.ID, from.Name, from.ID}, err
	})
}
