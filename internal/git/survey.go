package git

import (
	"strings"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/filemode"
	"github.com/go-git/go-git/v5/plumbing/object"
	"github.com/go-git/go-git/v5/plumbing/storer"
)

const (
	mostFiles = 200_000 // links, folders and submodules too
	mostPath  = 4000    // bytes of one path; a little less than systems take
	mostDepth = 1000    // folders in each other
)

// survey looks at all names of a commit before the first file is written. Trees
// that hold each other a few times are a billion files, so each is looked at once.
type survey struct {
	meter *meter
	of    storer.EncodedObjectStorer
	known map[plumbing.Hash]extent
}

// extent is how much is in a tree.
type extent struct {
	files int
	path  int // bytes of the longest, from the tree on
}

func (s *survey) check(tree plumbing.Hash) error {
	_, err := s.extent(tree, 0)
	return err
}

func (s *survey) extent(id plumbing.Hash, depth int) (extent, error) {
	if e, ok := s.known[id]; ok {
		return e, nil
	}
	if depth > mostDepth {
		return extent{}, s.meter.refuse("it has more than %d folders in each other", mostDepth)
	}
	tree, err := object.GetTree(s.of, id)
	if err != nil {
		return extent{}, err
	}
	var sum extent
	for _, entry := range tree.Entries {
		if !plain(entry.Name) {
			return sum, s.meter.refuse("it has a file called %q, which cannot be written", shorten(entry.Name))
		}
		var within extent
		if entry.Mode == filemode.Dir {
			if within, err = s.extent(entry.Hash, depth+1); err != nil {
				return sum, err
			}
		}
		sum.files += 1 + within.files
		sum.path = max(sum.path, len(entry.Name)+1+within.path)
		switch {
		case sum.files > mostFiles:
			return sum, s.meter.refuse("it has more than %d files", mostFiles)
		case sum.path > mostPath:
			return sum, s.meter.refuse("it has a path of more than %d bytes", mostPath)
		}
	}
	s.known[id] = sum
	return sum, nil
}

// plain reports whether a name leads nowhere but to itself. go-git knows more
// spellings of .git, and refuses them when it comes to the file.
func plain(name string) bool {
	return name != "" && name != "." && name != ".." && !strings.ContainsAny(name, "/\x00") &&
		!strings.EqualFold(name, ".git") && !strings.EqualFold(name, "git~1")
}

func shorten(name string) string {
	const most = 100
	if len(name) > most {
		return strings.ToValidUTF8(name[:most], "") + "…"
	}
	return name
}
