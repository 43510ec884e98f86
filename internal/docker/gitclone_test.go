package docker

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"hub/internal/docker/dockertest"
	"hub/internal/git/gittest"
)

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

func TestARepositoryIsBuiltAndItsCloneRemoved(t *testing.T) {
	e := builder(t)
	site := gittest.StartServer(t, gittest.Options{}).Repo("site", map[string]string{"app/run.sh": "#!/bin/sh\n"})
	if err := os.Chmod(filepath.Join(site.Files, "app/run.sh"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("/etc/passwd", filepath.Join(site.Files, "app/passwd")); err != nil {
		t.Fatal(err)
	}
	id := site.Commit(map[string]string{"Dockerfile": "FROM scratch\nCOPY app /app\n"})
	temporary := t.TempDir()
	t.Setenv("TMPDIR", temporary)
	var h heard
	b := made(t, e, BuildSpec{GitURL: site.URL, Ref: "main"}, &h)
	if b.Commit != id || b.StepsCompleted != 2 {
		t.Errorf("%+v", b)
	}
	said := printed(t, &h, "stderr")
	if !slices.Contains(said, "Cloning "+site.URL) || !slices.Contains(said, "Building commit "+id) || !strings.Contains(strings.Join(said, "\n"), "Counting objects: 100%") {
		t.Errorf("stderr is %q", said)
	}
	p, _, err := cloned(t, BuildSpec{GitURL: site.URL}, nil)
	if err != nil || len(p.names) != 4 || p.headers["app/run.sh"].Mode&0o111 == 0 || p.headers["app/passwd"].Linkname != "/etc/passwd" {
		t.Errorf("%v, %v", p.names, err)
	}
	if left, _ := os.ReadDir(temporary); len(left) != 0 {
		t.Errorf("clones are left: %v", left)
	}
}

func TestCredentialsInTheAddressOpenARepositoryAndAreNeverTold(t *testing.T) {
	site := gittest.StartServer(t, gittest.Options{User: "me", Password: "hush/hush 4711"}).Repo("site", map[string]string{"Dockerfile": "FROM scratch\n"})
	with := func(login string) string { return strings.Replace(site.URL, "//", "//"+login, 1) }
	var h heard
	if _, b, err := cloned(t, BuildSpec{GitURL: with("me:hush%2Fhush%204711@")}, &h); err != nil || b.built.Commit != site.Head() {
		t.Error(err)
	}
	for _, login := range []string{"me:wrong-hush@", ""} {
		_, _, err := cloned(t, BuildSpec{GitURL: with(login)}, &h)
		if !errors.Is(err, ErrRegistry) || !strings.HasPrefix(err.Error(), "cannot clone "+site.URL+": ") {
			t.Error(err)
		}
		if strings.Contains(err.Error()+h.all(), "hush") {
			t.Errorf("the password was told: %v %s", err, h.all())
		}
	}
}

func TestOnlyRepositoriesOfServersAreBuilt(t *testing.T) {
	site := gittest.StartServer(t, gittest.Options{}).Repo("site", nil)
	for _, url := range []string{site.Folder, "file://" + site.Folder, "ftp://host/a", "https://me:hush@ho%zzst/a", "-u"} {
		var wrong *Error
		if err := (BuildSpec{GitURL: url}).Check(); !errors.As(err, &wrong) || wrong.Kind != ErrInvalid || wrong.Field != "git_url" || strings.Contains(wrong.Text, "hush") {
			t.Errorf("%q: %v", url, err)
		}
	}
	for _, url := range []string{strings.Replace(site.URL, "site", "none", 1), "http://127.0.0.1:1/site"} {
		if _, _, err := cloned(t, BuildSpec{GitURL: url}, nil); !errors.Is(err, ErrRegistry) || !strings.HasPrefix(err.Error(), "cannot clone "+url) {
			t.Errorf("%s: %v", url, err)
		}
	}
	var wrong *Error
	if _, _, err := cloned(t, BuildSpec{GitURL: site.URL, Ref: "none"}, nil); !errors.As(err, &wrong) || wrong.Kind != ErrInvalid || wrong.Field != "ref" {
		t.Error(err)
	}
}

func TestACancelledCloneEndsAtOnce(t *testing.T) {
	server := gittest.StartServer(t, gittest.Options{})
	site := server.Repo("site", nil)
	server.Hold()
	ctx, cancel := context.WithCancelCause(t.Context())
	reason := errors.New("cancelled by somebody")
	t.Setenv("TMPDIR", t.TempDir())
	engine := engineOn(t, dockertest.Engine(t))
	done := make(chan error, 1)
	go func() {
		_, err := engine.Build(ctx, BuildSpec{GitURL: site.URL}, nil)
		done <- err
	}()
	await(t, 10*time.Second, "a clone is under way", func() bool { return server.Held() == 1 })
	cancel(reason)
	if err := <-done; err != reason {
		t.Error(err)
	}
	if left, _ := os.ReadDir(os.Getenv("TMPDIR")); len(left) != 0 {
		t.Errorf("clones are left: %v", left)
	}
}
