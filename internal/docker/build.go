package docker

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	buildtypes "github.com/docker/docker/api/types/build"
	"github.com/docker/docker/api/types/registry"
)

// Built is an image that was built, or how far that came.
type Built struct {
	ImageID        string // sha256:…
	Tag            string // as asked for
	DockerfileUsed string // its path in the context
	Inline         bool   // it came with the request
	Commit         string // of the GitURL, that was built
	Steps          []Step // of the Dockerfile; none where it cannot be understood
	StepsCompleted int    // of those up to the target
	Warnings       []string
}

// Build builds an image with the engine's classic builder. What the builder and
// the steps print are lines, of stdout or stderr; the sending of the context, the
// steps and the pull of a base image are one progress. to may be nil.
//
// A step that fails is ErrBuild, in the engine's words. When ctx ends the step
// ends in the engine too. Built says how far it came also where there is an error.
func (e *Engine) Build(ctx context.Context, s BuildSpec, to Publisher) (Built, error) {
	if err := s.Check(); err != nil {
		return Built{}, err
	}
	b := newBuild(s, to)
	defer b.removeClone()
	err := b.run(ctx, e)
	b.end(err)
	return b.built, err
}

func (b *build) run(ctx context.Context, e *Engine) error {
	folder, err := b.open(ctx, e)
	if err != nil {
		return err
	}
	if folder != nil {
		defer folder.Close()
	}
	c, err := b.spec.context(folder)
	if err != nil {
		return err
	}
	b.built.DockerfileUsed, b.built.Inline, b.built.Steps = c.dockerfile, c.inline, steps(c.text)
	if b.spec.KeepInline && c.inline && b.spec.Folder != "" {
		if err := keepInline(folder, c.dockerfile, b.spec.Inline); err != nil {
			return err
		}
	}
	return b.inEngine(ctx, e, c)
}

// open opens the context's folder, a clone where it is a repository, or nil.
func (b *build) open(ctx context.Context, e *Engine) (*os.Root, error) {
	switch {
	case b.spec.Context != nil:
		return b.spec.Context.OpenRoot(".") // which is ours to close
	case b.spec.GitURL != "":
		return b.clone(ctx)
	case b.spec.Folder != "":
		return e.o.Roots.Folder(b.spec.Folder)
	}
	return nil, nil
}

// inEngine sends the context and follows the build, which begins when all has been sent.
func (b *build) inEngine(ctx context.Context, e *Engine, c *buildContext) error {
	if err := b.measure(ctx, c); err != nil {
		return b.explain(ctx, e, err)
	}
	out, in := io.Pipe()
	sent := make(chan error, 1)
	go func() {
		err := c.writeTo(ctx, in)
		in.CloseWithError(err)
		sent <- err
	}()
	err := b.follow(ctx, e, c, out)
	out.Close() // ends the sending where the engine does not want the rest
	if failed := <-sent; failed != nil && !errors.Is(failed, io.ErrClosedPipe) {
		err = failed // and not what the engine made of half a context
	}
	return b.explain(ctx, e, err)
}

func (b *build) follow(ctx context.Context, e *Engine, c *buildContext, context io.Reader) error {
	configs, err := e.authConfigsWith(b.spec.Login)
	if err != nil {
		return err
	}
	b.transfer.scrub = func(text string) string { return scrubAll(configs, text) }
	answer, err := e.api().ImageBuild(ctx, context, b.options(configs, c))
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if err := eachMessage(answer.Body, b.take); err != nil {
		return err
	}
	if !b.succeeded {
		return fmt.Errorf("the engine ended the build without an image: %w", io.ErrUnexpectedEOF)
	}
	return nil
}

func (b *build) options(configs map[string]registry.AuthConfig, c *buildContext) buildtypes.ImageBuildOptions {
	s := b.spec
	o := buildtypes.ImageBuildOptions{
		Dockerfile:  c.dockerfile,
		BuildArgs:   map[string]*string{},
		Labels:      s.Labels,
		Target:      s.Target,
		Platform:    s.Platform,
		NoCache:     s.NoCache,
		PullParent:  s.Pull,
		Remove:      true,
		ForceRemove: true, // a failed step leaves no container
		AuthConfigs: configs,
	}
	if s.Tag != "" {
		o.Tags = []string{s.Tag}
	}
	for name, value := range s.Args {
		o.BuildArgs[name] = &value
	}
	return o
}

// scrubAll takes the secrets of all registries out of words of one of them.
func scrubAll(configs map[string]registry.AuthConfig, text string) string {
	for _, c := range configs {
		text = credential{username: c.Username, password: newSecret(c.Password), token: newSecret(c.IdentityToken)}.scrub(text)
	}
	return text
}
