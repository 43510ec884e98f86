package docker

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"strings"

	"github.com/moby/patternmatcher"
	"github.com/moby/patternmatcher/ignorefile"
)

// ignore says what of a folder does not belong to the context of a build.
type ignore struct {
	patterns *patternmatcher.PatternMatcher
}

// readIgnore reads the ignore file that stands beside a Dockerfile with its name
// before, such as Dockerfile.dockerignore, or else the folder's .dockerignore.
// The engine needs the Dockerfile and .dockerignore themselves, and leaves them
// out of what COPY sees where they are ignored.
func readIgnore(folder *os.Root, dockerfile string) (*ignore, error) {
	for _, name := range []string{dockerfile + ignoreFile, ignoreFile} {
		patterns, err := readPatterns(folder, name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if len(patterns) > 0 {
			patterns = append(patterns, "!"+ignoreFile, "!"+literally.Replace(dockerfile))
		}
		matcher, err := patternmatcher.New(patterns)
		if err != nil {
			return nil, fail(ErrBadInput, "cannot use %s: %s", name, err)
		}
		return &ignore{matcher}, nil
	}
	nothing, err := patternmatcher.New(nil)
	return &ignore{nothing}, err
}

const ignoreFile = ".dockerignore"

// literally makes a pattern of a name, which matches just that name.
var literally = strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`)

func readPatterns(folder *os.Root, name string) ([]string, error) {
	f, _, err := openRegular(folder, name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	if err != nil {
		return nil, pathError(name, err)
	}
	defer f.Close()
	patterns, err := ignorefile.ReadAll(f)
	if err != nil {
		return nil, fail(ErrBadInput, "cannot read %s: %s", name, err)
	}
	return patterns, nil
}

// ignores reports whether a path does not belong to the context; the last pattern
// that matches it, or a folder it is in, says.
func (i *ignore) ignores(path string) (bool, error) { return i.patterns.MatchesOrParentMatches(path) }

// below reports whether something in an ignored folder may belong to the context
// all the same, by a pattern with "!".
func (i *ignore) below(folder string) bool {
	for _, p := range i.patterns.Patterns() {
		if p.Exclusion() && reachesBelow(p.String(), folder) {
			return true
		}
	}
	return false
}

func reachesBelow(pattern, folder string) bool {
	wanted, have := strings.Split(pattern, "/"), strings.Split(folder, "/")
	for i, name := range have {
		if i == len(wanted) {
			return false
		}
		if strings.Contains(wanted[i], "**") {
			return true
		}
		if same, err := path.Match(wanted[i], name); err != nil || !same {
			return false
		}
	}
	return len(wanted) > len(have)
}
