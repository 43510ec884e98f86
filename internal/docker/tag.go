package docker

import (
	"context"

	"github.com/distribution/reference"
)

// Tag gives an image, by name or id, another name, and says which: repo, a colon
// and the tag, which is latest where neither names one. A name that another image
// had is taken from it. Errors are ErrNotFound, and ErrInvalid of the field
// "source", "repo" or "tag".
func (e *Engine) Tag(ctx context.Context, source, repo, tag string) (target string, err error) {
	if source, err = parseImage("source", source); err != nil {
		return "", err
	}
	ref, err := parseName("repo", repo)
	if err != nil {
		return "", err
	}
	if !reference.IsNameOnly(ref) {
		if _, tagged := ref.(reference.NamedTagged); !tagged || tag != "" {
			return "", invalid("repo", "cannot use %q as the name to give: it has a tag or a digest already", shorten(repo))
		}
		target = repo
	} else {
		if tag == "" {
			tag = "latest"
		}
		if ref, err = reference.WithTag(ref, tag); err != nil {
			return "", badTag("tag", tag)
		}
		target = repo + ":" + tag
	}
	return target, e.explain(ctx, "cannot tag "+source+" as "+target, e.api().ImageTag(ctx, source, ref.String()))
}
