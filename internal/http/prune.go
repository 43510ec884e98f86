package http

import (
	"context"
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"

	"hub/internal/docker"
)

// pruneTime is how long the engine may take to remove what nobody uses.
const pruneTime = 10 * time.Minute

// pruneBody is the body of /docker/prune, which may be absent.
type pruneBody struct {
	Containers   *bool             `json:"containers" description:"those that do not run"`
	Images       *bool             `json:"images" description:"those without a name that no container is of"`
	Networks     *bool             `json:"networks" description:"those without a running container"`
	Volumes      *bool             `json:"volumes" description:"those without a name of their own that no container has"`
	NamedVolumes *bool             `json:"named_volumes" description:"those with a name that no container has; what is in them is lost"`
	BuildCache   *bool             `json:"build_cache" description:"what BuildKit keeps of earlier builds"`
	Labels       map[string]string `json:"labels" check:"loose" description:"only what has all of these labels; an empty value is any"`
	Until        string            `json:"until" description:"only what was made before: a time such as 2026-11-23T20:11:47Z, or a duration such as 24h; not for volumes"`
	DryRun       bool              `json:"dry_run" description:"say what would be removed, and remove nothing"`
}

// pruneAnswer is what was removed.
type pruneAnswer struct {
	Containers []string `json:"containers_deleted" description:"ids"`
	Images     []string `json:"images_deleted" description:"ids, of their layers too"`
	Networks   []string `json:"networks_deleted" description:"names"`
	Volumes    []string `json:"volumes_deleted" description:"names"`
	BuildCache []string `json:"build_cache_deleted" description:"ids"`
	Space      uint64   `json:"space_reclaimed" description:"bytes; in a dry run about how many it would be"`
	DryRun     bool     `json:"dry_run"`
}

var pruneDoc = operation{
	more: "With none of the six kinds given, or no body at all: containers, images and networks, as `docker system prune` does. " +
		"A dry run does not list an image or a volume that only a container in the list still holds.",
	takes: pruneBody{Containers: new(true), Images: new(true), Labels: map[string]string{"app": "site"}, Until: "24h"},
	gives: pruneAnswer{
		Containers: []string{exampleID}, Images: []string{"sha256:5f7c3c0f1d3f0b5a9e0c2a1f4b6d8e7c9a0b1c2d3e4f5061728394a5b6c7d8e9"}, Networks: []string{}, Volumes: []string{}, BuildCache: []string{},
		Space: 48_201_728,
	},
	fails: []int{409},
}

// prune is POST /docker/prune.
func (s *Server) prune(c *fiber.Ctx) error {
	var body pruneBody
	if c.Context().RequestBodyStream() != nil && c.Request().Header.ContentLength() != 0 {
		if err := decode(c, &body); err != nil {
			return err
		}
	}
	spec, err := body.spec(time.Now())
	if err != nil {
		return err
	}
	call := (*docker.Engine).Prune
	if body.DryRun {
		call = (*docker.Engine).Prunable
	}
	p, err := askEngine(s, pruneTime, func(ctx context.Context, e *docker.Engine) (docker.Pruned, error) { return call(e, ctx, spec) })
	if err != nil {
		return err
	}
	return c.JSON(pruneAnswer{
		listed(p.Containers), listed(p.Images), listed(p.Networks), listed(p.Volumes), listed(p.BuildCache), p.Space, body.DryRun,
	})
}

func (b pruneBody) spec(now time.Time) (docker.PruneSpec, error) {
	chosen := func(choice *bool) bool { return choice != nil && *choice }
	s := docker.PruneSpec{
		Containers: chosen(b.Containers), Images: chosen(b.Images), Networks: chosen(b.Networks), Volumes: chosen(b.Volumes),
		NamedVolumes: chosen(b.NamedVolumes), BuildCache: chosen(b.BuildCache), Labels: b.Labels,
	}
	given := func(choice *bool) bool { return choice != nil }
	if !slices.ContainsFunc([]*bool{b.Containers, b.Images, b.Networks, b.Volumes, b.NamedVolumes, b.BuildCache}, given) {
		s.Containers, s.Images, s.Networks = true, true, true
	}
	if b.Until == "" {
		return s, nil
	}
	at, err := time.Parse(time.RFC3339Nano, b.Until)
	if err != nil {
		ago, err := parseDuration(b.Until)
		if err != nil {
			return s, unprocessable(fault{[]any{"body", "until"}, "must be a time such as 2026-11-23T20:11:47Z or a duration such as 24h", "value_error"})
		}
		at = now.Add(-ago)
	}
	s.Until = at
	return s, nil
}
