package docker

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/go-git/go-billy/v5/osfs"
	"github.com/go-git/go-git/v5"
	"github.com/go-git/go-git/v5/config"
	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/cache"
	"github.com/go-git/go-git/v5/storage/filesystem"

	"hub/internal/lines"
)

// cloneTime is how long a clone may take: it holds a build's place meanwhile.
const cloneTime = 10 * time.Minute

// clone fetches one commit of a repository, without the history before it and
// without submodules, and opens its files as the context of the build. The folder
// is temporary: closing it is not enough, see [build.removeClone].
func (b *build) clone(ctx context.Context) (*os.Root, error) {
	from, err := parseGitURL(b.spec.GitURL)
	if err != nil {
		return nil, err
	}
	if b.temporary, err = os.MkdirTemp("", "hub-build-"); err != nil {
		return nil, fmt.Errorf("cannot clone %s: %w", from, err)
	}
	ctx, stop := context.WithTimeoutCause(ctx, cloneTime, fail(ErrRegistry, "cannot clone %s: it took longer than %s", from, cloneTime))
	defer stop()
	b.warn("Cloning " + from.String())
	progress := lines.NewWriter(func(kind string, data []byte) error {
		_ = b.transfer.to.Publish(kind, []byte(from.scrub(string(data))))
		return nil
	}, lines.Options{Stream: "stderr"})
	defer progress.Close()
	c := &clone{from: from, ref: b.spec.Ref, top: b.temporary, progress: progress}
	err = c.run(ctx)
	var ours *Error
	switch {
	case err == nil:
	case ctx.Err() != nil:
		return nil, context.Cause(ctx)
	case errors.As(err, &ours):
		return nil, err
	case strings.Contains(err.Error(), "SSH_AUTH_SOCK"):
		return nil, invalid("git_url", "cannot clone %s: there is no ssh agent; start the hub with SSH_AUTH_SOCK set, or use https", from)
	default:
		return nil, fail(ErrRegistry, "cannot clone %s: %s", from, from.scrub(words(err)))
	}
	b.built.Commit = c.commit.String()
	b.warn("Building commit " + b.built.Commit)
	return os.OpenRoot(c.files())
}

func (b *build) removeClone() {
	if b.temporary != "" {
		_ = os.RemoveAll(b.temporary)
	}
}

// clone is one fetch into a folder of its own.
type clone struct {
	from     gitURL
	ref      string
	top      string
	progress *lines.Writer
	commit   plumbing.Hash
}

func (c *clone) files() string { return filepath.Join(c.top, "files") }

func (c *clone) run(ctx context.Context) error {
	// What git keeps stays outside the files, so that it is no part of the context.
	kept := filesystem.NewStorage(osfs.New(filepath.Join(c.top, "git"), osfs.WithBoundOS()), cache.NewObjectLRUDefault())
	repo, err := git.Init(kept, nil)
	if err != nil {
		return err
	}
	remote, err := repo.CreateRemote(&config.RemoteConfig{Name: git.DefaultRemoteName, URLs: []string{c.from.address}})
	if err != nil {
		return err
	}
	if err := c.fetch(ctx, remote); err != nil {
		return err
	}
	if err := c.resolve(repo); err != nil {
		return err
	}
	return c.checkout(kept)
}

// resolve finds the commit, also behind an annotated tag.
func (c *clone) resolve(repo *git.Repository) error {
	revision := plumbing.Revision(fetched)
	if plumbing.IsHash(c.ref) {
		revision = plumbing.Revision(c.ref)
	}
	commit, err := repo.ResolveRevision(revision)
	if err != nil {
		return c.noSuchRef()
	}
	c.commit = *commit
	return nil
}

// checkout writes the commit's files.
func (c *clone) checkout(kept *filesystem.Storage) error {
	if err := os.Mkdir(c.files(), 0o755); err != nil {
		return err
	}
	repo, err := git.Open(kept, osfs.New(c.files(), osfs.WithBoundOS()))
	if err != nil {
		return err
	}
	tree, err := repo.Worktree()
	if err != nil {
		return err
	}
	return tree.Checkout(&git.CheckoutOptions{Hash: c.commit, Force: true})
}
