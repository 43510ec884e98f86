package docker

import (
	"archive/tar"
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	containertypes "github.com/docker/docker/api/types/container"
)

// MostWritten is how many bytes [Engine.WriteFile] writes at most.
const MostWritten = 16 << 20

// WriteFile puts a file into a container, running or not, in a folder that is
// there. A file that was there is replaced, and its owner kept; else the owner is
// root. The engine removes the old file and then makes the new one, so a reader
// may meet none, or a part, for a moment. A link at the path itself is replaced by
// the file and never written through; links in the folders before it are followed,
// within the container. Of mode the nine bits of permissions count.
func (e *Engine) WriteFile(ctx context.Context, idOrName, to string, content []byte, mode fs.FileMode) error {
	p, err := e.filePlace(ctx, "write", idOrName, to)
	if err != nil {
		return err
	}
	if len(content) > MostWritten {
		return fail(ErrTooLarge, "%s: it has %d bytes, at most %d are written: upload a tar", p.tried, len(content), MostWritten)
	}
	head := &tar.Header{Name: inTar(path.Base(p.path)), Typeflag: tar.TypeReg, Size: int64(len(content)), Mode: int64(mode.Perm())}
	switch p.stat, err = p.look(ctx, p.path); {
	case err == nil && p.stat.mode().IsDir():
		return fail(ErrConflict, "%s: it is a folder", p.tried)
	case err == nil && p.stat.mode().IsRegular():
		if err := p.owner(ctx, head); err != nil {
			return err
		}
	case err != nil && !errors.Is(err, ErrNotFound):
		return err
	}
	err = p.put(ctx, path.Dir(p.path), []*tar.Header{head}, content)
	if errors.Is(err, ErrNotFound) {
		return fail(ErrNotFound, "%s: there is no folder %s, make it first", p.tried, quoted(path.Dir(p.path)))
	}
	return err
}

// owner gives a new file the owner of the one that it replaces.
func (p place) owner(ctx context.Context, file *tar.Header) error {
	a, err := p.open(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	head, err := a.next()
	if err == nil {
		file.Uid, file.Gid = head.Uid, head.Gid
	} else if err != io.EOF {
		return err
	}
	return nil
}

// MakeFolder makes a folder in a container, running or not, and those before it
// that are missing, all for root and with the permissions 0755. Folders that are
// there stay as they are; where something else is, that is an ErrConflict.
func (e *Engine) MakeFolder(ctx context.Context, idOrName, at string) error {
	p, err := e.filePlace(ctx, "make folder", idOrName, at)
	if err != nil {
		return err
	}
	there, missing := place{}, []string(nil)
	for next := p.path; ; next = path.Dir(next) {
		there = p
		there.path = next
		if there.stat, err = p.look(ctx, next); err == nil {
			break
		} else if !errors.Is(err, ErrNotFound) || next == "/" {
			return err
		}
		missing = append(missing, next)
	}
	if err := there.follow(ctx); err != nil {
		return err
	}
	if !there.realStat.mode().IsDir() {
		return fail(ErrConflict, "%s: %s is there and is no folder", p.tried, quoted(there.path))
	}
	heads := []*tar.Header{}
	for _, folder := range slices.Backward(missing) {
		name := strings.TrimPrefix(strings.TrimPrefix(folder, there.path), "/")
		heads = append(heads, &tar.Header{Name: inTar(name) + "/", Typeflag: tar.TypeDir, Mode: 0o755})
	}
	if len(heads) == 0 {
		return nil
	}
	return p.put(ctx, there.real, heads, nil)
}

// put unpacks a tar of these entries in a folder; content is that of the last.
func (p place) put(ctx context.Context, folder string, heads []*tar.Header, content []byte) error {
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	var err error
	for _, head := range heads {
		head.Format, head.ModTime = tar.FormatGNU, time.Now()
		err = errors.Join(err, w.WriteHeader(head))
	}
	_, wrong := w.Write(content)
	if err = errors.Join(err, wrong, w.Close()); err != nil {
		return fail(ErrInvalid, "%s: %s", p.tried, err)
	}
	return p.explain(ctx, p.e.api().CopyToContainer(ctx, p.container.ID, folder, &b, containertypes.CopyToContainerOptions{}))
}
