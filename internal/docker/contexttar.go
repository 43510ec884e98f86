package docker

import (
	"archive/tar"
	"bufio"
	"context"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"runtime/debug"
	"time"
)

// buildContext is what a build is sent: a folder, a Dockerfile that exists only
// here, or both.
type buildContext struct {
	folder     *os.Root // nil for none
	ignore     *ignore  // of folder
	dockerfile string   // its name
	text       []byte   // what it says
	inline     bool     // it exists only here, in place of what has its name in the folder

	sent func(bytes int) // told of each piece of a file's content
}

// size is the bytes of content that would be sent now. What has no place in an
// image, and will not be sent, is told.
func (c *buildContext) size(ctx context.Context, special func(path string)) (total int64, err error) {
	w := c.walk(func(e entry) error {
		if e.info.Mode().IsRegular() {
			total += e.info.Size()
		}
		return nil
	}, special)
	if c.inline {
		total = int64(len(c.text))
	}
	err = c.each(ctx, w)
	return total, err
}

// writeTo sends the context as a tar, as the docker command does: owned by root,
// with its modes and times, links as links. Memory does not depend on sizes.
func (c *buildContext) writeTo(ctx context.Context, to io.Writer) (err error) {
	defer func() { // the goroutine has nobody else
		if p := recover(); p != nil {
			slog.Error("sending a build's context panicked", "panic", p, "stack", string(debug.Stack()))
			err = fail(nil, "cannot send the build's context: the hub failed, and its log says how")
		}
	}()
	out := bufio.NewWriterSize(to, 64<<10)
	t := &tarWriter{Writer: tar.NewWriter(out), buffer: make([]byte, 64<<10), sent: c.sent}
	if c.inline {
		if err := t.inline(c.dockerfile, c.text); err != nil {
			return err
		}
	}
	if err := c.each(ctx, c.walk(t.add, func(string) {})); err != nil {
		return err
	}
	if err := t.Close(); err != nil {
		return err
	}
	return out.Flush()
}

func (c *buildContext) walk(visit func(entry) error, special func(string)) *walk {
	w := &walk{ignore: c.ignore, visit: visit, special: special}
	if c.inline {
		w.except = c.dockerfile
	}
	return w
}

func (c *buildContext) each(ctx context.Context, w *walk) error {
	if c.folder == nil {
		return nil
	}
	return w.folder(ctx, c.folder, &level{})
}

// tarWriter writes entries of a context.
type tarWriter struct {
	*tar.Writer
	buffer []byte
	sent   func(bytes int)
}

func (t *tarWriter) inline(name string, content []byte) error {
	h := tar.Header{Typeflag: tar.TypeReg, Name: name, Mode: 0o644, Size: int64(len(content)), ModTime: time.Now()}
	if err := t.WriteHeader(&h); err != nil {
		return err
	}
	_, err := t.Write(content)
	t.sent(len(content))
	return err
}

func (t *tarWriter) add(e entry) error {
	h := header(e, e.info)
	switch e.info.Mode().Type() {
	case fs.ModeDir:
		h.Typeflag, h.Name = tar.TypeDir, e.path+"/"
	case fs.ModeSymlink:
		to, err := e.at.Readlink(e.name)
		if err != nil {
			return vanished(e.path, err)
		}
		h.Typeflag, h.Linkname = tar.TypeSymlink, filepath.ToSlash(to)
	default:
		return t.file(e)
	}
	return t.WriteHeader(h)
}

// file sends a regular file with the size that it has when it is opened: what is
// added to it after that does not belong to the context.
func (t *tarWriter) file(e entry) error {
	f, info, err := openRegular(e.at, e.name)
	if err != nil {
		return vanished(e.path, err)
	}
	defer f.Close()
	h := header(e, info)
	h.Typeflag, h.Size = tar.TypeReg, info.Size()
	if err := t.WriteHeader(h); err != nil {
		return err
	}
	for left := h.Size; left > 0; {
		n, err := f.Read(t.buffer[:min(left, int64(len(t.buffer)))])
		if n > 0 {
			if _, err := t.Write(t.buffer[:n]); err != nil {
				return err
			}
			t.sent(n)
			left -= int64(n)
		}
		switch {
		case left == 0:
		case err == io.EOF:
			return fail(ErrBadInput, "cannot send %s of the build's context: it became shorter while it was sent", e.path)
		case err != nil:
			return cannotSend(e.path, err)
		}
	}
	return nil
}

func header(e entry, info fs.FileInfo) *tar.Header {
	mode := int64(info.Mode().Perm())
	for bit, of := range map[int64]fs.FileMode{0o4000: fs.ModeSetuid, 0o2000: fs.ModeSetgid, 0o1000: fs.ModeSticky} {
		if info.Mode()&of != 0 {
			mode |= bit
		}
	}
	return &tar.Header{Name: e.path, Mode: mode, ModTime: info.ModTime()}
}
