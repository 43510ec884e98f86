package docker

import (
	"context"
	"slices"
	"time"

	"github.com/docker/docker/api/types"
	containertypes "github.com/docker/docker/api/types/container"
	imagetypes "github.com/docker/docker/api/types/image"
	networktypes "github.com/docker/docker/api/types/network"
)

// Prunable is what Prune would remove now, and about how many bytes that would
// free: layers that images share are counted for each of them. An image or a
// volume that only a container in the list still holds is not listed, though it
// would go after it.
func (e *Engine) Prunable(ctx context.Context, s PruneSpec) (p Pruned, err error) {
	if err := s.check(); err != nil {
		return p, err
	}
	for _, kind := range []struct {
		wanted bool
		list   func(context.Context, PruneSpec, *Pruned) error
	}{
		{s.Containers, e.prunableContainers}, {s.Networks, e.prunableNetworks}, {s.Volumes || s.NamedVolumes, e.prunableVolumes},
		{s.Images, e.prunableImages}, {s.BuildCache, e.prunableBuildCache},
	} {
		if kind.wanted {
			if err := kind.list(ctx, s, &p); err != nil {
				return p, e.explain(ctx, "cannot tell what could be pruned", err)
			}
		}
	}
	return p, nil
}

// old reports whether something made then is meant.
func (s PruneSpec) old(made time.Time) bool { return s.Until.IsZero() || made.Before(s.Until) }

func (e *Engine) prunableContainers(ctx context.Context, s PruneSpec, p *Pruned) error {
	list, err := e.api().ContainerList(ctx, containertypes.ListOptions{All: true, Size: true, Filters: s.labelled()})
	for _, c := range list {
		if slices.Contains([]string{"created", "exited", "dead"}, string(c.State)) && s.old(time.Unix(c.Created, 0)) {
			p.Containers = append(p.Containers, c.ID)
			p.Space += uint64(max(0, c.SizeRw))
		}
	}
	return err
}

func (e *Engine) prunableNetworks(ctx context.Context, s PruneSpec, p *Pruned) error {
	f := s.labelled()
	f.Add("type", "custom")
	list, err := e.api().NetworkList(ctx, networktypes.ListOptions{Filters: f})
	for _, n := range list {
		if !s.old(n.Created) {
			continue
		}
		whole, err := e.api().NetworkInspect(ctx, n.ID, networktypes.InspectOptions{})
		if err == nil && len(whole.Containers) == 0 && len(whole.Services) == 0 && !n.Ingress {
			p.Networks = append(p.Networks, n.Name)
		} else if err != nil && kindOf(err) != ErrNotFound {
			return err
		}
	}
	return err
}

func (e *Engine) prunableVolumes(ctx context.Context, s PruneSpec, p *Pruned) error {
	unused, err := e.unusedVolumes(ctx, s)
	for _, v := range unused {
		p.Volumes = append(p.Volumes, v.Name)
		p.Space += sizeOf(v)
	}
	return err
}

func (e *Engine) prunableImages(ctx context.Context, s PruneSpec, p *Pruned) error {
	containers, err := e.api().ContainerList(ctx, containertypes.ListOptions{All: true})
	if err != nil {
		return err
	}
	used := map[string]bool{}
	for _, c := range containers {
		used[c.ImageID] = true
	}
	f := s.labelled()
	f.Add("dangling", "true")
	list, err := e.api().ImageList(ctx, imagetypes.ListOptions{Filters: f})
	for _, i := range list {
		if !used[i.ID] && s.old(time.Unix(i.Created, 0)) {
			p.Images = append(p.Images, i.ID)
			p.Space += uint64(max(0, i.Size))
		}
	}
	return err
}

func (e *Engine) prunableBuildCache(ctx context.Context, s PruneSpec, p *Pruned) error {
	usage, err := e.api().DiskUsage(ctx, types.DiskUsageOptions{Types: []types.DiskUsageObject{types.BuildCacheObject}})
	for _, record := range usage.BuildCache {
		last := record.CreatedAt
		if record.LastUsedAt != nil {
			last = *record.LastUsedAt
		}
		if !record.InUse && !record.Shared && s.old(last) {
			p.BuildCache = append(p.BuildCache, record.ID)
			p.Space += uint64(max(0, record.Size))
		}
	}
	return err
}
