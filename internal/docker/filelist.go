package docker

import (
	"archive/tar"
	"context"
	"errors"
	"io"
	"strings"
	"time"
)

// Limits of one [Engine.ListFiles]. An engine can only send a folder whole, with
// all that its files hold, so what bounds a list is what must be read for it.
const (
	MostEntries = 10_000
	MostScanned = 64 << 20 // bytes, of a list without a depth
	MostPassed  = 1 << 30  // bytes, of a list with one, most of which is passed over
	listTime    = 10 * time.Second
)

// FileEntry is one line of a list.
type FileEntry struct {
	Name   string // the path's last name, and below that the way to the entry
	Size   int64  // bytes
	Folder bool
	Mode   int64 // permissions, with set-uid, set-gid and sticky: at most 07777
	UID    int
	GID    int
	Mtime  time.Time
	Link   string // of a symbolic link: its target as it stands there
}

// FileList is what is at a path and below it.
type FileList struct {
	Entries []FileEntry // the path itself first
	Stat    FileStat    // of the path as asked, so of a link itself
}

// errScanned ends the reading of an archive that is too large to be listed.
var errScanned = errors.New("too much to scan")

// ListFiles lists a path of a container, running or not, and all below it down to
// depth folders: 0 is the path alone, 1 what lies in it, and less than 0
// everything. A link at the path itself is followed, links below are listed. What
// is beyond [MostEntries], [MostScanned] or [MostPassed], or takes over 10 s, is an
// ErrTooLarge; the engine is made to stop there.
func (e *Engine) ListFiles(ctx context.Context, idOrName, path string, depth int) (FileList, error) {
	p, err := e.locate(ctx, "list", idOrName, path)
	if err != nil {
		return FileList{}, err
	}
	timed, cancel := context.WithTimeout(ctx, listTime)
	defer cancel()
	a, err := p.open(timed)
	if err != nil {
		return FileList{}, err
	}
	defer a.Close()
	most := int64(MostScanned)
	if depth >= 0 {
		most = MostPassed
	}
	a.Reader = tar.NewReader(&bounded{a.body, most})
	list := FileList{Entries: []FileEntry{}, Stat: p.stat}
	switch err := list.read(a, depth, most); {
	case errors.Is(err, errScanned):
		return FileList{}, fail(ErrTooLarge, "%s: its files are over %d MiB, which must be read to list it: list a folder below it", p.tried, most>>20)
	case timed.Err() != nil && ctx.Err() == nil && len(list.Entries) > 0:
		return FileList{}, fail(ErrTooLarge, "%s: it takes over %s to read: list a folder below it", p.tried, listTime)
	case err != nil:
		return FileList{}, err
	}
	return list, nil
}

func (l *FileList) read(a *fileArchive, depth int, most int64) error {
	base := baseOf(a.place.path)
	passed := int64(0)
	sizes := map[string]int64{} // of files with several names, by the one that has the content
	for {
		head, err := a.next()
		if err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
		rest := inside(a.place.real, head.Name)
		if depth < 0 || deep(rest) <= depth {
			if len(l.Entries) == MostEntries {
				return fail(ErrTooLarge, "%s: there is more than %d entries: list a folder below it, or give a depth", a.place.tried, MostEntries)
			}
			entry := entryOf(head, below(base, rest))
			if head.Typeflag == tar.TypeLink {
				entry.Size = sizes[inside(a.place.real, head.Linkname)]
			} else if head.Size > 0 {
				sizes[rest] = head.Size
			}
			l.Entries = append(l.Entries, entry)
		}
		if rest == "" && (depth == 0 || !a.place.realStat.mode().IsDir()) {
			return nil
		}
		if passed += head.Size; passed > most { // it need not be read to know
			return errScanned
		}
	}
}

func entryOf(head *tar.Header, name string) FileEntry {
	e := FileEntry{Name: name, Size: head.Size, Folder: head.Typeflag == tar.TypeDir, Mode: head.Mode & 0o7777,
		UID: head.Uid, GID: head.Gid, Mtime: head.ModTime.UTC()}
	if head.Typeflag == tar.TypeSymlink {
		e.Link = head.Linkname
	}
	return e
}

// deep is how many folders below its root an entry is.
func deep(rest string) int {
	if rest == "" {
		return 0
	}
	return 1 + strings.Count(rest, "/")
}

// bounded is a reader that fails with errScanned beyond its bound.
type bounded struct {
	in   io.Reader
	left int64
}

func (b *bounded) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errScanned
	}
	n, err := b.in.Read(p[:min(int64(len(p)), b.left)])
	b.left -= int64(n)
	return n, err
}
