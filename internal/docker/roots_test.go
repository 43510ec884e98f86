package docker

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// tree is a folder of the host: "in" is a root, "out" a secret beside it.
func tree(t *testing.T) (top string) {
	t.Helper()
	top = t.TempDir()
	for _, folder := range []string{"in/site/sub", "in/empty", "out"} {
		if err := os.MkdirAll(filepath.Join(top, folder), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	write(t, filepath.Join(top, "in/site/a"), "inside")
	write(t, filepath.Join(top, "out/secret"), "secret")
	for link, to := range map[string]string{
		"in/away": filepath.Join(top, "out"), "in/up": "../out", "in/near": "site", "in/nowhere": "../out/none",
		"in/site/secret": "../../out/secret", "alias": "in",
	} {
		if err := os.Symlink(to, filepath.Join(top, link)); err != nil {
			t.Fatal(err)
		}
	}
	if err := syscall.Mkfifo(filepath.Join(top, "in/pipe"), 0o600); err != nil {
		t.Fatal(err)
	}
	return top
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestAFolderIsInItsRootOrNotOpened(t *testing.T) {
	top := tree(t)
	roots := Roots{filepath.Join(top, "in")}
	for _, c := range []struct {
		path string
		kind error // nil: it opens
	}{
		{"in", nil}, {"in/site", nil}, {"in/near", nil}, {"in/./site//sub/", nil}, {"in/site/../empty", nil},
		{"in/none", ErrBadInput}, {"in/site/a", ErrBadInput}, {"in/pipe", ErrBadInput}, {"in/nul\x00", ErrBadInput},
		{"in/away", ErrForbidden}, {"in/up", ErrForbidden}, {"in/near/../../out", ErrForbidden},
		{"out", ErrForbidden}, {"", ErrForbidden}, {"in/../out", ErrForbidden}, {"inside", ErrForbidden}, {"alias/site", ErrForbidden},
	} {
		folder, err := roots.Folder(top + "/" + c.path)
		if c.kind == nil && err != nil || c.kind != nil && !errors.Is(err, c.kind) {
			t.Errorf("%q: %v", c.path, err)
		}
		if err == nil {
			folder.Close()
		}
	}
	if _, err := roots.Folder("/etc"); !errors.Is(err, ErrForbidden) {
		t.Error(err)
	}
}

func TestWithoutRootsEveryFolderOpens(t *testing.T) {
	top := tree(t)
	t.Chdir(top)
	for path, kind := range map[string]error{"/etc": nil, "in": nil, ".": nil, "": nil, "in/away": nil, "in/none": ErrBadInput, "in/pipe": ErrBadInput} {
		folder, err := (Roots)(nil).Folder(path)
		if !errors.Is(err, kind) {
			t.Errorf("%q: %v", path, err)
		}
		if err == nil {
			folder.Close()
		}
	}
}

func TestAFileHasANameInAFolder(t *testing.T) {
	top := tree(t)
	roots := Roots{filepath.Join(top, "in")}
	for _, path := range []string{"", "/", "in/", "in/site/.", "in/site/..", "out/x", "in/none/x"} {
		if path != "" {
			path = top + "/" + path
		}
		if _, _, err := roots.File(path); err == nil {
			t.Errorf("%q was taken for a file", path)
		}
	}
	folder, name, err := roots.File(top + "/in/near/new.tar")
	if err != nil || name != "new.tar" {
		t.Fatal(name, err)
	}
	folder.Close()
}

func TestAMountMayNameWhatLiesInARootWithLinksResolved(t *testing.T) {
	top := tree(t)
	roots := Roots{filepath.Join(top, "alias")}
	for _, path := range []string{"in", "in/site", "alias/site", "in/near/sub", "in/site/a", "in/later/on"} {
		if err := roots.Allows(top + "/" + path); err != nil {
			t.Error(err)
		}
	}
	for path, kind := range map[string]error{
		"out": ErrForbidden, "in/away": ErrForbidden, "in/up/x": ErrForbidden, "in/away/later": ErrForbidden, "in/site/secret": ErrForbidden,
		"inside": ErrForbidden, "in/nowhere": ErrBadInput, "in/../out": ErrBadInput, "in/x\x00": ErrBadInput,
	} {
		if err := roots.Allows(top + "/" + path); !errors.Is(err, kind) {
			t.Errorf("%q: %v", path, err)
		}
	}
	if err := roots.Allows("in"); !errors.Is(err, ErrBadInput) {
		t.Error(err)
	}
	if err := (Roots)(nil).Allows("/etc"); err != nil {
		t.Error(err)
	}
}

// A folder of the root is swapped for a link that leads out, as fast as can be,
// while it is opened and read through.
func TestALinkSwappedInMeanwhileNeverLeadsOut(t *testing.T) {
	top := tree(t)
	roots := Roots{filepath.Join(top, "in")}
	spot, kept := filepath.Join(top, "in/site"), filepath.Join(top, "in/kept")
	ctx, stop := context.WithTimeout(t.Context(), 500*time.Millisecond)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for ctx.Err() == nil {
			_ = os.Rename(spot, kept)
			_ = os.Symlink("../out", spot)
			_ = os.Remove(spot)
			_ = os.Rename(kept, spot)
		}
	}()
	defer func() { stop(); <-done }()
	opened := 0
	for range 10_000 {
		folder, err := roots.Folder(spot)
		if err != nil {
			continue
		}
		opened++
		for _, name := range []string{"secret", "a"} {
			if f, err := folder.Open(name); err == nil {
				if text, _ := io.ReadAll(f); strings.Contains(string(text), "secret") {
					t.Fatal("the secret beside the root was read")
				}
				f.Close()
			}
		}
		folder.Close()
	}
	if opened == 0 {
		t.Error("it never opened")
	}
}
