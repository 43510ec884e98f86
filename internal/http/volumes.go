package http

import (
	"context"
	"time"

	"github.com/gofiber/fiber/v2"

	"hub/internal/docker"
)

// volumeBody is the body of /docker/volume/create.
type volumeBody struct {
	Name   string            `json:"name" description:"the engine makes one up where none is given; a volume of that name which is there already is the answer"`
	Driver string            `json:"driver" description:"local by default; a driver's options cannot be given, since by them a volume is any folder of the host"`
	Labels map[string]string `json:"labels" check:"loose"`
}

// volumeInfo is a volume.
type volumeInfo struct {
	Name       string            `json:"name"`
	Driver     string            `json:"driver"`
	Mountpoint string            `json:"mountpoint" description:"on the engine's host"`
	Labels     map[string]string `json:"labels"`
	Scope      string            `json:"scope" description:"local or global"`
	Created    time.Time         `json:"created"`
}

// removeBody is the body of the removal of a volume or a network.
type removeBody struct {
	Name  string `json:"name" check:"required"`
	Force bool   `json:"force"`
}

type removedAnswer struct {
	Removed bool   `json:"removed"`
	Name    string `json:"name" description:"as it was asked for"`
}

var exampleVolume = volumeInfo{
	"site-data", "local", "/var/lib/docker/volumes/site-data/_data", map[string]string{"app": "site"}, "local",
	time.Date(2026, 11, 23, 20, 11, 47, 0, time.UTC),
}

var (
	createVolumeDoc = operation{
		takes: volumeBody{"site-data", "local", map[string]string{"app": "site"}},
		gives: exampleVolume, fails: []int{404, 409},
	}
	volumesDoc      = operation{more: "By name.", gives: []volumeInfo{exampleVolume}}
	removeVolumeDoc = operation{
		more:  "With all that is in it. One that is in use is a 409 that says by which containers; `force` is for one whose driver has lost it.",
		takes: removeBody{"site-data", false}, gives: removedAnswer{true, "site-data"}, fails: []int{404, 409},
	}
)

func volumeInfoOf(v docker.Volume) volumeInfo {
	return volumeInfo{v.Name, v.Driver, v.Mountpoint, v.Labels, v.Scope, v.Created}
}

// createVolume is POST /docker/volume/create.
func (s *Server) createVolume(c *fiber.Ctx) error {
	var body volumeBody
	return s.callEngine(c, &body, func(ctx context.Context, e *docker.Engine) (any, error) {
		made, err := e.CreateVolume(ctx, docker.VolumeSpec{Name: body.Name, Driver: body.Driver, Labels: body.Labels})
		return volumeInfoOf(made), err
	})
}

// listVolumes is GET /docker/volume/list.
func (s *Server) listVolumes(c *fiber.Ctx) error {
	return s.callEngine(c, nil, func(ctx context.Context, e *docker.Engine) (any, error) {
		volumes, err := e.Volumes(ctx)
		list := make([]volumeInfo, len(volumes))
		for i, v := range volumes {
			list[i] = volumeInfoOf(v)
		}
		return list, err
	})
}

// removeVolume is POST /docker/volume/remove.
func (s *Server) removeVolume(c *fiber.Ctx) error {
	var body removeBody
	return s.callEngine(c, &body, func(ctx context.Context, e *docker.Engine) (any, error) {
		return removedAnswer{true, body.Name}, e.RemoveVolume(ctx, body.Name, body.Force)
	})
}
