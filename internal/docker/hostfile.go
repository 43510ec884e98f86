package docker

import (
	"crypto/rand"
	"errors"
	"io"
	"io/fs"
	"os"
	"syscall"
)

// hostFile is a file of the host that is to be written.
type hostFile struct {
	path   string // as asked for
	folder *os.Root
	name   string
	mode   fs.FileMode
}

// hostFile finds a file that is to be written, in its folder, and refuses what is
// there and is no regular file.
func (e *Engine) hostFile(path string) (*hostFile, error) {
	folder, name, err := e.o.Roots.File(path)
	if err != nil {
		return nil, err
	}
	h := &hostFile{path, folder, name, 0o644}
	switch info, err := folder.Lstat(name); {
	case err == nil && info.Mode().IsRegular():
		h.mode = info.Mode().Perm()
		return h, nil
	case errors.Is(err, fs.ErrNotExist):
		return h, nil
	case err == nil:
		err = fail(ErrBadInput, "cannot write to %s: what is there is no regular file", path)
		h.close()
		return nil, err
	default:
		h.close()
		return nil, pathError(path, err)
	}
}

func (h *hostFile) close() { _ = h.folder.Close() }

// replace writes the file as a whole or not at all: beside it first, to the disk,
// and then in its place. Nothing is left behind on an error.
func (h *hostFile) replace(write func(io.Writer) error) (err error) {
	beside := ".hub-" + rand.Text()
	f, err := h.folder.OpenFile(beside, os.O_WRONLY|os.O_CREATE|os.O_EXCL, h.mode)
	if err != nil {
		return pathError(h.path, err)
	}
	defer func() {
		if err != nil {
			_ = f.Close()
			_ = h.folder.Remove(beside)
		}
	}()
	if err := write(hostWriter{f, h.path}); err != nil {
		return err
	}
	for _, step := range []func() error{
		f.Sync, f.Close,
		func() error { return h.folder.Rename(beside, h.name) },
		h.sync,
	} {
		if err := step(); err != nil {
			return writeError(h.path, err)
		}
	}
	return nil
}

// sync has the folder's disk know the file's name.
func (h *hostFile) sync() error {
	f, err := h.folder.Open(".")
	if err != nil {
		return err
	}
	defer f.Close()
	return f.Sync()
}

// hostWriter makes the file's errors tell themselves from those of the engine.
type hostWriter struct {
	f    *os.File
	path string
}

// Write implements [io.Writer].
func (w hostWriter) Write(p []byte) (int, error) {
	n, err := w.f.Write(p)
	if err != nil {
		err = writeError(w.path, err)
	}
	return n, err
}

// writeError says what a disk had against a file, such as being full.
func writeError(path string, err error) error {
	var reason syscall.Errno
	if errors.As(err, &reason) {
		return fail(nil, "cannot write to %s: %s", path, reason)
	}
	return fail(nil, "cannot write to %s: %s", path, err)
}
