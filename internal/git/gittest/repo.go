package gittest

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Repo is a repository of a [Server]. Its default branch is main.
type Repo struct {
	URL    string // without credentials
	Folder string // the bare repository
	Files  string // the folder that Commit takes; for links and modes, which a map cannot hold

	server *Server
}

// Repo makes a repository, such as "site" or "team/site", with one commit.
func (s *Server) Repo(name string, files map[string]string) *Repo {
	s.t.Helper()
	r := &Repo{
		URL:    s.URL + "/" + name + ".git",
		Folder: filepath.Join(s.repos(), name+".git"),
		Files:  filepath.Join(s.home, "files", name),
		server: s,
	}
	if err := os.MkdirAll(r.Files, 0o755); err != nil {
		s.t.Fatal(err)
	}
	run(s.t, s.home, s.home, "init", "-q", "--bare", "-b", "main", r.Folder)
	r.Commit(files)
	return r
}

// Commit writes files, by their paths, and commits them with all else that was
// changed in Files. It gives the whole id of the commit, which is new also where
// nothing was changed.
func (r *Repo) Commit(files map[string]string) (sha string) {
	r.server.t.Helper()
	for name, content := range files {
		path := filepath.Join(r.Files, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			r.server.t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			r.server.t.Fatal(err)
		}
	}
	r.Git("add", "-A")
	r.Git("commit", "-q", "--allow-empty", "-m", "change")
	return r.Head()
}

// Remove commits that the files are gone.
func (r *Repo) Remove(names ...string) (sha string) {
	r.server.t.Helper()
	for _, name := range names {
		if err := os.Remove(filepath.Join(r.Files, name)); err != nil {
			r.server.t.Fatal(err)
		}
	}
	return r.Commit(nil)
}

// Head is the whole id of the newest commit.
func (r *Repo) Head() (sha string) {
	r.server.t.Helper()
	return strings.TrimSpace(r.Git("rev-parse", "HEAD"))
}

// Branch makes a branch of the newest commit. Commits go on to where they went.
func (r *Repo) Branch(name string) {
	r.server.t.Helper()
	r.Git("branch", name)
}

// Tag gives the newest commit a tag, without a message.
func (r *Repo) Tag(name string) {
	r.server.t.Helper()
	r.Git("tag", name)
}

// Git runs the git command on the repository and Files, and gives what it prints.
func (r *Repo) Git(args ...string) (printed string) {
	r.server.t.Helper()
	return run(r.server.t, r.server.home, r.Files, append([]string{"--git-dir=" + r.Folder, "--work-tree=" + r.Files}, args...)...)
}

func run(t testing.TB, home, folder string, args ...string) string {
	t.Helper()
	c := exec.Command("git", args...)
	c.Dir = folder
	c.Env = append(environment(home), "PATH="+os.Getenv("PATH"))
	out, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("git %q: %v: %s", args, err, out)
	}
	return string(out)
}

// environment has nothing of whoever runs the tests.
func environment(home string) []string {
	return []string{
		"HOME=" + home, "GIT_CONFIG_NOSYSTEM=1", "LC_ALL=C",
		"GIT_AUTHOR_NAME=somebody", "GIT_AUTHOR_EMAIL=somebody@example.invalid",
		"GIT_COMMITTER_NAME=somebody", "GIT_COMMITTER_EMAIL=somebody@example.invalid",
	}
}
