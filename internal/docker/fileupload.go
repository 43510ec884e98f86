package docker

import (
	"archive/tar"
	"context"
	"errors"
	"io"
	"io/fs"
	"strings"
)

// mostKnown is how many bytes of names an upload remembers; it asks the engine for
// others.
const mostKnown = 16 << 20

// Uploaded is what an upload has put into a container.
type Uploaded struct {
	Entries int
	Bytes   int64 // of files
}

// UploadFiles unpacks a tar that is not compressed in a folder of a container,
// running or not, while it comes. Owners, permissions and times are those of the
// tar; files that are in the way are replaced, folders stay. Nothing leaves the
// folder: an entry with an absolute name or "..", one behind a link, in the tar or
// in the container, and one that is no file, folder or link is an ErrInvalid of
// the field "tar" that names it. What came before it stays, as after any failure
// in the middle. Errors of in come back as they are. The container cannot be
// inspected, stopped or removed meanwhile.
func (e *Engine) UploadFiles(ctx context.Context, idOrName, folder string, in io.Reader) (Uploaded, error) {
	p, err := e.locate(ctx, "upload to", idOrName, folder)
	if err != nil {
		return Uploaded{}, err
	}
	if !p.realStat.mode().IsDir() {
		return Uploaded{}, fail(ErrConflict, "%s: it is no folder", p.tried)
	}
	u := &upload{place: p, known: map[string]bool{}}
	source := &remembering{in: in}
	switch err = u.run(ctx, tar.NewReader(source)); {
	case source.err != nil:
		return u.done, source.err
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, tar.ErrHeader), errors.Is(err, tar.ErrFieldTooLong):
		return u.done, invalid("tar", "%s: after %d entries comes what is no tar, or not whole; a compressed one is not taken", p.tried, u.done.Entries)
	}
	return u.done, err
}

// upload is one upload while it runs.
type upload struct {
	place place
	put   *unpacking // what is under way to the engine; nil for nothing
	done  Uploaded
	// known are names of which it is known that they are no link (true) or one. The
	// engine replaces no folder by something else.
	known map[string]bool
	size  int // of the names in known
}

// run sends the entries. An error of the tar itself comes back as it is.
func (u *upload) run(ctx context.Context, in *tar.Reader) error {
	for {
		head, err := in.Next()
		if err == io.EOF {
			return u.flush()
		}
		if err == nil {
			err = u.entry(ctx, head, in)
		}
		if err != nil {
			if u.put != nil {
				u.put.abort()
			}
			return err
		}
	}
}

func (u *upload) entry(ctx context.Context, from *tar.Header, content io.Reader) error {
	head, err := rewritten(from)
	switch {
	case err != nil:
		return u.refused(from.Name, err)
	case head == nil:
		return nil
	}
	name := outOfTar(head.Name)
	free, err := u.enter(ctx, name)
	if err == nil && free && head.Typeflag == tar.TypeLink {
		// An engine that gives a link another name may set the mode of what it leads to.
		free, err = u.enter(ctx, outOfTar(head.Linkname)+"/")
	}
	switch {
	case err != nil:
		return err
	case !free:
		return u.refused(from.Name, errors.New("it lies behind a link, or is another name of one"))
	}
	if u.put == nil {
		u.put = u.place.unpack(ctx)
	}
	if err := u.put.header(head); err != nil {
		return u.refused(from.Name, err)
	}
	if head.Typeflag == tar.TypeReg {
		n, err := u.put.content(content)
		if err != nil {
			return err
		}
		u.done.Bytes += n
	}
	u.know(name, head.Typeflag != tar.TypeSymlink)
	u.done.Entries++
	return nil
}

// enter reports whether none of what stands before the slashes of a name is a link.
func (u *upload) enter(ctx context.Context, name string) (free bool, err error) {
	for i, c := range name {
		if c != '/' {
			continue
		}
		real, known := u.known[name[:i]]
		if !known {
			if real, err = u.real(ctx, name[:i]); err != nil {
				return false, err
			}
		}
		if !real {
			return false, nil
		}
	}
	return true, nil
}

// real asks the engine whether a name is no link. It does not answer for a
// container while it unpacks there, so it must finish that first.
func (u *upload) real(ctx context.Context, name string) (bool, error) {
	if err := u.flush(); err != nil {
		return false, err
	}
	stat, err := u.place.look(ctx, strings.TrimSuffix(u.place.real, "/")+"/"+name)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return false, err
	}
	real := stat.mode()&fs.ModeSymlink == 0 // what is missing becomes a folder
	u.know(name, real)
	return real, nil
}

// know remembers a name if there is room, and never what was before.
func (u *upload) know(name string, real bool) {
	if _, was := u.known[name]; was {
		delete(u.known, name)
		u.size -= len(name)
	}
	if u.size+len(name) <= mostKnown {
		u.known[strings.Clone(name)] = real // not the whole entry's name, which it is a part of
		u.size += len(name)
	}
}

// flush has the engine finish with what it has got.
func (u *upload) flush() error {
	if u.put == nil {
		return nil
	}
	put := u.put
	u.put = nil
	return put.finish()
}

// refused is the error of an entry that is not taken, or the engine's.
func (u *upload) refused(name string, why error) error {
	var ours *Error
	if errors.As(why, &ours) {
		return why
	}
	return invalid("tar", "%s: the entry %s is not taken: %s", u.place.tried, quoted(name), why)
}

// remembering is a reader that keeps the error it fails with.
type remembering struct {
	in  io.Reader
	err error
}

func (r *remembering) Read(p []byte) (int, error) {
	n, err := r.in.Read(p)
	if err != nil && err != io.EOF {
		r.err = err
	}
	return n, err
}
