package docker

import (
	"context"
	"maps"
	"regexp"
	"slices"
	"time"

	"github.com/docker/docker/api/types"
	buildtypes "github.com/docker/docker/api/types/build"
	"github.com/docker/docker/api/types/filters"
	volumetypes "github.com/docker/docker/api/types/volume"
)

// PruneSpec says what of that which nobody uses is to be removed: nothing, when it
// is empty.
type PruneSpec struct {
	Containers   bool // that do not run
	Images       bool // that have no name and no container
	Networks     bool // that no running container is connected to
	Volumes      bool // that have no name of their own and no container
	NamedVolumes bool // that have a name and no container
	BuildCache   bool // of BuildKit

	Labels map[string]string // with all of these; a value of "" is any. Not for the build cache
	Until  time.Time         // made before; zero is any time. Not for volumes
}

// Pruned is what has been removed, or would be.
type Pruned struct {
	Containers, Images, Networks, Volumes, BuildCache []string // ids, and names where the engine goes by those
	Space                                             uint64   // bytes freed
}

// check refuses conditions that the engine cannot apply: half of them applied is
// more removed than was meant.
func (s PruneSpec) check() error {
	switch {
	case (s.Volumes || s.NamedVolumes) && !s.Until.IsZero():
		return invalid("until", "volumes cannot be chosen by their age")
	case s.BuildCache && len(s.Labels) > 0:
		return invalid("labels", "the build cache has no labels")
	}
	return nil
}

// filters are the engine's for its prune calls.
func (s PruneSpec) filters() filters.Args {
	f := s.labelled()
	if !s.Until.IsZero() {
		f.Add("until", s.Until.UTC().Format(time.RFC3339Nano))
	}
	return f
}

func (s PruneSpec) labelled() filters.Args {
	f := filters.NewArgs()
	for _, name := range slices.Sorted(maps.Keys(s.Labels)) {
		if value := s.Labels[name]; value != "" {
			name += "=" + value
		}
		f.Add("label", name)
	}
	return f
}

// Prune removes what nobody uses. What has gone before an error stays gone.
func (e *Engine) Prune(ctx context.Context, s PruneSpec) (p Pruned, err error) {
	if err := s.check(); err != nil {
		return p, err
	}
	// In this order: a container holds an image, a network and volumes.
	for _, kind := range []struct {
		wanted bool
		prune  func(context.Context, PruneSpec, *Pruned) error
	}{
		{s.Containers, e.pruneContainers}, {s.Networks, e.pruneNetworks}, {s.Volumes || s.NamedVolumes, e.pruneVolumes},
		{s.Images, e.pruneImages}, {s.BuildCache, e.pruneBuildCache},
	} {
		if kind.wanted {
			if err := kind.prune(ctx, s, &p); err != nil {
				return p, e.explain(ctx, "cannot prune", err)
			}
		}
	}
	return p, nil
}

func (e *Engine) pruneContainers(ctx context.Context, s PruneSpec, p *Pruned) error {
	report, err := e.api().ContainersPrune(ctx, s.filters())
	p.Containers = report.ContainersDeleted
	p.Space += report.SpaceReclaimed
	return err
}

func (e *Engine) pruneNetworks(ctx context.Context, s PruneSpec, p *Pruned) error {
	report, err := e.api().NetworksPrune(ctx, s.filters())
	p.Networks = report.NetworksDeleted
	return err
}

func (e *Engine) pruneImages(ctx context.Context, s PruneSpec, p *Pruned) error {
	f := s.filters()
	f.Add("dangling", "true")
	report, err := e.api().ImagesPrune(ctx, f)
	for _, image := range report.ImagesDeleted {
		if image.Deleted != "" {
			p.Images = append(p.Images, image.Deleted)
		}
	}
	p.Space += report.SpaceReclaimed
	return err
}

func (e *Engine) pruneBuildCache(ctx context.Context, s PruneSpec, p *Pruned) error {
	report, err := e.api().BuildCachePrune(ctx, buildtypes.CachePruneOptions{Filters: s.filters()})
	if err == nil {
		p.BuildCache = report.CachesDeleted
		p.Space += report.SpaceReclaimed
	}
	return err
}

// pruneVolumes removes them one by one: which ones a call for all would take
// differs between engines, older ones take those with a name, too.
func (e *Engine) pruneVolumes(ctx context.Context, s PruneSpec, p *Pruned) error {
	unused, err := e.unusedVolumes(ctx, s)
	if err != nil {
		return err
	}
	for _, v := range unused {
		err := e.api().VolumeRemove(ctx, v.Name, false)
		if kind := kindOf(err); kind == ErrConflict || kind == ErrNotFound {
			continue // taken into use, or removed by somebody else, meanwhile
		}
		if err != nil {
			return err
		}
		p.Volumes = append(p.Volumes, v.Name)
		p.Space += sizeOf(v)
	}
	return nil
}

// unusedVolumes are those that the spec means, with their sizes.
func (e *Engine) unusedVolumes(ctx context.Context, s PruneSpec) (unused []*volumetypes.Volume, err error) {
	f := s.labelled()
	f.Add("dangling", "true")
	list, err := e.api().VolumeList(ctx, volumetypes.ListOptions{Filters: f})
	if err != nil {
		return nil, err
	}
	usage, err := e.api().DiskUsage(ctx, types.DiskUsageOptions{Types: []types.DiskUsageObject{types.VolumeObject}})
	if err != nil {
		return nil, err
	}
	sizes := map[string]*volumetypes.UsageData{}
	for _, v := range usage.Volumes {
		sizes[v.Name] = v.UsageData
	}
	for _, v := range list.Volumes {
		v.UsageData = sizes[v.Name]
		if anonymous(v) && s.Volumes || !anonymous(v) && s.NamedVolumes {
			unused = append(unused, v)
		}
	}
	return unused, nil
}

// anonymous reports whether a volume's name was made up by the engine; older
// engines do not say so, but the name shows it.
func anonymous(v *volumetypes.Volume) bool {
	_, said := v.Labels["com.docker.volume.anonymous"]
	return said || madeUp.MatchString(v.Name)
}

var madeUp = regexp.MustCompile(`^[0-9a-f]{64}$`)

// sizeOf is a volume's size in bytes, 0 where its driver does not tell.
func sizeOf(v *volumetypes.Volume) uint64 {
	if v.UsageData == nil {
		return 0
	}
	return uint64(max(0, v.UsageData.Size))
}
