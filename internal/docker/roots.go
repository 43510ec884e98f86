package docker

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
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
		folder, err := os.OpenRoot(asFolder(whole))
		return folder, pathError(whole, err)
	}
	for _, root := range r {
		within, ok := under(root, whole)
		if !ok {
			continue
		}
		top, err := os.OpenRoot(asFolder(root))
		if err != nil {
			return nil, pathError(root, err)
		}
		defer top.Close()
		folder, err := top.OpenRoot(asFolder(within))
		return folder, pathError(whole, err)
	}
	return nil, outside(whole)
}

// File opens the folder that a file of the host is or will be in, and gives the
// file's name there.
func (r Roots) File(path string) (folder *os.Root, name string, err error) {
	name = filepath.Base(path)
	if path == "" || strings.HasSuffix(path, "/") || name == "." || name == ".." {
		return nil, "", fail(ErrBadInput, "cannot use %q as a file", path)
	}
	folder, err = r.Folder(filepath.Dir(path))
	return folder, name, err
}

// Allows is nil where the engine may be handed a path of the host, as a bind
// mount: it lies in a root with every link on the way resolved, also where it
// does not exist yet. The path must be absolute and without "..". The engine
// resolves it again, so that this holds against who names paths and not against
// who can change the host's folders meanwhile.
func (r Roots) Allows(path string) error {
	if !filepath.IsAbs(path) || strings.ContainsRune(path, 0) || slices.Contains(strings.Split(path, "/"), "..") {
		return fail(ErrBadInput, "cannot use %q as a path: it must be absolute and without \"..\"", path)
	}
	if len(r) == 0 {
		return nil
	}
	real, err := resolved(filepath.Clean(path))
	if err != nil {
		return pathError(path, err)
	}
	for _, root := range r {
		top, err := filepath.EvalSymlinks(root)
		if _, ok := under(top, real); ok && err == nil {
			return nil
		}
	}
	return outside(path)
}

// resolved is a path without links; what does not exist of it is taken as it is.
func resolved(path string) (string, error) {
	real, err := filepath.EvalSymlinks(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return real, err
	}
	if _, err := os.Lstat(path); err == nil {
		return "", errors.New("it is a link to nowhere")
	}
	parent, err := resolved(filepath.Dir(path))
	return filepath.Join(parent, filepath.Base(path)), err
}

// under is where in a root a path lies.
func under(root, path string) (within string, ok bool) {
	root, err := filepath.Abs(root)
	if err != nil {
		return "", false
	}
	within, err = filepath.Rel(root, path)
	return within, err == nil && filepath.IsLocal(within)
}

// asFolder makes opening anything but a folder fail at once; a named pipe would
// wait for who writes to it.
func asFolder(path string) string { return path + "/." }

func outside(path string) error {
	return fail(ErrForbidden, "cannot use %s: it lies in none of the folders of workspace_roots", path)
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
	case leadsOut(err):
		return fail(ErrForbidden, "cannot open %s: a link there leads out of the folder it is in", path)
	}
	var detail *fs.PathError
	if errors.As(err, &detail) {
		err = detail.Err
	}
	return fail(ErrBadInput, "cannot open %s: %s", path, err)
}

// leadsOut reports whether an os.Root refused to leave itself, which package os
// has no exported error for.
func leadsOut(err error) bool { return strings.HasSuffix(err.Error(), "path escapes from parent") }
