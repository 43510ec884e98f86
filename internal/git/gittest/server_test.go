package gittest

import (
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// clone runs git clone, and gives what it prints.
func clone(t *testing.T, s *Server, url string) (folder, printed string, err error) {
	t.Helper()
	folder = filepath.Join(t.TempDir(), "clone")
	c := exec.CommandContext(t.Context(), "git", "clone", "-q", url, folder)
	c.Env = append(environment(s.home), "PATH="+os.Getenv("PATH"), "GIT_TERMINAL_PROMPT=0")
	out, err := c.CombinedOutput()
	return folder, string(out), err
}

func TestARepositoryIsServedWithItsNewestCommit(t *testing.T) {
	s := StartServer(t, Options{})
	site := s.Repo("team/site", map[string]string{"index.html": "one", "css/a.css": "a"})
	first := site.Head()
	site.Tag("v1")
	site.Branch("old")
	second := site.Commit(map[string]string{"index.html": "two"})
	if third := site.Remove("css/a.css"); second == first || third == second {
		t.Errorf("commits %s %s %s", first, second, third)
	}
	folder, printed, err := clone(t, s, site.URL)
	if err != nil {
		t.Fatal(err, printed)
	}
	if text, err := os.ReadFile(filepath.Join(folder, "index.html")); err != nil || string(text) != "two" {
		t.Errorf("%q, %v", text, err)
	}
	if _, err := os.Stat(filepath.Join(folder, "css")); err == nil {
		t.Error("what was removed is there")
	}
	if old := strings.Fields(site.Git("rev-parse", "v1", "old")); old[0] != first || old[1] != first {
		t.Errorf("the tag and the branch are %s", old)
	}
	if s.Requests() != 1 {
		t.Errorf("%d fetches were counted", s.Requests())
	}
}

func TestThePasswordIsAskedFor(t *testing.T) {
	s := StartServer(t, Options{User: "me", Password: "secret"})
	url := s.Repo("site", nil).URL
	for user, wanted := range map[string]bool{"": false, "me:wrong@": false, "you:secret@": false, "me:secret@": true} {
		_, printed, err := clone(t, s, strings.Replace(url, "//", "//"+user, 1))
		if (err == nil) != wanted {
			t.Errorf("%q: %v %s", user, err, printed)
		}
	}
}

func TestAStoppedServerRefusesAndComesBackOnItsPort(t *testing.T) {
	s := StartServer(t, Options{})
	site := s.Repo("site", nil)
	s.Stop()
	if _, err := http.Get(s.URL); err == nil {
		t.Error("a stopped server answers")
	}
	s.Start()
	if _, printed, err := clone(t, s, site.URL); err != nil {
		t.Error(err, printed)
	}
}

func TestAHeldFetchGoesOnWhenItIsReleased(t *testing.T) {
	s := StartServer(t, Options{})
	site := s.Repo("site", nil)
	release := s.Hold()
	done := make(chan error, 1)
	go func() {
		_, _, err := clone(t, s, site.URL)
		done <- err
	}()
	for deadline := time.Now().Add(10 * time.Second); s.Held() != 1; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("no fetch is held")
		}
	}
	release()
	if err := <-done; err != nil {
		t.Error(err)
	}
	if s.Held() != 0 {
		t.Error("a fetch is still held")
	}
}
