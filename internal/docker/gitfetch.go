package docker

import (
	"context"
	"errors"
	"strings"

	"github.com/go-git/go-git/v5"
	"github.com/go-git/go-git/v5/config"
	"github.com/go-git/go-git/v5/plumbing"
)

// fetched is what the commit is called in the clone.
const fetched = plumbing.ReferenceName("refs/heads/context")

// fetch gets the commit alone, and all there is where a server hands out branches
// and tags only and the commit is neither's newest.
func (c *clone) fetch(ctx context.Context, remote *git.Remote) error {
	offered, err := remote.ListContext(ctx, &git.ListOptions{Auth: c.from.login})
	if err != nil {
		return err
	}
	source, ok := c.choose(offered)
	if !ok {
		return c.noSuchRef()
	}
	o := git.FetchOptions{Auth: c.from.login, Progress: c.progress, Tags: git.NoTags}
	one := o
	one.Depth = 1
	one.RefSpecs = []config.RefSpec{config.RefSpec("+" + source + ":" + string(fetched))}
	err = remote.FetchContext(ctx, &one)
	switch {
	case errors.Is(err, git.ErrExactSHA1NotSupported):
		o.RefSpecs = []config.RefSpec{"+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*"}
		return remote.FetchContext(ctx, &o)
	case err != nil && strings.Contains(err.Error(), "not our ref"):
		return c.noSuchRef()
	}
	return err
}

// choose is what to ask the server for: by the names of git itself, a branch
// before a tag, and a commit by a name where it has one.
func (c *clone) choose(offered []*plumbing.Reference) (source string, ok bool) {
	if c.ref == "" {
		return plumbing.HEAD.String(), true
	}
	names := []string{c.ref, "refs/heads/" + c.ref, "refs/tags/" + c.ref}
	if !strings.HasPrefix(c.ref, "refs/") {
		names = names[1:]
	}
	for _, name := range names {
		for _, r := range offered {
			if r.Name().String() == name || r.Type() == plumbing.HashReference && r.Hash().String() == c.ref {
				return r.Name().String(), true
			}
		}
	}
	return c.ref, plumbing.IsHash(c.ref)
}

func (c *clone) noSuchRef() error {
	return invalid("ref", "%s has no branch, tag or commit %s", c.from, c.ref)
}
