package pipeline

import (
	"context"
	"strings"

	"hub/internal/docker"
)

// Push pushes the image that the run has built or pulled.
type Push struct {
	RepoTag string // "" is what the build before it was called
}

// Kind is "push".
func (Push) Kind() string { return "push" }

func (s Push) check(before []Stage) error {
	if !has(before, "build") && !has(before, "pull") {
		return invalid("kind", "there is no image to push: a build or a pull comes first")
	}
	if s.RepoTag == "" && tagBefore(before) == "" {
		return invalid("repo_tag", "the image needs a name to be pushed under")
	}
	if s.RepoTag == "" {
		return nil
	}
	return docker.CheckPush(s.RepoTag)
}

// tagBefore is the name that the last build or pull gives the image.
func tagBefore(stages []Stage) (tag string) {
	for _, s := range stages {
		switch s.Step.(type) {
		case Build, Pull:
			tag = tagOf(s)
		}
	}
	return tag
}

// tagOf is the image's name in a stage; "" where it has none.
func tagOf(s Stage) string {
	switch step := s.Step.(type) {
	case Build:
		return step.RepoTag
	case Push:
		return step.RepoTag
	case Pull:
		return step.RepoTag
	}
	return ""
}

func (s Push) about(r *run) facts { return facts{"repo_tag": r.tagOr(s.RepoTag)} }

func (s Push) do(ctx context.Context, r *run) (facts, error) {
	tag := r.tagOr(s.RepoTag)
	if err := r.name(ctx, tag); err != nil {
		return nil, err
	}
	pushed, err := r.o.Engine.PushWith(ctx, docker.PushSpec{Ref: tag, Login: r.login(tag)}, r)
	if err != nil {
		return nil, err
	}
	f := facts{"digest": pushed.Digest, "size": pushed.Size}
	now, _, err := r.o.Engine.ImageID(ctx, tag)
	if err != nil {
		return f, err
	}
	if now != r.made.image {
		return f, fail(docker.ErrConflict, "%s was given to another image while it was pushed, and which of them the registry has is not known: retry from push when nobody else uses this name", tag)
	}
	r.made.digest, r.made.pushed = pushed.Digest, tag
	return f, nil
}

// Pull pulls an image, which the stages after it use.
type Pull struct {
	RepoTag string // "" is what was pushed
	Digest  string // that it must have, sha256:…; "" is that of the push before it, of the same name
}

// Kind is "pull".
func (Pull) Kind() string { return "pull" }

func (s Pull) check(before []Stage) error {
	if s.RepoTag == "" && tagBefore(before) == "" {
		return invalid("repo_tag", "which image is to be pulled?")
	}
	if s.Digest != "" && !strings.HasPrefix(s.Digest, "sha256:") {
		return invalid("digest", "%q is no digest: it begins with sha256:", shorten(s.Digest))
	}
	if s.RepoTag == "" {
		return nil
	}
	return docker.PullSpec{Ref: s.RepoTag, Field: "repo_tag"}.Check()
}

func (s Pull) about(r *run) facts {
	repo, tag, _ := cutTag(r.tagOr(s.RepoTag))
	return facts{"name": repo, "tag": tag}
}

func (s Pull) do(ctx context.Context, r *run) (facts, error) {
	name := r.tagOr(s.RepoTag)
	m, err := r.moves(ctx, name)
	if err != nil {
		return nil, err
	}
	m.after = "" // the pull moves the name by itself, when it pleases
	pulled, err := r.o.Engine.Pull(ctx, docker.PullSpec{Ref: name, Field: "repo_tag", Login: r.login(name)}, r)
	if err != nil {
		return nil, err
	}
	m.after = pulled.ID
	want, whose := s.Digest, "that was asked for"
	if want == "" && r.made.pushed == name {
		want, whose = r.made.digest, "that was pushed"
	}
	f := facts{"digest": pulled.Digest, "image_id": pulled.ID}
	if want != "" && pulled.Digest != want {
		return f, fail(docker.ErrConflict, "%s is now %s in the registry, not %s %s: somebody else pushes under this name too; retry from push, or use a tag of its own", name, pulled.Digest, want, whose)
	}
	r.made.image, r.made.digest, r.made.tag = pulled.ID, pulled.Digest, name
	return f, r.keepImage(ctx, pulled.ID)
}

// cutTag takes the tag, or the digest, off a name.
func cutTag(name string) (repo, tag string, found bool) {
	if repo, digest, found := strings.Cut(name, "@"); found {
		return repo, digest, true
	}
	if i := strings.LastIndexByte(name, ':'); i > strings.LastIndexByte(name, '/') {
		return name[:i], name[i+1:], true
	}
	return name, "latest", false
}
