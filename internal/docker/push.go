package docker

import (
	"context"
	"encoding/json"
	"io"

	"github.com/distribution/reference"
	imagetypes "github.com/docker/docker/api/types/image"
)

// Pushed is an image that the registry has.
type Pushed struct {
	Ref    string // as asked for
	Digest string // of its manifest
	Size   int64  // of the manifest, in bytes
}

// PushSpec is an image to be pushed.
type PushSpec struct {
	Ref   string // the name it has; no tag is latest
	Login *Login // for its registry, in this call alone; nil is what is known
}

// CheckPush says what is wrong with a name to push to: an ErrInvalid of the field
// "repo_tag".
func CheckPush(ref string) error {
	_, err := parsePush(ref)
	return err
}

func parsePush(given string) (reference.Named, error) {
	const field = "repo_tag"
	ref, err := parseName(field, given)
	if err != nil {
		return nil, err
	}
	if _, ok := ref.(reference.Digested); ok {
		return nil, invalid(field, "cannot push %q: only a tag can be pushed, not a digest", shorten(given))
	}
	return reference.TagNameOnly(ref), nil
}

// Push is PushWith for the credentials that are known.
func (e *Engine) Push(ctx context.Context, ref string, to Publisher) (Pushed, error) {
	return e.PushWith(ctx, PushSpec{Ref: ref}, to)
}

// PushWith pushes an image under the name it has. Its steps are lines and its
// layers progress; to may be nil. When ctx ends the engine stops. An image that the
// engine does not have is ErrNotFound; the registry's refusals are ErrUnauthorized,
// ErrForbidden and ErrRegistry, in its words.
func (e *Engine) PushWith(ctx context.Context, s PushSpec, to Publisher) (Pushed, error) {
	named, err := parsePush(s.Ref)
	if err != nil {
		return Pushed{}, err
	}
	tried := "cannot push " + reference.FamiliarString(named)
	if _, err := e.api().ImageInspect(ctx, named.String()); err != nil {
		return Pushed{}, e.explain(ctx, tried, err)
	}
	host := imageHost(named)
	c, err := e.credentialWith(s.Login, host)
	if err != nil {
		return Pushed{}, err
	}
	encoded, err := c.encode(host)
	if err != nil {
		return Pushed{}, err
	}
	t := newTransfer(to, c)
	p, err := e.push(ctx, t, named, imagetypes.PushOptions{RegistryAuth: encoded})
	t.end(err == nil)
	if err != nil {
		return Pushed{}, e.explainRegistry(ctx, tried, err, c)
	}
	p.Ref = s.Ref
	return p, nil
}

func (e *Engine) push(ctx context.Context, t *transfer, ref reference.Named, o imagetypes.PushOptions) (p Pushed, err error) {
	stream, err := e.api().ImagePush(ctx, ref.String(), o)
	if err != nil {
		return Pushed{}, err
	}
	err = t.follow(stream, func(m message) {
		var result struct {
			Digest string
			Size   int64
		}
		if json.Unmarshal(m.Aux, &result) == nil && result.Digest != "" {
			p.Digest, p.Size = result.Digest, result.Size
		}
	})
	if err == nil && p.Digest == "" {
		err = io.ErrUnexpectedEOF // an engine that is told to end ends its streams in order
	}
	return p, err
}
