package git

import (
	"errors"
	"io"

	"github.com/go-git/go-billy/v5"
	"github.com/go-git/go-git/v5"
	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/cache"
	"github.com/go-git/go-git/v5/plumbing/object"
	"github.com/go-git/go-git/v5/plumbing/storer"
	"github.com/go-git/go-git/v5/storage/filesystem"
	"github.com/go-git/go-git/v5/storage/memory"
)

// objects are those of a repository, to be read.
type objects interface {
	storer.EncodedObjectStorer
	io.Closer
}

// read opens a folder of git's for reading: its files stay open, and it is taken as
// it is now.
func read(folder billy.Filesystem) *filesystem.Storage {
	return filesystem.NewStorageWithOptions(folder, cache.NewObjectLRUDefault(), filesystem.Options{ExclusiveAccess: true, KeepDescriptors: true})
}

// objectsAlone are objects of a repository, and nothing else of it: what a checkout
// has to remember lies in memory.
type objectsAlone struct {
	*memory.Storage
	storer.EncodedObjectStorer
}

// checkout writes the files of a commit, which may stand behind tags.
func (c *clone) checkout(of objects, found plumbing.Hash) (plumbing.Hash, error) {
	defer of.Close()
	commit, err := c.peel(of, found)
	if err != nil {
		return plumbing.ZeroHash, err
	}
	if err := (&survey{c.meter, of, map[plumbing.Hash]extent{}}).check(commit.TreeHash); err != nil {
		return plumbing.ZeroHash, err
	}
	from := objectsAlone{memory.NewStorage(), of}
	if err := from.SetReference(plumbing.NewHashReference(plumbing.HEAD, commit.Hash)); err != nil {
		return plumbing.ZeroHash, err
	}
	repo, err := git.Open(from, newFolder(c.spec.Files, c.meter, c.meter.write))
	if err != nil {
		return plumbing.ZeroHash, err
	}
	files, err := repo.Worktree()
	if err != nil {
		return plumbing.ZeroHash, err
	}
	return commit.Hash, files.Checkout(&git.CheckoutOptions{Hash: commit.Hash, Force: true})
}

// peel finds the commit behind annotated tags.
func (c *clone) peel(of objects, at plumbing.Hash) (*object.Commit, error) {
	for range 10 {
		found, err := object.GetObject(of, at)
		if errors.Is(err, plumbing.ErrObjectNotFound) && !plumbing.IsHash(c.spec.Ref) {
			return nil, c.failed(ErrRemote, "it has not the commit that it names; it is damaged")
		}
		if err != nil {
			return nil, c.noSuchRef()
		}
		switch found := found.(type) {
		case *object.Commit:
			return found, nil
		case *object.Tag:
			at = found.Target
		default:
			return nil, c.noSuchRef()
		}
	}
	return nil, c.noSuchRef()
}
