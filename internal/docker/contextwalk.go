package docker

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"os"
	"slices"
	"syscall"
)

// entry is one file, folder or link of the context of a build.
type entry struct {
	at   *os.Root // the folder it is in
	name string   // there
	path string   // in the context, with slashes
	info fs.FileInfo
}

// walk goes through all of a folder that belongs to a build's context: each folder
// before what is in it, names in order. Links are never followed. What vanishes
// meanwhile is passed over, as the docker command does.
type walk struct {
	ignore  *ignore
	except  string // the path of an entry that is left out with all that is in it, or ""
	visit   func(entry) error
	special func(path string) // told of what has no place in an image: sockets, pipes, devices
}

// deepest is how many folders may be in each other; each holds a file descriptor.
const deepest = 200

// level is a folder that the walk is in.
type level struct {
	entry          // of the folder; the context itself has none
	up      *level // the one it is in, nil at the top
	depth   int
	visited bool // also a folder that is ignored, once something in it is not
}

func (w *walk) folder(ctx context.Context, at *os.Root, l *level) error {
	names, err := namesIn(at)
	if err != nil {
		return cannotSend(l.path, err)
	}
	for _, name := range names {
		if err := ctx.Err(); err != nil {
			return err
		}
		e := entry{at: at, name: name, path: name}
		if l.path != "" {
			e.path = l.path + "/" + name
		}
		if e.path == w.except {
			continue
		}
		if e.info, err = at.Lstat(name); errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return cannotSend(e.path, err)
		}
		if err := w.entry(ctx, e, l); err != nil {
			return err
		}
	}
	return nil
}

func (w *walk) entry(ctx context.Context, e entry, in *level) error {
	ignored, err := w.ignore.ignores(e.path)
	if err != nil {
		return cannotSend(e.path, err)
	}
	if e.info.IsDir() {
		if ignored && !w.ignore.below(e.path) {
			return nil
		}
		return w.enter(ctx, &level{entry: e, up: in, depth: in.depth + 1}, ignored)
	}
	switch e.info.Mode().Type() {
	case 0, fs.ModeSymlink:
	default:
		if !ignored {
			w.special(e.path)
		}
		return nil
	}
	if ignored {
		return nil
	}
	if err := w.above(in); err != nil {
		return err
	}
	return w.visit(e)
}

func (w *walk) enter(ctx context.Context, l *level, ignored bool) error {
	if l.depth > deepest {
		return fail(ErrBadInput, "cannot send %s: more than %d folders are in each other", l.path, deepest)
	}
	if !ignored {
		if err := w.above(l); err != nil {
			return err
		}
	}
	folder, err := l.at.OpenRoot(asFolder(l.name))
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) {
		return nil
	}
	if err != nil {
		return cannotSend(l.path, err)
	}
	defer folder.Close()
	return w.folder(ctx, folder, l)
}

// above visits a folder, and first those it is in, where that was not done.
func (w *walk) above(l *level) error {
	if l.up == nil || l.visited {
		return nil
	}
	l.visited = true
	if err := w.above(l.up); err != nil {
		return err
	}
	return w.visit(l.entry)
}

func namesIn(folder *os.Root) ([]string, error) {
	f, err := folder.Open(".")
	if err != nil {
		return nil, err
	}
	defer f.Close()
	names, err := f.Readdirnames(-1)
	slices.Sort(names)
	return names, err
}

// openRegular opens a regular file, with what it is once it is open. Anything
// else that stands there is an error at once, also a named pipe, which would wait.
func openRegular(folder *os.Root, name string) (*os.File, fs.FileInfo, error) {
	f, err := folder.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, nil, err
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = errors.New("it is not a regular file")
	}
	if err != nil {
		f.Close()
		return nil, nil, err
	}
	return f, info, nil
}

// cannotSend says what of the context is wrong.
func cannotSend(path string, err error) error {
	if errors.Is(err, fs.ErrPermission) {
		return fail(ErrForbidden, "cannot send %s of the build's context: the hub's user may not read it", cmp.Or(path, "the top"))
	}
	var detail *fs.PathError
	if errors.As(err, &detail) {
		err = detail.Err
	}
	return fail(ErrBadInput, "cannot send %s of the build's context: %s", cmp.Or(path, "the top"), err)
}

// vanished is nil for what is there no more, as if it had never been.
func vanished(path string, err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return cannotSend(path, err)
}
