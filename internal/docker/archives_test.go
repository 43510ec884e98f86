package docker

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"hub/internal/docker/dockertest"
)

// only checks what a folder holds.
func only(t *testing.T, folder string, want ...string) {
	t.Helper()
	var names []string
	entries, _ := os.ReadDir(folder)
	for _, e := range entries {
		names = append(names, e.Name())
	}
	if !slices.Equal(names, want) {
		t.Errorf("%s holds %q, want %q", folder, names, want)
	}
}

func TestWhatWasSavedIsLoaded(t *testing.T) {
	t.Parallel()
	host, folder := dockertest.Engine(t), t.TempDir()
	e := engineOn(t, host, folder)
	name, path := dockertest.Name("hub-test/saved")+":one", filepath.Join(folder, "image.tar")
	id := makeImage(t, host, name, 300_000, 2_000_000)
	if err := os.WriteFile(path, []byte("what was there"), 0o600); err != nil {
		t.Fatal(err)
	}

	h := &heard{}
	saved, err := e.Save(t.Context(), name, path, h)
	info, statErr := os.Stat(path)
	if err != nil || statErr != nil || saved != (Saved{path, info.Size()}) || info.Size() < 2_300_000 || info.Mode() != 0o600 {
		t.Errorf("%+v, %v; %v %v", saved, err, info, statErr)
	}
	only(t, folder, "image.tar")
	if p := h.last(t); p.Percent != 100 || p.Current != saved.Bytes || p.Total != saved.Bytes {
		t.Errorf("%+v", p)
	}
	if want := []string{"Saving " + name + " to " + path}; !slices.Equal(h.lines(t), want) {
		t.Errorf("%q", h.lines(t))
	}

	forget(t, host, name)
	h = &heard{}
	loaded, err := e.Load(t.Context(), path, h)
	if err != nil || !slices.Equal(loaded.Images, []string{id}) || !slices.Equal(loaded.Tags, []string{name}) {
		t.Errorf("%+v, %v", loaded, err)
	}
	if want := []string{"Loading images from " + path, "Loaded image: " + name}; !slices.Equal(h.lines(t), want) {
		t.Errorf("%q", h.lines(t))
	}
	if p := h.last(t); p.Percent != 100 || p.Current != saved.Bytes || p.Total != saved.Bytes {
		t.Errorf("%+v", p)
	}

	byID := filepath.Join(folder, "id.tar")
	if _, err := e.Save(t.Context(), id, byID, nil); err != nil {
		t.Error(err)
	}
	if info, err := os.Stat(byID); err != nil || info.Mode() != 0o644 {
		t.Errorf("%v, %v", info, err)
	}
	forget(t, host, name)
	loaded, err = e.Load(t.Context(), byID, nil)
	if err != nil || !slices.Equal(loaded.Images, []string{id}) || len(loaded.Tags) != 0 {
		t.Errorf("%+v, %v", loaded, err)
	}
	forget(t, host, id)
}

func TestOnlyAFileInTheRootsIsWrittenOrRead(t *testing.T) {
	t.Parallel()
	host, folder := dockertest.Engine(t), t.TempDir()
	e := engineOn(t, host, folder)
	name := dockertest.Name("hub-test/saved")
	makeImage(t, host, name, 1000)
	in := func(name string) string { return filepath.Join(folder, name) }
	outside := filepath.Join(t.TempDir(), "victim")
	for _, err := range []error{
		os.WriteFile(outside, []byte("as it was"), 0o644), os.Mkdir(in("folder"), 0o755),
		os.Symlink(outside, in("link")), os.Symlink(filepath.Dir(outside), in("away")),
		syscall.Mkfifo(in("pipe"), 0o644),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	l, err := net.Listen("unix", in("socket"))
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	there := []string{"away", "folder", "link", "pipe", "socket"}
	for path, kind := range map[string]error{
		in("folder"): ErrBadInput, in("link"): ErrBadInput, in("pipe"): ErrBadInput, in("socket"): ErrBadInput,
		in("none/image.tar"): ErrBadInput, in("folder/"): ErrBadInput, "": ErrBadInput, in("a\x00b"): ErrBadInput,
		outside: ErrForbidden, in("../victim"): ErrForbidden, "/etc/passwd": ErrForbidden, in("away/victim"): ErrForbidden,
	} {
		for what, try := range map[string]func() error{
			"save":       func() error { _, err := e.Save(t.Context(), name, path, nil); return err },
			"save early": func() error { return e.CheckSave(name, path) },
			"load":       func() error { _, err := e.Load(t.Context(), path, nil); return err },
			"load early": func() error { return e.CheckLoad(path) },
		} {
			if err := try(); !errors.Is(err, kind) && !(path == in("link") && errors.Is(err, ErrForbidden)) {
				t.Errorf("%s %q: %v, want %v", what, path, err, kind)
			}
		}
	}
	only(t, folder, there...)
	anywhere := engineOn(t, host)
	_, err = anywhere.Save(t.Context(), name, in("pipe"), nil)
	refused(t, err, ErrBadInput, in("pipe"))
	_, err = anywhere.Load(t.Context(), "/dev/zero", nil)
	refused(t, err, ErrBadInput, "/dev/zero")
	if text, _ := os.ReadFile(outside); string(text) != "as it was" {
		t.Errorf("outside there is %q", text)
	}
}

func TestWhatCannotBeSavedLeavesNothing(t *testing.T) {
	t.Parallel()
	host, folder := dockertest.Engine(t), t.TempDir()
	e := engineOn(t, host)
	path := filepath.Join(folder, "image.tar")
	_, err := e.Save(t.Context(), "hub-test/"+dockertest.Name("none"), path, nil)
	refused(t, err, ErrNotFound, "cannot save hub-test/none-")
	_, err = e.Save(t.Context(), "Not A Name", path, nil)
	refused(t, err, ErrInvalid)
	only(t, folder)

	name := dockertest.Name("hub-test/saved")
	makeImage(t, host, name, 40_000_000)
	if err := os.WriteFile(path, []byte("what was there"), 0o644); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	h := &heard{each: func(kind, _ string) {
		if kind == "progress" {
			cancel()
		}
	}}
	if _, err = e.Save(ctx, name, path, h); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	only(t, folder, "image.tar")
	if text, _ := os.ReadFile(path); string(text) != "what was there" {
		t.Errorf("there is %d bytes", len(text))
	}
}

func TestAnEngineKilledInTheMiddleOfASaveIsSaidAndLeavesNothing(t *testing.T) {
	t.Parallel()
	own, folder := dockertest.StartEngine(t), t.TempDir()
	e := engineOn(t, own.Host)
	makeImage(t, own.Host, "saved", 60_000_000)
	h := &heard{each: func(kind, _ string) {
		if kind == "progress" {
			own.Kill()
		}
	}}
	_, err := e.Save(t.Context(), "saved", filepath.Join(folder, "image.tar"), h)
	refused(t, err, ErrUnavailable, "cannot save saved: ", "went away in the middle")
	only(t, folder)
}

// A real engine fails so when its disk does.
func TestAnErrorThatTheEngineHasAfterItBeganToSaveIsOne(t *testing.T) {
	zeros := strings.Repeat("\x00", 20<<10)
	for name, c := range map[string]struct {
		body string
		kind error
		want string
	}{
		"an error": {zeros + "x" + `{"errorDetail":{"message":"open layer.tar: input/output error"},"error":"x"}` + "\r\n", nil, "input/output error"},
		"cut off":  {zeros + "x", ErrUnavailable, "went away in the middle"},
		"nothing":  {"", ErrUnavailable, "went away in the middle"},
	} {
		t.Run(name, func(t *testing.T) {
			fakeEngine(t, func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Api-Version", "1.41")
				switch {
				case strings.HasSuffix(r.URL.Path, "/images/get"):
					_, _ = io.WriteString(w, c.body)
				case strings.HasSuffix(r.URL.Path, "/json"):
					_, _ = io.WriteString(w, `{"Id":"sha256:x","Size":1000}`)
				}
			})
			folder := t.TempDir()
			_, err := engineOn(t, "").Save(t.Context(), "site", filepath.Join(folder, "image.tar"), nil)
			refused(t, err, c.kind, "cannot save site: ", c.want)
			only(t, folder)
		})
	}
}

func TestWhatHoldsNoImagesIsNotLoaded(t *testing.T) {
	t.Parallel()
	host, folder := dockertest.Engine(t), t.TempDir()
	e := engineOn(t, host)
	whole := filepath.Join(folder, "whole.tar")
	name := dockertest.Name("hub-test/saved")
	makeImage(t, host, name, 400_000)
	if _, err := e.Save(t.Context(), name, whole, nil); err != nil {
		t.Fatal(err)
	}
	image, _ := os.ReadFile(whole)
	for what, content := range map[string][]byte{
		"nothing":            {},
		"another tar":        make([]byte, 10240),
		"half an archive":    image[:len(image)/2],
		"no archive":         []byte(strings.Repeat("x", 100_000)),
		"much of no archive": []byte(strings.Repeat("x", 50_000_000)),
	} {
		t.Run(what, func(t *testing.T) {
			path := filepath.Join(folder, "x.tar")
			if err := os.WriteFile(path, content, 0o644); err != nil {
				t.Fatal(err)
			}
			h := &heard{}
			_, err := e.Load(t.Context(), path, h)
			refused(t, err, ErrBadInput, "cannot load "+path+": ")
			if strings.Contains(err.Error(), "docker-import") {
				t.Error(err)
			}
			if p := h.last(t); p.Percent == 100 {
				t.Errorf("%+v", p)
			}
		})
	}
}

func TestALoadIsCancelledAndAKilledEngineSaid(t *testing.T) {
	t.Parallel()
	own, folder := dockertest.StartEngine(t), t.TempDir()
	e := engineOn(t, own.Host)
	path := filepath.Join(folder, "image.tar")
	makeImage(t, own.Host, "saved", 60_000_000)
	if _, err := e.Save(t.Context(), "saved", path, nil); err != nil {
		t.Fatal(err)
	}
	forget(t, own.Host, "saved")
	at := func(do func()) *heard {
		return &heard{each: func(kind, _ string) {
			if kind == "progress" {
				do()
			}
		}}
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	if _, err := e.Load(ctx, path, at(cancel)); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if _, err := dockertest.Client(t, own.Host).ImageInspect(t.Context(), "saved"); err == nil {
		t.Error("a cancelled load has loaded")
	}
	_, err := e.Load(t.Context(), path, at(own.Kill))
	refused(t, err, ErrUnavailable, "cannot load "+path+": ")
}

func TestALargeImageIsNeverInMemory(t *testing.T) {
	const size, allowed = 100_000_000, 24 << 20
	host, folder := dockertest.Engine(t), t.TempDir()
	e := engineOn(t, host)
	name, path := dockertest.Name("hub-test/large"), filepath.Join(folder, "image.tar")
	makeImage(t, host, name, size)
	grown := heapGrowth(t, func() {
		if saved, err := e.Save(t.Context(), name, path, &heard{}); err != nil || saved.Bytes < size {
			t.Errorf("%+v, %v", saved, err)
		}
		forget(t, host, name)
		if loaded, err := e.Load(t.Context(), path, &heard{}); err != nil || len(loaded.Images) != 1 {
			t.Errorf("%+v, %v", loaded, err)
		}
	})
	if grown > allowed {
		t.Errorf("saving and loading %d MB took %d MB of memory", size/1_000_000, grown>>20)
	}
	t.Logf("%d KB", grown>>10)
}

// heapGrowth is by how many bytes the heap is larger at its largest.
func heapGrowth(t *testing.T, do func()) int64 {
	t.Helper()
	heap := func() int64 {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return int64(m.HeapAlloc)
	}
	runtime.GC()
	before, most := heap(), atomic.Int64{}
	done, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		for {
			most.Store(max(most.Load(), heap()-before))
			select {
			case <-done:
				return
			case <-time.After(5 * time.Millisecond):
			}
		}
	}()
	do()
	close(done)
	<-stopped
	return most.Load()
}
