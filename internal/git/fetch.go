package git

import (
	"context"
	"errors"
	"strings"

	"github.com/go-git/go-git/v5"
	"github.com/go-git/go-git/v5/config"
	"github.com/go-git/go-git/v5/plumbing"
)

// fetched is what the commit is called in the clone.
const fetched = plumbing.ReferenceName("refs/heads/fetched")

// remote fetches from a server, and gives what ref names there: a commit, or a tag
// of one.
func (c *clone) remote(ctx context.Context) (objects, plumbing.Hash, error) {
	folder := newFolder(c.spec.Kept, c.meter, c.meter.keep)
	kept := newStore(folder, min(largestObject, c.meter.most))
	repo, err := git.Init(kept, nil)
	if err != nil {
		return nil, plumbing.ZeroHash, err
	}
	remote, err := repo.CreateRemote(&config.RemoteConfig{Name: git.DefaultRemoteName, URLs: []string{c.from.text}})
	if err != nil {
		return nil, plumbing.ZeroHash, err
	}
	if err := c.fetch(ctx, remote); err != nil {
		return nil, plumbing.ZeroHash, err
	}
	if plumbing.IsHash(c.spec.Ref) {
		return read(folder), plumbing.NewHash(c.spec.Ref), nil
	}
	ref, err := kept.Reference(fetched)
	if err != nil {
		return nil, plumbing.ZeroHash, c.noSuchRef()
	}
	return read(folder), ref.Hash(), nil
}

// fetch gets the commit alone, and all there is where a server hands out branches
// and tags only and the commit is neither's newest.
func (c *clone) fetch(ctx context.Context, remote *git.Remote) error {
	offered, err := remote.ListContext(ctx, &git.ListOptions{Auth: c.from.login})
	if err != nil {
		return err
	}
	source, ok := choose(c.spec.Ref, offered)
	if !ok {
		return c.noSuchRef()
	}
	o := git.FetchOptions{Auth: c.from.login, Tags: git.NoTags}
	if c.progress.to != nil {
		o.Progress = c.progress
	}
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
