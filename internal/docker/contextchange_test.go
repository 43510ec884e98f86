package docker

import (
	"archive/tar"
	"context"
	"errors"
	"io"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// changing runs an action when a file's content is sent, with the rest to come.
func changing(t *testing.T, top string, action func()) error {
	t.Helper()
	folder, err := os.OpenRoot(top)
	if err != nil {
		t.Fatal(err)
	}
	defer folder.Close()
	c, err := BuildSpec{}.context(folder)
	if err != nil {
		t.Fatal(err)
	}
	c.sent = func(int) {
		if action != nil {
			action()
			action = nil
		}
	}
	return c.writeTo(t.Context(), io.Discard)
}

func TestWhatVanishesBeforeItIsSentIsPassedOver(t *testing.T) {
	top := files(t, map[string]string{"Dockerfile": "FROM scratch", "b": "2", "c/d": "3"})
	err := changing(t, top, func() { os.Remove(filepath.Join(top, "b")); os.RemoveAll(filepath.Join(top, "c")) })
	if err != nil {
		t.Error(err)
	}
}

func TestWhatVanishesBetweenALookAndItsOpeningIsPassedOver(t *testing.T) {
	top := files(t, map[string]string{"a": "1"})
	folder, _ := os.OpenRoot(top)
	defer folder.Close()
	if err := folder.Symlink("a", "link"); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"a", "link"} {
		info, err := folder.Lstat(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := folder.Remove(name); err != nil {
			t.Fatal(err)
		}
		to := &tarWriter{Writer: tar.NewWriter(io.Discard), sent: func(int) {}}
		if err := to.add(entry{at: folder, name: name, path: name, info: info}); err != nil {
			t.Error(err)
		}
	}
}

func TestAFolderThatVanishesOrBecomesAFileBetweenALookAndItsOpeningIsPassedOver(t *testing.T) {
	folder, _ := os.OpenRoot(files(t, map[string]string{"Dockerfile": "", "file": ""}))
	defer folder.Close()
	c, err := BuildSpec{}.context(folder)
	if err != nil {
		t.Fatal(err)
	}
	w := c.walk(func(entry) error { return nil }, nil)
	for _, name := range []string{"gone", "file"} {
		in := &level{entry: entry{at: folder, name: name, path: name}, up: &level{}, depth: 1}
		if err := w.enter(t.Context(), in, false); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAFileThatBecomesShorterWhileItIsSentIsAnErrorThatNamesIt(t *testing.T) {
	top := files(t, map[string]string{"a": strings.Repeat("x", 1<<20)})
	folder, _ := os.OpenRoot(top)
	defer folder.Close()
	c, _ := BuildSpec{Inline: "FROM scratch"}.context(folder)
	bytes := 0
	c.sent = func(n int) {
		if bytes += n; bytes > 100_000 {
			os.Truncate(filepath.Join(top, "a"), 10)
		}
	}
	if err := c.writeTo(t.Context(), io.Discard); !errors.Is(err, ErrBadInput) || err.Error() != "cannot send a of the build's context: it became shorter while it was sent" {
		t.Error(err)
	}
}

func TestAFileThatGrowsIsSentAsItWasWhenItWasOpened(t *testing.T) {
	top := files(t, map[string]string{"log": strings.Repeat("x", 200_000)})
	folder, _ := os.OpenRoot(top)
	defer folder.Close()
	c, _ := BuildSpec{Inline: "FROM scratch"}.context(folder)
	sent := 0
	c.sent = func(n int) {
		sent += n
		f, _ := os.OpenFile(filepath.Join(top, "log"), os.O_APPEND|os.O_WRONLY, 0)
		f.Write(make([]byte, 100_000))
		f.Close()
	}
	if err := c.writeTo(t.Context(), io.Discard); err != nil || sent != 300_000+len("FROM scratch") {
		t.Error(sent, err) // it grew once before it was opened, with the Dockerfile
	}
}

func TestAFolderSwappedForALinkNeverLeadsOutOfTheContext(t *testing.T) {
	out := files(t, map[string]string{"secret": "secret"})
	top := files(t, map[string]string{"sub/a": "1", "Dockerfile": "FROM scratch"})
	sub, kept := filepath.Join(top, "sub"), filepath.Join(filepath.Dir(top), "kept")
	ctx, stop := context.WithTimeout(t.Context(), 30*time.Second)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for ctx.Err() == nil {
			_ = os.Rename(sub, kept)
			_ = os.Symlink(out, sub)
			_ = os.Remove(sub)
			_ = os.Rename(kept, sub)
		}
	}()
	defer func() { stop(); <-done }()
	whole := 0
	for round := 0; round < 1000 || whole == 0 && ctx.Err() == nil; round++ {
		p, err := unpack(t, top, BuildSpec{})
		for text := range maps.Values(p.content) {
			if text == "secret" {
				t.Fatal("a file outside the context was sent")
			}
		}
		if err == nil && p.content["sub/a"] == "1" {
			whole++
		}
	}
	if whole == 0 {
		t.Error("it was never sent whole")
	}
}
