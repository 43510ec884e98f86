package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// arrows says which of our own packages each may import, tests aside; one that is not named, none.
var arrows = map[string][]string{
	"cmd/hub":           {"internal/broker", "internal/docker", "internal/follow", "internal/forward", "internal/http", "internal/mask", "internal/pipeline", "internal/system", "internal/task", "web"},
	"internal/http":     {"internal/broker", "internal/docker", "internal/legacy", "internal/lines", "internal/mask", "internal/pipeline", "internal/system", "internal/task", "web"},
	"internal/pipeline": {"internal/docker", "internal/git", "internal/lines", "internal/mask", "internal/task"},
	"internal/forward":  {"internal/broker", "internal/legacy", "internal/outbound"},
	"internal/follow":   {"internal/broker", "internal/docker", "internal/lines", "internal/mask"},
	"internal/docker":   {"internal/git", "internal/lines"},
	"internal/git":      {"internal/mask", "internal/outbound"},
	"internal/task":     {"internal/lines", "internal/mask"},
	"internal/mask":     {"internal/lines"},
}

// alone are the packages that use the standard library and nothing else.
var alone = []string{"internal/broker", "internal/lines", "internal/legacy", "internal/outbound", "web"}

// owners are the packages that alone know a library, with what lies below them.
var owners = map[string]string{
	"gofiber/": "internal/http", "fasthttp": "internal/http",
	"docker/docker": "internal/docker",
	"go-git/":       "internal/git",
}

func TestArrowsPointOneWay(t *testing.T) {
	seen := map[string]bool{}
	walk(t, func(dir, file string, imports []string) {
		seen[dir] = true
		bench := dir == "bench" || strings.HasPrefix(dir, "bench/")
		for _, path := range imports {
			own, ours := strings.CutPrefix(path, "hub/")
			switch {
			case ours && !bench && !slices.Contains(arrows[dir], own):
				t.Errorf("%s imports %s", file, path)
			case ours || !strings.Contains(path, "."):
			case slices.Contains(alone, dir):
				t.Errorf("%s imports %s: %s uses the standard library only", file, path, dir)
			}
			for library, owner := range owners {
				if strings.Contains(path, library) && dir != owner && !strings.HasPrefix(dir, owner+"/") && !bench {
					t.Errorf("%s imports %s: only %s knows it", file, path, owner)
				}
			}
		}
	})
	for dir := range arrows {
		if !seen[dir] {
			t.Errorf("there is no package %s", dir)
		}
	}
	for _, dir := range alone {
		if !seen[dir] {
			t.Errorf("there is no package %s", dir)
		}
	}
}

// walk gives each Go file of the module, tests aside, with what it imports.
func walk(t *testing.T, look func(dir, file string, imports []string)) {
	t.Helper()
	const root = "../.."
	err := filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (entry.Name() == "node_modules" || entry.Name() == ".git" || entry.Name() == "testdata"):
			return filepath.SkipDir
		case entry.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go"):
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		var imports []string
		for _, i := range file.Imports {
			text, err := strconv.Unquote(i.Path.Value)
			if err != nil {
				return err
			}
			imports = append(imports, text)
		}
		name, err = filepath.Rel(root, name)
		look(path.Dir(filepath.ToSlash(name)), name, imports)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
