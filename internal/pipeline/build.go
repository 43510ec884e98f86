package pipeline

import (
	"context"
	"errors"
	"io/fs"

	"hub/internal/docker"
)

// Build builds an image of the clone's files.
type Build struct {
	RepoTag    string // the image's name; "" leaves it without
	Context    string // a folder of the clone's, "" is all of it
	Dockerfile string // relative to Context; "" is Dockerfile
	Inline     string // the content of one, in place of any file
	Args       map[string]string
	Target     string
	Platform   string
	NoCache    bool
	Pull       bool // ask for newer base images

	whole bool // the context holds the clone's files in a folder site, see siteDockerfile
}

// Kind is "build".
func (Build) Kind() string { return "build" }

func (s Build) spec() docker.BuildSpec {
	spec := docker.BuildSpec{
		Dockerfile: s.Dockerfile, Inline: s.Inline, Tag: s.RepoTag,
		Args: s.Args, Target: s.Target, Platform: s.Platform, NoCache: s.NoCache, Pull: s.Pull,
	}
	if s.Inline != "" {
		spec.InlineName = ".hub.Dockerfile" // so that one of the repository's stays what it is
	}
	return spec
}

// secrets are the arguments whose names say so.
func (s Build) secrets() []string { return s.spec().Secrets() }

func (s Build) check(before []Stage) error {
	if s.Context != "" && !fs.ValidPath(s.Context) {
		return invalid("context", "cannot use %q as a folder of the clone's", s.Context)
	}
	if !has(before, "clone") && !has(before, "shell") {
		return invalid("kind", "there is nothing to build: a clone, or a shell stage that makes the files, comes first")
	}
	spec := s.spec()
	spec.Folder = "." // which is there by then
	err := spec.Check()
	var bad *docker.Error
	if errors.As(err, &bad) && bad.Field == "tag" {
		return &docker.Error{Kind: bad.Kind, Field: "repo_tag", Text: bad.Text}
	}
	return err
}

func (s Build) about(*run) facts {
	f := facts{"repo_tag": s.RepoTag}
	if len(s.Args) > 0 {
		f["build_args"] = docker.MaskArgs(s.Args)
	}
	return f
}

func (s Build) do(ctx context.Context, r *run) (facts, error) {
	w, err := r.workspace()
	if err != nil {
		return nil, err
	}
	folder, err := w.open(s.whole, s.Context)
	if err != nil && s.Context != "" {
		return nil, fail(docker.ErrBadInput, "cannot build: the repository has no folder %s", s.Context)
	}
	if err != nil {
		return nil, fail(docker.ErrBadInput, "cannot build: the files of the pipeline are gone, retry from its first stage")
	}
	defer folder.Close()
	spec := s.spec()
	spec.Context, spec.Tag = folder, "" // the name is given below, so that it can be put back
	if n := len(r.made.logins); n > 0 { // for base images
		spec.Login = &r.made.logins[n-1]
	}
	spec.Labels = map[string]string{labelTask: r.task.ID()}
	built, err := r.o.Engine.Build(ctx, spec, r)
	if err != nil {
		return nil, err
	}
	r.made.image, r.made.digest = built.ImageID, ""
	if err := r.keepImage(ctx, built.ImageID); err != nil {
		return nil, err
	}
	if s.RepoTag != "" {
		err = r.name(ctx, s.RepoTag)
	}
	return facts{"image_id": built.ImageID, "steps": len(built.Steps)}, err
}
