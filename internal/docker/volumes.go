package docker

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	containertypes "github.com/docker/docker/api/types/container"
	"github.com/docker/docker/api/types/filters"
	volumetypes "github.com/docker/docker/api/types/volume"
)

// Volume is one.
type Volume struct {
	Name, Driver string
	Mountpoint   string // on the engine's host
	Labels       map[string]string
	Scope        string // local or global
	Created      time.Time
}

// VolumeSpec is a volume to be made. The options of drivers are not offered: by
// them a volume becomes a mount of any folder of the host.
type VolumeSpec struct {
	Name   string // "" is one that the engine makes up
	Driver string // "" is local
	Labels map[string]string
}

func volumeOf(v *volumetypes.Volume) Volume {
	created, _ := time.Parse(time.RFC3339Nano, v.CreatedAt)
	return Volume{v.Name, v.Driver, v.Mountpoint, orEmpty(v.Labels), v.Scope, created.UTC()}
}

// CreateVolume makes a volume, or finds the one of that name and driver. The
// error's kind is ErrInvalid for a field, ErrConflict where the name is another
// driver's, ErrNotFound for a driver that is not there.
func (e *Engine) CreateVolume(ctx context.Context, s VolumeSpec) (Volume, error) {
	if s.Name != "" && !idGrammar.MatchString(s.Name) {
		return Volume{}, invalid("name", "%q is no name of a volume: it has letters, digits, _, . and -, and begins with a letter or digit", shorten(s.Name))
	}
	if s.Driver != "" && !driverGrammar(s.Driver) {
		return Volume{}, invalid("driver", "%q is no name of a driver", shorten(s.Driver))
	}
	made, err := e.api().VolumeCreate(ctx, volumetypes.CreateOptions{Name: s.Name, Driver: s.Driver, Labels: s.Labels})
	if err != nil {
		return Volume{}, e.explain(ctx, "cannot create volume "+s.Name, err)
	}
	return volumeOf(&made), nil
}

// driverGrammar is that of a driver's name, which may be a plugin's reference.
func driverGrammar(name string) bool {
	return idGrammar.MatchString(strings.NewReplacer("/", "-", ":", "-").Replace(name))
}

// Volumes lists the volumes by name.
func (e *Engine) Volumes(ctx context.Context) ([]Volume, error) {
	all, err := e.api().VolumeList(ctx, volumetypes.ListOptions{})
	if err != nil {
		return nil, e.explain(ctx, "cannot list the volumes", err)
	}
	list := []Volume{}
	for _, v := range all.Volumes {
		list = append(list, volumeOf(v))
	}
	slices.SortFunc(list, func(a, b Volume) int { return strings.Compare(a.Name, b.Name) })
	return list, nil
}

// RemoveVolume removes a volume with all that is in it. force is for one whose
// driver has lost it. In use it is an ErrConflict that says by which containers.
func (e *Engine) RemoveVolume(ctx context.Context, name string, force bool) error {
	const tried = "cannot remove volume"
	if !idGrammar.MatchString(name) {
		return fail(ErrNotFound, "%s: there is none named %q", tried, shorten(name))
	}
	if force { // by itself that makes success of a volume that does not exist
		if _, err := e.api().VolumeInspect(ctx, name); err != nil {
			return e.explain(ctx, tried+" "+name, err)
		}
	}
	err := e.explain(ctx, tried+" "+name, e.api().VolumeRemove(ctx, name, force))
	if errors.Is(err, ErrConflict) {
		if users := e.usersOf(ctx, filters.Arg("volume", name)); len(users) > 0 {
			return fail(ErrConflict, "%s %s: it is in use by %s", tried, name, strings.Join(users, ", "))
		}
	}
	return err
}

// usersOf names the containers that use something, running or not.
func (e *Engine) usersOf(ctx context.Context, what filters.KeyValuePair) (names []string) {
	users, err := e.api().ContainerList(ctx, containertypes.ListOptions{All: true, Filters: filters.NewArgs(what)})
	if err != nil {
		return nil // then the engine's own words must do
	}
	for _, c := range users {
		names = append(names, "container "+nameOf(c.Names))
	}
	slices.Sort(names)
	return names
}
