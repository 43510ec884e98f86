package docker

import (
	"archive/tar"
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// packed is a context as the engine gets it.
type packed struct {
	names   []string // in order
	headers map[string]*tar.Header
	content map[string]string
}

// unpack reads what writeTo sends of a folder for a spec.
func unpack(t *testing.T, top string, s BuildSpec) (packed, error) {
	t.Helper()
	folder, err := os.OpenRoot(top)
	if err != nil {
		t.Fatal(err)
	}
	defer folder.Close()
	c, err := s.context(folder)
	if err != nil {
		return packed{}, err
	}
	c.sent = func(int) {}
	var out bytes.Buffer
	if err := c.writeTo(t.Context(), &out); err != nil {
		return packed{}, err
	}
	p := packed{headers: map[string]*tar.Header{}, content: map[string]string{}}
	for in := tar.NewReader(&out); ; {
		h, err := in.Next()
		if err == io.EOF {
			return p, nil
		}
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		p.names = append(p.names, h.Name)
		p.headers[h.Name], p.content[h.Name] = h, string(text)
	}
}

// files makes a folder of files; a name that ends in "/" is an empty folder.
func files(t *testing.T, content map[string]string) (top string) {
	t.Helper()
	top = t.TempDir()
	for name, text := range content {
		if strings.HasSuffix(name, "/") {
			if err := os.MkdirAll(filepath.Join(top, name), 0o755); err != nil {
				t.Fatal(err)
			}
			continue
		}
		write(t, filepath.Join(top, name), text)
	}
	return top
}

func TestAContextBelongsToRootAndKeepsModesTimesAndLinks(t *testing.T) {
	top := files(t, map[string]string{"Dockerfile": "FROM scratch", "bin/run": "#!", "empty/": "", "ünïcode 名前": "x", strings.Repeat("long", 40): "y"})
	when := time.Date(2001, 2, 3, 4, 5, 6, 0, time.UTC)
	for _, err := range []error{
		os.Chown(filepath.Join(top, "bin/run"), 1234, 5678),
		os.Chmod(filepath.Join(top, "bin/run"), 0o751|os.ModeSetuid), os.Chmod(filepath.Join(top, "empty"), 0o777|os.ModeSticky),
		os.Chtimes(filepath.Join(top, "bin/run"), when, when),
		os.Symlink("/etc/passwd", filepath.Join(top, "away")), os.Symlink("bin/run", filepath.Join(top, "near")), os.Symlink("../..", filepath.Join(top, "bin/up")),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	p, err := unpack(t, top, BuildSpec{Folder: top})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"Dockerfile", "away", "bin/", "bin/run", "bin/up", "empty/", strings.Repeat("long", 40), "near", "ünïcode 名前"}
	if diff := cmp.Diff(want, p.names); diff != "" {
		t.Error(diff)
	}
	for name, h := range p.headers {
		if h.Uid != 0 || h.Gid != 0 || h.Uname != "" || h.Gname != "" {
			t.Errorf("%s belongs to %d:%d", name, h.Uid, h.Gid)
		}
	}
	run, empty := p.headers["bin/run"], p.headers["empty/"]
	if run.Mode != 0o4751 || !run.ModTime.Equal(when) || p.content["bin/run"] != "#!" || empty.Mode != 0o1777 || empty.Typeflag != tar.TypeDir {
		t.Errorf("%+v %+v", run, empty)
	}
	for link, to := range map[string]string{"away": "/etc/passwd", "near": "bin/run", "bin/up": "../.."} {
		if h := p.headers[link]; h.Typeflag != tar.TypeSymlink || h.Linkname != to || p.content[link] != "" {
			t.Errorf("%s: %+v", link, h)
		}
	}
}

func TestSocketsAndPipesAreLeftOutAndTold(t *testing.T) {
	top := files(t, map[string]string{"Dockerfile": "FROM scratch", "run/x": "", ".dockerignore": "quiet"})
	for _, name := range []string{"run/pipe", "quiet"} {
		if err := syscall.Mkfifo(filepath.Join(top, name), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := syscall.Mknod(filepath.Join(top, "run/socket"), syscall.S_IFSOCK|0o600, 0); err != nil {
		t.Fatal(err)
	}
	p, err := unpack(t, top, BuildSpec{Folder: top})
	if want := []string{".dockerignore", "Dockerfile", "run/", "run/x"}; err != nil || !slices.Equal(p.names, want) {
		t.Error(p.names, err)
	}
	folder, _ := os.OpenRoot(top)
	defer folder.Close()
	c, _ := BuildSpec{}.context(folder)
	var told []string
	if _, err := c.size(t.Context(), func(path string) { told = append(told, path) }); err != nil || !slices.Equal(told, []string{"run/pipe", "run/socket"}) {
		t.Error(told, err)
	}
}

func TestAnInlineDockerfileStandsInForTheFileOfItsName(t *testing.T) {
	top := files(t, map[string]string{"Dockerfile": "FROM old", "a": "", "other/Dockerfile": "FROM third"})
	p, err := unpack(t, top, BuildSpec{Inline: "FROM new"})
	if err != nil || p.content["Dockerfile"] != "FROM new" || p.content["other/Dockerfile"] != "FROM third" || len(p.names) != 4 {
		t.Errorf("%v %v, %v", p.names, p.content, err)
	}
	p, err = unpack(t, top, BuildSpec{Inline: "FROM new", InlineName: "Dockerfile.prod"})
	want := map[string]string{"Dockerfile.prod": "FROM new", "Dockerfile": "FROM old", "a": "", "other/": "", "other/Dockerfile": "FROM third"}
	if diff := cmp.Diff(want, p.content); diff != "" || err != nil {
		t.Error(diff, err)
	}
	if text, _ := os.ReadFile(filepath.Join(top, "Dockerfile")); string(text) != "FROM old" {
		t.Errorf("the file on disk says %q", text)
	}
}

func TestFoldersInEachOtherWithoutEndAreRefused(t *testing.T) {
	top := files(t, map[string]string{"Dockerfile": "FROM scratch"})
	at := top
	for range deepest + 1 {
		at = filepath.Join(at, "d")
	}
	if err := os.MkdirAll(at, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := changing(t, top, nil); !errors.Is(err, ErrBadInput) {
		t.Error(err)
	}
}

func TestAContextNeedsNoMemoryOfItsSize(t *testing.T) {
	const size = 512 << 20
	top := files(t, map[string]string{"Dockerfile": "FROM scratch", "big": ""})
	if err := os.Truncate(filepath.Join(top, "big"), size); err != nil {
		t.Fatal(err)
	}
	folder, _ := os.OpenRoot(top)
	defer folder.Close()
	c, _ := BuildSpec{}.context(folder)
	var before, now runtime.MemStats
	runtime.ReadMemStats(&before)
	sent := 0
	c.sent = func(n int) { sent += n }
	if err := c.writeTo(t.Context(), io.Discard); err != nil || sent != size+len("FROM scratch") {
		t.Fatal(sent, err)
	}
	runtime.ReadMemStats(&now)
	if grown := now.TotalAlloc - before.TotalAlloc; grown > 4<<20 {
		t.Errorf("%d bytes were allocated", grown)
	}
}
