package docker

import (
	"archive/tar"
	"context"
	"errors"
	"io"
	"path"
	"strings"
	"time"
)

// fileArchive is the tar that an engine makes of a path while it is read. The
// engine holds the container until it is closed: meanwhile nobody can inspect,
// stop or remove it.
type fileArchive struct {
	*tar.Reader
	place place
	body  io.ReadCloser
	ctx   context.Context
	end   context.CancelCauseFunc
}

// open has the engine begin to send what is at p.real.
func (p place) open(ctx context.Context) (*fileArchive, error) {
	ctx, end := context.WithCancelCause(ctx)
	late := func() { end(fail(ErrUnavailable, "%s: the Docker engine does not answer", p.tried)) }
	timer := time.AfterFunc(fileWait, late)
	body, _, err := p.e.api().CopyFromContainer(ctx, p.container.ID, p.real)
	timer.Stop()
	if err != nil {
		defer end(nil)
		return nil, p.explain(ctx, err)
	}
	return &fileArchive{tar.NewReader(&impatientReader{body, fileStall, late}), p, body, ctx, end}, nil
}

// Close makes the engine stop, wherever it is.
func (a *fileArchive) Close() {
	a.end(nil)
	a.body.Close()
}

// next is Next with errors of ours; io.EOF is the archive's end.
func (a *fileArchive) next() (*tar.Header, error) {
	head, err := a.Next()
	if err == nil || err == io.EOF {
		return head, err
	}
	return nil, a.failed(err)
}

// failed is why reading the archive ended early.
func (a *fileArchive) failed(err error) error {
	switch {
	case errors.Is(err, errScanned):
		return err
	case errors.Is(err, tar.ErrHeader):
		return fail(nil, "%s: the engine sent no tar", a.place.tried)
	}
	return a.place.explain(a.ctx, err)
}

// inside is an entry's name below the path that was asked for, "" for that itself:
// what stands before the first slash is the engine's name for it, and nothing in
// an entry leads out of it.
func inside(root, name string) string {
	name = path.Clean("/" + name)[1:]
	if root == "/" {
		return name
	}
	_, name, _ = strings.Cut(name, "/")
	return name
}

// baseOf is what a path's first entry is called; that of the root is "/".
func baseOf(p string) string { return path.Base(p) }

// below is the name of an entry under its base.
func below(base, rest string) string {
	switch {
	case rest == "":
		return base
	case base == "/":
		return "/" + rest
	}
	return base + "/" + rest
}
