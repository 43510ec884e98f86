package docker

import (
	"context"
	"errors"
	"slices"
	"strings"

	cerrdefs "github.com/containerd/errdefs"
	"github.com/distribution/reference"
	imagetypes "github.com/docker/docker/api/types/image"
)

// ImageID is the id, sha256:…, of the image of that name or id; ok is false where
// the engine has none.
func (e *Engine) ImageID(ctx context.Context, name string) (id string, ok bool, err error) {
	if name, err = parseImage("name", name); err != nil {
		return "", false, err
	}
	image, err := e.api().ImageInspect(ctx, name)
	switch {
	case cerrdefs.IsNotFound(err):
		return "", false, nil
	case err != nil:
		return "", false, e.explain(ctx, "cannot look for image "+name, err)
	}
	return image.ID, true, nil
}

// Untag takes one name away from its image; one that is nobody's is as good. Other
// names of the image stay, and with the last of them the image goes. A digest does
// not hold it: an engine that goes on with a cancelled push or pull by itself may
// note one after everything else has gone. The error's kind is ErrConflict where
// the name is the last and a container uses the image, and ErrInvalid of the field
// "name" for what is no name, such as an id.
func (e *Engine) Untag(ctx context.Context, name string) error {
	ref, err := reference.ParseAnyReference(name)
	if err != nil {
		return badName("name", name, err)
	}
	named, ok := ref.(reference.Named)
	if !ok {
		return invalid("name", "cannot take %q away: it is an id and no name", shorten(name))
	}
	named = reference.TagNameOnly(named)
	id, there, err := e.ImageID(ctx, named.String())
	if err != nil || !there {
		return err
	}
	err = e.removeImage(ctx, named.String(), reference.FamiliarString(named), false)
	if err == nil {
		return e.removeNameless(ctx, id)
	}
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	return err
}

// removeNameless removes an image that has no name but digests.
func (e *Engine) removeNameless(ctx context.Context, id string) error {
	image, err := e.api().ImageInspect(ctx, id)
	if cerrdefs.IsNotFound(err) || err == nil && len(realTags(image.RepoTags)) > 0 {
		return nil
	}
	if err != nil {
		return e.explain(ctx, "cannot look for image "+id, err)
	}
	if err = e.removeImage(ctx, id, id, false); errors.Is(err, ErrNotFound) {
		return nil
	}
	return err
}

// ImageNames are the names, with their tags, that begin with a prefix, sorted.
// They are as the engine shows them: those of Docker Hub without its host.
func (e *Engine) ImageNames(ctx context.Context, prefix string) ([]string, error) {
	images, err := e.api().ImageList(ctx, imagetypes.ListOptions{})
	if err != nil {
		return nil, e.explain(ctx, "cannot list images", err)
	}
	names := []string{}
	for _, image := range images {
		for _, name := range realTags(image.RepoTags) {
			if strings.HasPrefix(name, prefix) {
				names = append(names, name)
			}
		}
	}
	slices.Sort(names)
	return names, nil
}
