package docker

import (
	"context"
	"errors"
	"io/fs"
	"path"
	"strings"
	"time"

	cerrdefs "github.com/containerd/errdefs"
)

const (
	mostPath  = 4096 // bytes of a path, as Linux has it
	mostParts = 256  // folders of a path, each of which may cost a call
	mostLinks = 16   // that are followed one after the other

	fileWait  = 30 * time.Second // for an engine's answer, of which only a part may be a file
	fileStall = time.Minute      // for the next piece of a file, from or to whoever is at the other end
)

// FileStat is what the engine knows of a path in a container.
type FileStat struct {
	Name       string
	Size       int64  // bytes; of a link the length of its target
	Mode       uint32 // the bits of Go's fs.FileMode: permissions in the lowest nine, folder in the highest
	Mtime      time.Time
	LinkTarget string // where a link leads, as a path from the container's root; "" where it is none
}

func (s FileStat) mode() fs.FileMode { return fs.FileMode(s.Mode) }

// place is a path in a container that was found there.
type place struct {
	e         *Engine
	tried     string // what is tried there, for errors, such as `cannot read "/etc/hosts" in web`
	container Container
	path      string   // as asked, without a slash at its end
	stat      FileStat // of path
	real      string   // where path leads when links are followed
	realStat  FileStat // of real
}

// checkPath is the grammar of paths in a container: absolute, without NUL and
// without "..". All else, spaces, quotes, newlines and a leading dash, is part of
// a name. It returns the path without what means nothing, "//", "/./" and a slash
// at the end.
func checkPath(given string) (string, error) {
	switch {
	case given == "" || given[0] != '/':
		return "", invalid("path", "a path in a container begins with /, %q does not", shorten(given))
	case len(given) > mostPath || strings.Count(given, "/") > mostParts:
		return "", invalid("path", "a path has at most %d bytes and %d folders", mostPath, mostParts)
	case strings.ContainsRune(given, 0):
		return "", invalid("path", "a path cannot hold a NUL")
	case hasDotDot(given):
		return "", invalid("path", `a path cannot hold "..", as in %q`, shorten(given))
	}
	return path.Clean(given), nil
}

func hasDotDot(name string) bool {
	for part := range strings.SplitSeq(name, "/") {
		if part == ".." {
			return true
		}
	}
	return false
}

// filePlace is a place that need not be there yet, so its stats are empty.
func (e *Engine) filePlace(ctx context.Context, verb, idOrName, given string) (place, error) {
	clean, err := checkPath(given)
	if err != nil {
		return place{}, err
	}
	tried := "cannot " + verb + " " + quoted(clean)
	c, err := e.container(ctx, tried+" in container", idOrName)
	return place{e: e, tried: tried + " in container " + c.Name, container: c, path: clean, real: clean}, err
}

// locate finds a path that must be there, and where its links lead.
func (e *Engine) locate(ctx context.Context, verb, idOrName, given string) (place, error) {
	ctx, cancel := context.WithTimeout(ctx, fileWait)
	defer cancel()
	p, err := e.filePlace(ctx, verb, idOrName, given)
	if err != nil {
		return p, err
	}
	if p.stat, err = p.look(ctx, p.path); err != nil {
		return p, err
	}
	return p, p.follow(ctx)
}

// follow fills real from path, whose stat is known.
func (p *place) follow(ctx context.Context) (err error) {
	p.real, p.realStat = p.path, p.stat
	for range mostLinks {
		if p.realStat.mode()&fs.ModeSymlink == 0 {
			return nil
		}
		to := p.realStat.LinkTarget
		if p.realStat, err = p.look(ctx, to); errors.Is(err, ErrNotFound) {
			return fail(ErrNotFound, "%s: it is a link to %s, which is not there", p.tried, quoted(to))
		} else if err != nil {
			return err
		}
		p.real = to
	}
	return fail(ErrConflict, "%s: its links do not end", p.tried)
}

// look asks the engine for a path of the container, the last link not followed.
func (p *place) look(ctx context.Context, at string) (FileStat, error) {
	s, err := p.e.api().ContainerStatPath(ctx, p.container.ID, at)
	if err != nil && !cerrdefs.IsNotFound(err) && ctx.Err() == nil {
		// A HEAD has no words; what begins to send the file has.
		body, again, words := p.e.api().CopyFromContainer(ctx, p.container.ID, at)
		if s, err = again, words; err == nil {
			body.Close()
		}
	}
	if err != nil {
		return FileStat{}, p.explain(ctx, err)
	}
	return FileStat{s.Name, s.Size, uint32(s.Mode), s.Mtime, s.LinkTarget}, nil
}

// fileWords are what engines say of a path, and what that is to a client. They
// answer 500 with most of them, and with paths of the host in some.
var fileWords = []struct {
	said string
	kind error
	ours string
}{
	{"No such container", ErrNotFound, "the container is gone"},
	{"Could not find the file", ErrNotFound, "there is no such path"},
	{"extraction point is not a directory", ErrConflict, "it is no folder"},
	{"cannot overwrite directory", ErrConflict, "a folder is in the way of a file"},
	{"cannot overwrite non-directory", ErrConflict, "a file or a link is in the way of a folder"},
	{"not a directory", ErrNotFound, "a part of the path is no folder"},
	{"too many links", ErrConflict, "its links lead in a circle"},
	{"too many levels of symbolic links", ErrConflict, "its links lead in a circle"},
	{"rootfs is marked read-only", ErrConflict, "the container's own files are read-only"},
	{"volume is marked read-only", ErrConflict, "the volume there is mounted read-only"},
	{"read-only file system", ErrConflict, "the file system there is read-only"},
	{"device or resource busy", ErrConflict, "it is a mount of its own, which the engine cannot replace; write it by exec"},
	{"no space left", ErrConflict, "no space is left there"},
	{"file name too long", ErrInvalid, "a name in the path is too long"},
}

// explain makes the engine's error one of ours.
func (p *place) explain(ctx context.Context, err error) error {
	if err == nil || ctx.Err() != nil || p.e.away(err) {
		return p.e.explain(ctx, p.tried, err)
	}
	for _, w := range fileWords {
		if strings.Contains(err.Error(), w.said) {
			return &Error{Kind: w.kind, Field: fieldOf(w.kind), Text: p.tried + ": " + w.ours}
		}
	}
	if cerrdefs.IsNotFound(err) { // a HEAD's, which has no words
		return fail(ErrNotFound, "%s: there is no such path", p.tried)
	}
	return p.e.explain(ctx, p.tried, err)
}

func fieldOf(kind error) string {
	if kind == ErrInvalid {
		return "path"
	}
	return ""
}

// quoted is a path as part of a sentence.
func quoted(p string) string {
	return `"` + strings.NewReplacer("\n", `\n`, "\r", `\r`, `"`, `\"`).Replace(shorten(p)) + `"`
}
