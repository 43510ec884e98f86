package git

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/go-git/go-git/v5"
	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/storer"
	"github.com/go-git/go-git/v5/storage/filesystem"
)

// LocalRoots are the folders of this host whose repositories may be cloned, with
// all that is in them; "/" is every folder, and none is none.
type LocalRoots []string

// local opens a repository of this host, and gives what ref names there.
func (c *clone) local(context.Context) (objects, plumbing.Hash, error) {
	folder, err := c.spec.Local.find(c.from.folder)
	if err != nil {
		return nil, plumbing.ZeroHash, err
	}
	source := read(readOnly{newFolder(folder, c.meter, nil)})
	at, err := c.localRef(source)
	if err != nil {
		source.Close()
	}
	return source, at, err
}

func (c *clone) localRef(source *filesystem.Storage) (plumbing.Hash, error) {
	if _, err := git.Open(source, nil); err != nil { // which knows the formats that it does not
		return plumbing.ZeroHash, fail(ErrNotFound, "cannot clone %s: it cannot be read as a git repository: %s", c.from, words(err)).of(fieldURL)
	}
	var offered []*plumbing.Reference
	all, err := source.IterReferences()
	if err == nil {
		err = all.ForEach(func(r *plumbing.Reference) error {
			offered = append(offered, r)
			return nil
		})
	}
	if err != nil {
		return plumbing.ZeroHash, err
	}
	name, ok := choose(c.spec.Ref, offered)
	if ok && plumbing.IsHash(name) {
		return plumbing.NewHash(name), nil
	}
	ref, err := storer.ResolveReference(source, plumbing.ReferenceName(name))
	if !ok || err != nil {
		return plumbing.ZeroHash, c.noSuchRef()
	}
	return ref.Hash(), nil
}

// name reports whether a path begins with one of the roots, as it is written.
func (l LocalRoots) name(path string) bool {
	for _, root := range l {
		whole, err := filepath.Abs(root)
		if err != nil {
			continue
		}
		real, err := filepath.EvalSymlinks(whole)
		if under(whole, path) || err == nil && under(real, path) {
			return true
		}
	}
	return false
}

// find is the folder of git's data of a repository, with each link on the way
// resolved and within a root.
func (l LocalRoots) find(path string) (string, error) {
	real, err := filepath.EvalSymlinks(path)
	if err != nil {
		return "", missing(path, err)
	}
	if !l.name(real) {
		return "", l.outside(path)
	}
	dot, err := filepath.EvalSymlinks(filepath.Join(real, ".git"))
	if errors.Is(err, fs.ErrNotExist) {
		return real, nil // a bare one
	}
	if err != nil {
		return "", missing(path, err)
	}
	if !l.name(dot) {
		return "", l.outside(path)
	}
	if info, err := os.Stat(dot); err != nil || !info.IsDir() {
		return "", fail(ErrNotFound, "cannot clone %s: its .git is no folder, as in a further working tree; name the repository itself", path).of(fieldURL)
	}
	return dot, nil
}

func (l LocalRoots) outside(path string) *Error {
	return forbidden("cannot clone %s: it lies in none of the folders whose repositories may be cloned", path)
}

func missing(path string, err error) error {
	if errors.Is(err, fs.ErrPermission) {
		return forbidden("cannot clone %s: the hub's user may not read it", path)
	}
	return fail(ErrNotFound, "cannot clone %s: there is no such folder", path).of(fieldURL)
}

func under(root, path string) bool {
	within, err := filepath.Rel(root, path)
	return err == nil && filepath.IsLocal(within)
}
