package http

import (
	"context"
	"time"

	"github.com/gofiber/fiber/v2"

	"hub/internal/docker"
)

// imageInfo is an image as GET /docker/images lists it.
type imageInfo struct {
	ID         string    `json:"id" description:"sha256: and 64 hex digits"`
	Tags       []string  `json:"tags" description:"its names, each with its tag; an image without any has none"`
	Digests    []string  `json:"digests" description:"its names by content, where a registry has it"`
	Size       int64     `json:"size" description:"bytes, with the layers that other images have, too"`
	Created    time.Time `json:"created"`
	Containers int       `json:"containers" description:"how many were made of it, running or not"`
}

var imagesDoc = operation{
	more: "The newest first; layers that only lie between others are not listed.",
	gives: []imageInfo{{
		ID:   "sha256:5f7c3c0f1d3f0b5a9e0c2a1f4b6d8e7c9a0b1c2d3e4f5061728394a5b6c7d8e9",
		Tags: []string{"registry.example:5000/site:latest"}, Digests: []string{}, Size: 48_201_728, Created: time.Date(2026, 11, 23, 20, 11, 47, 0, time.UTC), Containers: 1,
	}},
	fails: []int{503},
}

// listImages is GET /docker/images.
func (s *Server) listImages(c *fiber.Ctx) error {
	return s.callEngine(c, nil, func(ctx context.Context, e *docker.Engine) (any, error) {
		images, err := e.Images(ctx)
		list := make([]imageInfo, 0, len(images))
		for _, i := range images {
			list = append(list, imageInfo{i.ID, listed(i.Tags), listed(i.Digests), i.Size, i.Created.UTC(), i.Containers})
		}
		return list, err
	})
}

// listed is a list that is [] and not null when it is empty.
func listed(list []string) []string { return append([]string{}, list...) }

// tagBody is the body of /docker/tag.
type tagBody struct {
	Source string `json:"source" check:"required" description:"the image, by id or name"`
	Repo   string `json:"repo" check:"required" description:"the other name, with its registry's host where it is to be pushed to one"`
	Tag    string `json:"tag" description:"latest by default"`
}

type tagAnswer struct {
	Status string `json:"status" description:"ok"`
	Source string `json:"source" description:"as it was asked for"`
	Target string `json:"target" description:"the other name and its tag"`
}

var tagDoc = operation{
	takes: tagBody{"site:latest", "registry.example:5000/site", "1.4.2"},
	gives: tagAnswer{"ok", "site:latest", "registry.example:5000/site:1.4.2"},
	fails: []int{404, 503},
}

// tagImage is POST /docker/tag.
func (s *Server) tagImage(c *fiber.Ctx) error {
	var body tagBody
	return s.callEngine(c, &body, func(ctx context.Context, e *docker.Engine) (any, error) {
		target, err := e.Tag(ctx, body.Source, body.Repo, body.Tag)
		return tagAnswer{"ok", body.Source, target}, err
	})
}

// rmiBody is the body of /docker/rmi.
type rmiBody struct {
	IDOrName string `json:"id_or_name" check:"required" description:"the image; a name is taken from it, and the image goes with its last one"`
	Force    bool   `json:"force" description:"also where stopped containers are of it, or it has several names"`
}

type rmiAnswer struct {
	Removed bool   `json:"removed" description:"true"`
	Image   string `json:"image" description:"as it was asked for"`
}

var rmiDoc = operation{
	more:  "An image that containers are of is a 409 that names them.",
	takes: rmiBody{"site:latest", false},
	gives: rmiAnswer{true, "site:latest"},
	fails: []int{404, 409, 503},
}

// removeImage is POST /docker/rmi.
func (s *Server) removeImage(c *fiber.Ctx) error {
	var body rmiBody
	return s.callEngine(c, &body, func(ctx context.Context, e *docker.Engine) (any, error) {
		return rmiAnswer{true, body.IDOrName}, e.RemoveImage(ctx, body.IDOrName, body.Force)
	})
}
