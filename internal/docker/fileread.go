package docker

import (
	"archive/tar"
	"context"
	"io"
)

// MostRead is how many bytes of a file [Engine.ReadFile] reads at most.
const MostRead = 8 << 20

// ReadFile reads a file of a container, running or not. Links are followed as cat
// follows them, never out of the container; the stat is that of the path as asked,
// so of a link itself. A file over [MostRead] is an ErrTooLarge, and what is no
// file, such as a folder or a device, an ErrConflict.
func (e *Engine) ReadFile(ctx context.Context, idOrName, path string) ([]byte, FileStat, error) {
	p, err := e.locate(ctx, "read", idOrName, path)
	if err != nil {
		return nil, p.stat, err
	}
	switch mode := p.realStat.mode(); {
	case mode.IsDir():
		return nil, p.stat, fail(ErrConflict, "%s: it is a folder", p.tried)
	case !mode.IsRegular():
		return nil, p.stat, fail(ErrConflict, "%s: it is no file but a device, a pipe or a socket", p.tried)
	case p.realStat.Size > MostRead:
		return nil, p.stat, p.tooLargeToRead(p.realStat.Size)
	}
	a, err := p.open(ctx)
	if err != nil {
		return nil, p.stat, err
	}
	defer a.Close()
	head, err := a.next()
	switch {
	case err == io.EOF:
		return nil, p.stat, fail(nil, "%s: the engine sent nothing", p.tried)
	case err != nil:
		return nil, p.stat, err
	case head.Typeflag != tar.TypeReg: // it was replaced meanwhile
		return nil, p.stat, fail(ErrConflict, "%s: it is no file any more", p.tried)
	case head.Size > MostRead: // it has grown meanwhile
		return nil, p.stat, p.tooLargeToRead(head.Size)
	}
	content := make([]byte, head.Size)
	if _, err := io.ReadFull(a, content); err != nil {
		return nil, p.stat, a.failed(err)
	}
	return content, p.stat, nil
}

func (p place) tooLargeToRead(size int64) error {
	return fail(ErrTooLarge, "%s: it has %d bytes, at most %d are read: download it", p.tried, size, MostRead)
}
