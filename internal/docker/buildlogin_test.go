package docker

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hub/internal/docker/dockertest"
)

func TestABuildPullsItsBaseImageWithALoginOfItsOwn(t *testing.T) {
	t.Parallel()
	host, r := dockertest.Engine(t), dockertest.StartRegistry(t)
	e := engineOn(t, host)
	base := r.Host + "/" + dockertest.Name("base") + ":one"
	makeImage(t, host, base, 1000)
	right := &Login{Registry: r.Host, Username: r.User, Password: r.Password}
	if _, err := e.PushWith(t.Context(), PushSpec{Ref: base, Login: right}, nil); err != nil {
		t.Fatal(err)
	}
	s := BuildSpec{Inline: "FROM " + base + "\nLABEL a=b\n", Pull: true}
	_, err := e.Build(t.Context(), s, nil)
	refused(t, err, ErrBuild, "no basic auth credentials")

	s.Login = right
	made(t, e, s, nil)
	if _, known, err := e.KnowsRegistry(r.Host); known || err != nil {
		t.Errorf("the login of a build is known after it: %v", err)
	}
	var h heard
	s.Login = &Login{Registry: r.Host, Username: r.User, Password: "wrong horse"}
	_, err = e.Build(t.Context(), s, &h)
	refused(t, err, ErrBuild)
	if said := fmt.Sprintf("%#v", err) + h.all(); strings.Contains(said, "wrong horse") {
		t.Error(said)
	}
	s.Login = &Login{Registry: "no registry"}
	_, err = e.Build(t.Context(), s, nil)
	isError(t, "a login of no registry", err, ErrInvalid, "registry")
}

func TestABuildsContextMayBeAFolderOfTheHubsOwn(t *testing.T) {
	dockertest.Image(t)
	host := dockertest.Engine(t)
	e := engineOn(t, host, t.TempDir()) // which is the one root
	top := files(t, map[string]string{"site/index.html": "hello", "site/Dockerfile": "FROM nowhere", ".dockerignore": "*.key", "a.key": "secret"})
	own, err := os.OpenRoot(top)
	if err != nil {
		t.Fatal(err)
	}
	defer own.Close()
	s := BuildSpec{Context: own, Inline: "FROM " + dockertest.Base + "\nCOPY . /all/\nRUN cd /all && find . -type f | sort\n", KeepInline: true, NoCache: true}
	if err := e.CheckBuild(s); err != nil {
		t.Fatal(err)
	}
	var h heard
	b := made(t, e, s, &h)
	if b.Commit != "" || !b.Inline || s.Where() != "" {
		t.Errorf("%+v", b)
	}
	out := strings.Join(printed(t, &h, "stdout"), "\n")
	if !strings.Contains(out, "./site/Dockerfile\n./site/index.html\n") || strings.Contains(out, "a.key\n") {
		t.Error(out)
	}
	if _, err := os.Lstat(filepath.Join(top, "Dockerfile")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the folder has the Dockerfile: %v", err)
	}
	if text, err := own.ReadFile("site/index.html"); string(text) != "hello" || err != nil {
		t.Errorf("the folder is closed: %v", err)
	}

	file := s
	file.Inline, file.Dockerfile = "", "none/Dockerfile"
	refused(t, e.CheckBuild(file), ErrBadInput, "there is no none/Dockerfile")
	for _, two := range []BuildSpec{{Context: own, Folder: "x"}, {Context: own, GitURL: "https://git.example/site"}, {Context: own, Ref: "main"}} {
		refused(t, two.Check(), ErrBadInput, "one context")
	}
}
