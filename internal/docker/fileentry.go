package docker

import (
	"archive/tar"
	"errors"
	"fmt"
	"path"
	"strings"
)

// rewritten is an entry of a client's tar as an engine gets it: nothing but what
// is said here of a file, a folder or a link, under a name that stays below the
// folder it is unpacked in. It is nil for what says nothing of such. The error says
// why the entry is not taken.
func rewritten(from *tar.Header) (*tar.Header, error) {
	head := &tar.Header{
		Typeflag: from.Typeflag, Mode: from.Mode & 0o7777, Uid: from.Uid, Gid: from.Gid, ModTime: from.ModTime, Format: tar.FormatGNU,
	}
	name, err := local(from.Name)
	if err != nil {
		return nil, fmt.Errorf("its name %w", err)
	}
	head.Name = inTar(name)
	switch from.Typeflag {
	case tar.TypeXGlobalHeader: // such as git's
		return nil, nil
	case tar.TypeDir:
		if name == "." { // the folder asked for, which stays as it is
			return nil, nil
		}
		head.Name += "/"
	case tar.TypeReg:
		if isSparse(from) {
			return nil, errors.New("it is a sparse file, which may be any size")
		}
		head.Size = from.Size
	case tar.TypeSymlink:
		head.Linkname = from.Linkname
	case tar.TypeLink:
		to, err := local(from.Linkname)
		if err != nil {
			return nil, fmt.Errorf("the file that it is another name of %w", err)
		}
		if to == "." {
			return nil, errors.New("it is another name of a folder")
		}
		head.Linkname = inTar(to)
	case tar.TypeGNUSparse:
		return nil, errors.New("it is a sparse file, which may be any size")
	case tar.TypeChar, tar.TypeBlock, tar.TypeFifo:
		return nil, errors.New("it is a device or a pipe")
	default:
		return nil, fmt.Errorf("its type %q is none of a file, a folder or a link", from.Typeflag)
	}
	if name == "." {
		return nil, errors.New("it has no name")
	}
	return head, nil
}

// local is a name that leads nowhere but down.
func local(name string) (string, error) {
	switch {
	case strings.HasPrefix(name, "/"):
		return "", errors.New("begins with /")
	case hasDotDot(name):
		return "", errors.New(`holds ".."`)
	case len(name) > mostPath || strings.Count(name, "/") > mostParts:
		return "", errors.New("is too long")
	}
	return path.Clean(name), nil
}

func isSparse(head *tar.Header) bool {
	for key := range head.PAXRecords {
		if strings.HasPrefix(key, "GNU.sparse.") {
			return true
		}
	}
	return false
}

// inTar is a name as an entry of a tar for an engine. An engine tells a compressed
// tar by its first bytes, which are those of the first name: one that begins with
// "BZh" would be one.
func inTar(name string) string { return "./" + name }

// outOfTar is inTar's name again.
func outOfTar(name string) string { return strings.Trim(strings.TrimPrefix(name, "./"), "/") }
