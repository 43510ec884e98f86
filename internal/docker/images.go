package docker

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	containertypes "github.com/docker/docker/api/types/container"
	imagetypes "github.com/docker/docker/api/types/image"
)

// Image is an image that the engine has.
type Image struct {
	ID         string    // sha256:…
	Tags       []string  // names with their tags; never nil
	Digests    []string  // names with the digests of its manifests, from registries; never nil
	Size       int64     // in bytes, with the layers that it shares with others
	Created    time.Time // when it was built
	Containers int       // how many were made of it, running or not
}

// Images are all that have a name or are no other's part, newest first.
func (e *Engine) Images(ctx context.Context) ([]Image, error) {
	const tried = "cannot list images"
	list, err := e.api().ImageList(ctx, imagetypes.ListOptions{})
	if err != nil {
		return nil, e.explain(ctx, tried, err)
	}
	containers, err := e.api().ContainerList(ctx, containertypes.ListOptions{All: true})
	if err != nil {
		return nil, e.explain(ctx, tried, err)
	}
	used := map[string]int{}
	for _, c := range containers {
		used[c.ImageID]++
	}
	images := make([]Image, len(list))
	for i, s := range list {
		images[i] = Image{s.ID, realNames(s.RepoTags), realNames(s.RepoDigests), s.Size, time.Unix(s.Created, 0).UTC(), used[s.ID]}
	}
	slices.SortFunc(images, func(a, b Image) int {
		return cmp.Or(b.Created.Compare(a.Created), cmp.Compare(a.ID, b.ID))
	})
	return images, nil
}

// realNames are the names that are some: for an image without any the engine says
// <none>:<none>.
func realNames(names []string) []string {
	return slices.DeleteFunc(append([]string{}, names...), func(name string) bool { return strings.HasPrefix(name, "<none>") })
}
