package git

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"net/http"
	"net/http/httputil"
	neturl "net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-git/go-git/v5/plumbing"

	"hub/internal/git/gittest"
)

// cloned is what a clone came to.
type cloned struct {
	commit   string
	err      error
	files    string // folder
	progress string
}

// clone clones into folders of the test's own.
func cloneOf(t *testing.T, s Spec) cloned { return cloneWith(t, t.Context(), s) }

func cloneWith(t *testing.T, ctx context.Context, s Spec) cloned {
	t.Helper()
	top := t.TempDir()
	s.Kept, s.Files = filepath.Join(top, "git"), filepath.Join(top, "context/site")
	var progress heard
	commit, err := Clone(ctx, s, &progress)
	return cloned{commit, err, s.Files, progress.text()}
}

// content is each file by its path, "→ target" for a link and "/" for an empty folder.
func (c cloned) content(t *testing.T) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := filepath.WalkDir(c.files, func(path string, entry fs.DirEntry, err error) error {
		name, _ := filepath.Rel(c.files, path)
		switch {
		case err != nil || path == c.files:
			return err
		case entry.Type()&fs.ModeSymlink != 0:
			target, err := os.Readlink(path)
			found[name] = "→ " + target
			return err
		case entry.IsDir():
			if within, err := os.ReadDir(path); err != nil || len(within) > 0 {
				return err
			}
			found[name] = "/"
			return nil
		}
		text, err := os.ReadFile(path)
		found[name] = string(text)
		return err
	})
	if err != nil {
		t.Error(err)
	}
	return found
}

// failed sees that a clone failed with an error of a kind whose text has all words.
func (c cloned) failed(t *testing.T, kind error, words ...string) {
	t.Helper()
	var ours *Error
	if !errors.As(c.err, &ours) || ours.Kind != kind {
		t.Errorf("the error is %v, want one of kind %q", c.err, kind)
		return
	}
	for _, word := range words {
		if !strings.Contains(ours.Text, word) {
			t.Errorf("%q does not say %q", ours.Text, word)
		}
	}
	if strings.ContainsAny(ours.Text, "\r\n") {
		t.Errorf("%q is more than a line", ours.Text)
	}
}

// heard keeps what is written to it.
type heard struct {
	mu   sync.Mutex
	said bytes.Buffer
}

func (h *heard) Write(p []byte) (int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.said.Write(p)
}

func (h *heard) text() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.said.String()
}

// eventually waits until something is so.
func eventually(t *testing.T, what string, so func() bool) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); !so(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("it never came to that: " + what)
		}
	}
}

func site(t *testing.T, files map[string]string) *gittest.Repo {
	t.Helper()
	return gittest.StartServer(t, gittest.Options{}).Repo("site", files)
}

func hash(id string) plumbing.Hash { return plumbing.NewHash(id) }

// forward hands requests on to the server of a repository.
func forward(t *testing.T, url string) http.Handler {
	t.Helper()
	to, err := neturl.Parse(url)
	if err != nil {
		t.Fatal(err)
	}
	to.Path = ""
	return httputil.NewSingleHostReverseProxy(to)
}
