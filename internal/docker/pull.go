package docker

import (
	"context"
	"errors"
	"io"
	"strings"

	"github.com/distribution/reference"
	imagetypes "github.com/docker/docker/api/types/image"
)

// PullSpec is an image to be pulled.
type PullSpec struct {
	Ref      string // name, with a tag or a digest or without
	Tag      string // over that of Ref; "" with none there is latest
	Platform string // such as "linux/arm64"; "" is the engine's
	Field    string // that Ref came in, for errors; "" is "name"
	Login    *Login // for its registry, in this call alone; nil is what is known
}

// Pulled is an image that was pulled, or was there and is up to date.
type Pulled struct {
	ID     string   // sha256:…
	Tags   []string // all that it has here
	Digest string   // of its manifest in the registry
}

// Check says what is wrong with the spec: an ErrInvalid of Field or "tag".
func (s PullSpec) Check() error {
	_, err := s.parse()
	return err
}

func (s PullSpec) parse() (reference.Named, error) {
	field := s.Field
	if field == "" {
		field = "name"
	}
	ref, err := parseName(field, s.Ref)
	switch {
	case err != nil:
		return nil, err
	case s.Tag != "":
		return withTag(ref, "tag", s.Tag)
	}
	return reference.TagNameOnly(ref), nil
}

// Pull pulls an image. Its steps are lines and its layers progress; to may be nil.
// When ctx ends the engine stops. The registry's refusals are ErrUnauthorized,
// ErrForbidden, ErrNotFound and ErrRegistry, in its words.
func (e *Engine) Pull(ctx context.Context, s PullSpec, to Publisher) (Pulled, error) {
	ref, err := s.parse()
	if err != nil {
		return Pulled{}, err
	}
	name, host := reference.FamiliarString(ref), imageHost(ref)
	tried := "cannot pull " + name
	c, unread := e.credentialWith(s.Login, host)
	encoded, err := c.encode(host)
	if err != nil {
		return Pulled{}, err
	}
	t := newTransfer(to, c)
	digest, err := e.pull(ctx, t, ref, imagetypes.PullOptions{RegistryAuth: encoded, Platform: s.Platform})
	if err == nil {
		var p Pulled
		if p, err = e.pulled(ctx, ref, digest); err == nil {
			t.end(true)
			return p, nil
		}
	}
	t.end(false)
	err = e.explainRegistry(ctx, tried, err, c)
	switch {
	case s.Platform != "" && errors.Is(err, ErrBadInput):
		return Pulled{}, invalid("platform", "%s", err)
	case unread != nil && (errors.Is(err, ErrUnauthorized) || errors.Is(err, ErrForbidden)):
		return Pulled{}, unread // many images want none, so that it did not matter until now
	}
	return Pulled{}, err
}

func (e *Engine) pull(ctx context.Context, t *transfer, ref reference.Named, o imagetypes.PullOptions) (digest string, err error) {
	stream, err := e.api().ImagePull(ctx, ref.String(), o)
	if err != nil {
		return "", err
	}
	whole := false
	err = t.follow(stream, func(m message) {
		if after, ok := strings.CutPrefix(m.Status, "Digest: "); ok && m.ID == "" {
			digest = after
		}
		whole = whole || m.ID == "" && strings.HasPrefix(m.Status, "Status: ")
	})
	if err == nil && !whole {
		err = io.ErrUnexpectedEOF // an engine that is told to end ends its streams in order
	}
	return digest, err
}

func (e *Engine) pulled(ctx context.Context, ref reference.Named, digest string) (Pulled, error) {
	image, err := e.api().ImageInspect(ctx, ref.String())
	if err != nil {
		return Pulled{}, err
	}
	return Pulled{ID: image.ID, Tags: realNames(image.RepoTags), Digest: digest}, nil
}
