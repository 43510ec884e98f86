package docker

import (
	"archive/tar"
	"bufio"
	"context"
	"fmt"
	"io"
)

// Download is a path of a container as a tar, while it comes.
type Download struct {
	Container string // its name
	Name      string // the path's last name, which all entries are below; "." of the root
	Stat      FileStat

	out *io.PipeReader
	end context.CancelCauseFunc
}

// Read reads what comes next of the tar. What ends before its time fails with
// another error than io.EOF.
func (d *Download) Read(p []byte) (int, error) { return d.out.Read(p) }

// Close makes the engine stop, and lets go of the container.
func (d *Download) Close() error {
	d.end(nil)
	return d.out.Close()
}

// DownloadFiles reads a path of a container, running or not, and all below it as
// a tar that begins with the path itself. A link at the path itself is followed,
// links below are kept as they are. Entries lie below the path's name whatever
// they say of themselves; devices, pipes and sockets are left out. The container
// cannot be inspected, stopped or removed meanwhile, so a reader that takes nothing
// for a minute is given up.
func (e *Engine) DownloadFiles(ctx context.Context, idOrName, path string) (*Download, error) {
	p, err := e.locate(ctx, "download", idOrName, path)
	if err != nil {
		return nil, err
	}
	a, err := p.open(ctx)
	if err != nil {
		return nil, err
	}
	r, w := io.Pipe()
	go a.send(w)
	return &Download{p.container.Name, tarBase(p.path), p.stat, r, a.end}, nil
}

// tarBase is baseOf for names in a tar, none of which begins with a slash.
func tarBase(path string) string {
	if base := baseOf(path); base != "/" {
		return base
	}
	return "."
}

// send rewrites the archive into w, and ends with it.
func (a *fileArchive) send(w *io.PipeWriter) {
	defer a.Close()
	defer func() {
		if p := recover(); p != nil {
			w.CloseWithError(fmt.Errorf("%s: a panic: %v", a.place.tried, p))
		}
	}()
	out := bufio.NewWriterSize(&impatientWriter{w, fileStall, func() {
		err := fail(ErrConflict, "%s: its reader took nothing for %s", a.place.tried, fileStall)
		a.end(err)
		w.CloseWithError(err)
	}}, 64<<10)
	err := a.copy(tar.NewWriter(out))
	if err == nil {
		err = out.Flush()
	}
	w.CloseWithError(err) // nil is io.EOF
}

func (a *fileArchive) copy(out *tar.Writer) error {
	base := tarBase(a.place.path)
	for {
		head, err := a.next()
		switch {
		case err == io.EOF:
			return out.Close()
		case err != nil:
			return err
		}
		head.Name = below(base, inside(a.place.real, head.Name))
		switch head.Typeflag {
		case tar.TypeDir:
			head.Name += "/"
		case tar.TypeLink:
			head.Linkname = below(base, inside(a.place.real, head.Linkname))
		case tar.TypeReg, tar.TypeSymlink:
		default:
			continue
		}
		if err := out.WriteHeader(head); err != nil {
			return err
		}
		if _, err := io.Copy(out, a); err != nil {
			return a.failed(err)
		}
	}
}
