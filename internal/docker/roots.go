package docker

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Roots are the host folders that requests may name for build contexts, archives
// and mounts, with all that is in them. None means every folder.
type Roots []string

// Folder opens an existing folder of the host. A relative path begins at the
// hub's working directory. What is opened can never lead out of it, nor out of
// the root it lies in, whatever links do meanwhile. The error's kind is
// ErrBadInput where there is no such folder and ErrForbidden outside the roots.
func (r Roots) Folder(path string) (*os.Root, error) {
	whole, err := filepath.Abs(path)
	if err != nil || strings.ContainsRune(path, 0) {
		return nil, fail(ErrBadInput, "cannot use %q as a path", path)
	}
	if len(r) == 0 {
		folder, err := os.OpenRoot(whole)
		return folder, pathError(whole, err)
	}
	for _, root := range r {
		within, err := filepath.Rel(root, whole)
		if err != nil || !filepath.IsLocal(within) {
			continue
		}
		top, err := os.OpenRoot(root)
		if err != nil {
			return nil, pathError(root, err)
		}
		defer top.Close()
		folder, err := top.OpenRoot(within)
		return folder, pathError(whole, err)
	}
	return nil, fail(ErrForbidden, "cannot use %s: it lies in none of the folders of workspace_roots", whole)
}

// File opens the folder that a file of the host is or will be in, and gives the
// file's name there.
func (r Roots) File(path string) (folder *os.Root, name string, err error) {
	if path == "" || strings.HasSuffix(path, "/") {
		return nil, "", fail(ErrBadInput, "cannot use %q as a file", path)
	}
	folder, err = r.Folder(filepath.Dir(path))
	return folder, filepath.Base(path), err
}

// pathError says what is wrong with a path of the host; the words of package os
// name the system call instead.
func pathError(path string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, fs.ErrNotExist):
		return fail(ErrBadInput, "there is no %s", path)
	case errors.Is(err, fs.ErrPermission):
		return fail(ErrForbidden, "cannot open %s: the hub's user may not", path)
	}
	var detail *fs.PathError
	if errors.As(err, &detail) {
		err = detail.Err
	}
	return fail(ErrBadInput, "cannot open %s: %s", path, err)
}
