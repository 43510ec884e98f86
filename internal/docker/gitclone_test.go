package docker

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/cgi"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"hub/internal/docker/dockertest"
)

// gitServer serves a repository with git's own server, to those who know the password.
type gitServer struct {
	*httptest.Server
	top string // folder of the repository
	t   *testing.T
}

const gitPassword = "hush/hush 4711"

func startGit(t *testing.T) *gitServer {
	t.Helper()
	home := t.TempDir()
	g := &gitServer{top: filepath.Join(home, "site"), t: t}
	core := strings.TrimSpace(g.run(home, "--exec-path"))
	serve := &cgi.Handler{Path: filepath.Join(core, "git-http-backend"), Env: []string{"GIT_PROJECT_ROOT=" + home, "GIT_HTTP_EXPORT_ALL=1", "HOME=" + home}, Stderr: io.Discard}
	g.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, password, _ := r.BasicAuth()
		if strings.HasPrefix(r.URL.Path, "/locked/") {
			if password != gitPassword {
				w.Header().Set("WWW-Authenticate", `Basic realm="git"`)
				http.Error(w, "no access with "+password, http.StatusUnauthorized)
				return
			}
			r.URL.Path = strings.TrimPrefix(r.URL.Path, "/locked")
		}
		serve.ServeHTTP(w, r)
	}))
	t.Cleanup(g.Close)
	g.run(home, "init", "-q", "-b", "main", g.top)
	g.commit("FROM scratch\nLABEL at=first")
	return g
}

// commit makes a commit with a Dockerfile, and gives its id.
func (g *gitServer) commit(dockerfile string) (id string) {
	write(g.t, filepath.Join(g.top, "Dockerfile"), dockerfile)
	g.git("add", "-A")
	g.git("commit", "-q", "--allow-empty", "-m", "change")
	return strings.TrimSpace(g.git("rev-parse", "HEAD"))
}

func (g *gitServer) git(args ...string) string { return g.run(g.top, args...) }

func (g *gitServer) run(folder string, args ...string) string {
	g.t.Helper()
	c := exec.Command("git", args...)
	c.Dir = folder
	c.Env = append(os.Environ(), "HOME="+filepath.Dir(g.top), "GIT_CONFIG_NOSYSTEM=1",
		"GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@b", "GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@b")
	out, err := c.CombinedOutput()
	if err != nil {
		g.t.Fatalf("git %q: %v: %s", args, err, out)
	}
	return string(out)
}

func (g *gitServer) address() string { return g.URL + "/site" }

// cloned is the context that a spec's repository makes, without a build of it.
func cloned(t *testing.T, s BuildSpec, to Publisher) (p packed, b *build, err error) {
	t.Helper()
	t.Setenv("TMPDIR", t.TempDir())
	b = newBuild(s, to)
	defer b.removeClone()
	folder, err := b.clone(t.Context())
	if err != nil {
		return packed{}, b, err
	}
	defer folder.Close()
	p, err = unpack(t, folder.Name(), s)
	return p, b, err
}

func TestARefIsABranchATagOrACommit(t *testing.T) {
	g := startGit(t)
	first := strings.TrimSpace(g.git("rev-parse", "HEAD"))
	g.git("tag", "v1")
	g.git("tag", "-a", "-m", "annotated", "v1.0")
	hidden := g.commit("FROM scratch\nLABEL at=hidden")
	second := g.commit("FROM scratch\nLABEL at=second")
	g.git("checkout", "-q", "-b", "feature/x")
	third := g.commit("FROM scratch\nLABEL at=third")
	g.git("tag", "feature/y")
	g.git("checkout", "-q", "main")
	for _, allowed := range []string{"true", "false"} { // to ask for any commit
		g.git("config", "uploadpack.allowAnySHA1InWant", allowed)
		for ref, want := range map[string]struct{ commit, at string }{
			"": {second, "second"}, "main": {second, "second"}, "refs/heads/main": {second, "second"}, "feature/x": {third, "third"}, "feature/y": {third, "third"},
			"v1": {first, "first"}, "v1.0": {first, "first"}, first: {first, "first"}, hidden: {hidden, "hidden"},
		} {
			p, b, err := cloned(t, BuildSpec{GitURL: g.address(), Ref: ref}, nil)
			if err != nil || b.built.Commit != want.commit || !strings.HasSuffix(p.content["Dockerfile"], "at="+want.at) {
				t.Errorf("%q, any commit %s: %q at %s, %v", ref, allowed, p.content["Dockerfile"], b.built.Commit, err)
			}
			if len(p.names) != 1 {
				t.Errorf("%q: %q", ref, p.names)
			}
		}
		for _, ref := range []string{"none", "refs/heads/none", strings.Repeat("1", 40)} {
			_, _, err := cloned(t, BuildSpec{GitURL: g.address(), Ref: ref}, nil)
			var wrong *Error
			if !errors.As(err, &wrong) || wrong.Field != "ref" {
				t.Errorf("%q: %v", ref, err)
			}
		}
	}
}

func TestARepositoryIsBuiltAndItsCloneRemoved(t *testing.T) {
	e := builder(t)
	g := startGit(t)
	write(t, filepath.Join(g.top, "app/run.sh"), "#!/bin/sh\n")
	if err := os.Chmod(filepath.Join(g.top, "app/run.sh"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("/etc/passwd", filepath.Join(g.top, "app/passwd")); err != nil {
		t.Fatal(err)
	}
	id := g.commit("FROM scratch\nCOPY app /app\n")
	temporary := t.TempDir()
	t.Setenv("TMPDIR", temporary)
	var h heard
	b := made(t, e, BuildSpec{GitURL: g.address()}, &h)
	if b.Commit != id || b.StepsCompleted != 2 {
		t.Errorf("%+v", b)
	}
	if said := printed(t, &h, "stderr"); !slices.Contains(said, "Cloning "+g.address()) || !slices.Contains(said, "Building commit "+id) {
		t.Errorf("stderr is %q", said)
	}
	p, _, err := cloned(t, BuildSpec{GitURL: g.address()}, nil)
	if err != nil || p.headers["app/run.sh"].Mode&0o111 == 0 || p.headers["app/passwd"].Linkname != "/etc/passwd" {
		t.Errorf("%v, %v", p.names, err)
	}
	if left, _ := os.ReadDir(temporary); len(left) != 0 {
		t.Errorf("clones are left: %v", left)
	}
}

func TestCredentialsInTheAddressOpenARepositoryAndAreNeverTold(t *testing.T) {
	g := startGit(t)
	locked := strings.Replace(g.URL, "//", "//me:%s@", 1) + "/locked/site"
	var h heard
	right := strings.Replace(locked, "%s", "hush%2Fhush%204711", 1)
	if _, b, err := cloned(t, BuildSpec{GitURL: right}, &h); err != nil || b.built.Commit == "" {
		t.Error(err)
	}
	for _, address := range []string{strings.Replace(locked, "%s", "wrong-hush", 1), g.URL + "/locked/site"} {
		_, _, err := cloned(t, BuildSpec{GitURL: address}, &h)
		if !errors.Is(err, ErrRegistry) || !strings.HasPrefix(err.Error(), "cannot clone "+g.URL+"/locked/site: authentication required") {
			t.Error(err)
		}
		if strings.Contains(err.Error()+h.all(), "hush") {
			t.Errorf("the password was told: %v %s", err, h.all())
		}
	}
}

func TestARepositoryThatCannotBeClonedIsTheRemotesFault(t *testing.T) {
	g := startGit(t)
	for _, address := range []string{g.URL + "/none", "http://127.0.0.1:1/site", g.URL + "/"} {
		if _, _, err := cloned(t, BuildSpec{GitURL: address}, nil); !errors.Is(err, ErrRegistry) || !strings.HasPrefix(err.Error(), "cannot clone "+address) {
			t.Errorf("%s: %v", address, err)
		}
	}
	g.run(filepath.Dir(g.top), "init", "-q", "--bare", "empty")
	if _, _, err := cloned(t, BuildSpec{GitURL: g.URL + "/empty"}, nil); !errors.Is(err, ErrRegistry) {
		t.Error(err)
	}
}

func TestACancelledCloneEndsAtOnce(t *testing.T) {
	asked := make(chan struct{}, 10)
	silent := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		asked <- struct{}{}
		<-r.Context().Done()
	}))
	defer silent.Close()
	ctx, cancel := context.WithCancelCause(t.Context())
	reason := errors.New("cancelled by somebody")
	go func() { <-asked; cancel(reason) }()
	t.Setenv("TMPDIR", t.TempDir())
	if _, err := engineOn(t, dockertest.Engine(t)).Build(ctx, BuildSpec{GitURL: silent.URL + "/site"}, nil); err != reason {
		t.Error(err)
	}
	if left, _ := os.ReadDir(os.Getenv("TMPDIR")); len(left) != 0 {
		t.Errorf("clones are left: %v", left)
	}
}
