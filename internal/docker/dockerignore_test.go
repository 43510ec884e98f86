package docker

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestIgnoredFilesAreNotSentAndExceptionsAre(t *testing.T) {
	tree := map[string]string{"Dockerfile": "FROM scratch", "README.md": "", "main.go": "", "src/a.go": "", "src/a.md": "", "src/deep/er/b.go": "",
		"src/deep/er/b.o": "", "node_modules/x/i.js": "", "node_modules/x/keep.txt": "", "empty/": ""}
	for _, c := range []struct{ ignore, want string }{
		{"", "Dockerfile README.md empty/ main.go node_modules/ node_modules/x/ node_modules/x/i.js node_modules/x/keep.txt src/ src/a.go src/a.md src/deep/ src/deep/er/ src/deep/er/b.go src/deep/er/b.o"},
		{"# all\nnode_modules\n  **/*.o  \n/README.md\nempty/", "Dockerfile main.go src/ src/a.go src/a.md src/deep/ src/deep/er/ src/deep/er/b.go"},
		{"node_modules\nsrc\n!src/a.md\n!node_modules/x/keep.txt", "Dockerfile README.md empty/ main.go node_modules/ node_modules/x/ node_modules/x/keep.txt src/ src/a.md"},
		{"*\n!src/**/*.go", "Dockerfile src/ src/deep/ src/deep/er/ src/deep/er/b.go src/a.go"},
		{"*\n!**/*.go\nsrc/deep", "Dockerfile main.go src/ src/a.go"},
		{"*\n!src/*", "Dockerfile src/ src/a.go src/a.md src/deep/ src/deep/er/ src/deep/er/b.go src/deep/er/b.o"},
		{"**\n!*/deep", "Dockerfile src/ src/deep/ src/deep/er/ src/deep/er/b.go src/deep/er/b.o"},
		{"*", "Dockerfile"},
		{"\ufeffsrc\n*.md\nDockerfile\n.dockerignore\nempty\nnode_modules", "Dockerfile main.go"},
	} {
		top := files(t, tree)
		if c.ignore != "" {
			write(t, filepath.Join(top, ".dockerignore"), c.ignore)
			c.want += " .dockerignore"
		}
		p, err := unpack(t, top, BuildSpec{})
		if err != nil {
			t.Errorf("%q: %v", c.ignore, err)
			continue
		}
		if diff := cmp.Diff(set(strings.Fields(c.want)), set(p.names)); diff != "" {
			t.Errorf("%q: %s", c.ignore, diff)
		}
	}
}

func set(names []string) map[string]bool {
	s := map[string]bool{}
	for _, name := range names {
		s[name] = true
	}
	return s
}

func TestAnIgnoreFileOfTheDockerfileComesBeforeThatOfTheFolder(t *testing.T) {
	top := files(t, map[string]string{"build/prod": "FROM scratch", "build/prod.dockerignore": "a\nbuild", ".dockerignore": "b", "a": "", "b": ""})
	p, err := unpack(t, top, BuildSpec{Dockerfile: "build/prod"})
	want := set([]string{".dockerignore", "b", "build/", "build/prod"})
	if diff := cmp.Diff(want, set(p.names)); diff != "" || err != nil {
		t.Error(diff, err)
	}
}

func TestADockerfileWithACrookedNameIsSentThoughIgnored(t *testing.T) {
	top := files(t, map[string]string{"D[x]*?": "FROM scratch", ".dockerignore": "*", "Dxy": ""})
	p, err := unpack(t, top, BuildSpec{Dockerfile: "D[x]*?"})
	if diff := cmp.Diff(set([]string{".dockerignore", "D[x]*?"}), set(p.names)); diff != "" || err != nil {
		t.Error(diff, err)
	}
}

func TestAnIgnoreFileThatCannotBeUsedIsAnError(t *testing.T) {
	top := files(t, map[string]string{"Dockerfile": "FROM scratch", ".dockerignore": "[a"})
	if _, err := unpack(t, top, BuildSpec{}); !errors.Is(err, ErrBadInput) {
		t.Error(err)
	}
	if err := os.Remove(filepath.Join(top, ".dockerignore")); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("/etc/hostname", filepath.Join(top, ".dockerignore")); err != nil {
		t.Fatal(err)
	}
	if _, err := unpack(t, top, BuildSpec{}); !errors.Is(err, ErrForbidden) {
		t.Error(err)
	}
}
