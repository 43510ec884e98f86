package pipeline

import (
	"errors"
	"strings"
	"testing"

	"hub/internal/docker"
)

func TestWhatCannotBeAPipelineIsRefusedByField(t *testing.T) {
	t.Parallel()
	clone, build := Stage{Step: Clone{RepoURL: "https://host/site.git"}}, Stage{Step: Build{RepoTag: "team/site"}}
	of := func(stages ...Stage) Definition { return Definition{Type: TypeOwn, Stages: stages} }
	for name, one := range map[string]struct {
		definition Definition
		field      string
		words      string
	}{
		"none":                     {of(), "stages", "from 1 to 50"},
		"too many":                 {of(make([]Stage, 51)...), "stages", "from 1 to 50"},
		"two of a name":            {of(clone, sh("clone", "true")), "stages.1.name", `there are two stages "clone"`},
		"a name with blanks":       {of(sh("my stage", "true")), "stages.0.name", "cannot be a stage's name"},
		"a secret's name":          {Definition{Stages: []Stage{sh("a", "true")}, Secrets: map[string]string{"MY-TOKEN": "x"}}, "secrets", "MY-TOKEN"},
		"a secret's size":          {Definition{Stages: []Stage{sh("a", "true")}, Secrets: map[string]string{"KEY": strings.Repeat("x", 16<<10+1)}}, "secrets", `"KEY" is too long`},
		"no address":               {of(Stage{Step: Clone{}}), "stages.0.repo_url", ""},
		"a file":                   {of(Stage{Step: Clone{RepoURL: "git://host/x"}}), "stages.0.repo_url", ""},
		"a ref with blanks":        {of(Stage{Step: Clone{RepoURL: "https://host/x", Ref: "a b"}}), "stages.0.ref", ""},
		"no command":               {of(clone, Stage{Step: Shell{Cmd: " \n"}}), "stages.1.cmd", "needs the command"},
		"a command's environment":  {of(Stage{Step: Shell{Cmd: "true", Env: map[string]string{"A=B": ""}}}), "stages.0.cmd", ""},
		"nothing to build":         {of(build), "stages.0.kind", "there is nothing to build"},
		"a folder outside":         {of(clone, Stage{Step: Build{Context: "../x"}}), "stages.1.context", ""},
		"a Dockerfile outside":     {of(clone, Stage{Step: Build{Dockerfile: "/etc/passwd"}}), "stages.1.dockerfile", ""},
		"no image's name":          {of(clone, Stage{Step: Build{RepoTag: "Team/Site"}}), "stages.1.repo_tag", ""},
		"no argument's name":       {of(clone, Stage{Step: Build{Args: map[string]string{"": "x"}}}), "stages.1.build_args", ""},
		"no platform":              {of(clone, Stage{Step: Build{Platform: "a/b/c/d"}}), "stages.1.platform", ""},
		"a password without user":  {of(Stage{Step: Login{Password: "x"}}), "stages.0.username", "needs the username"},
		"a user without password":  {of(Stage{Step: Login{Username: "x"}}), "stages.0.password", "needs its password"},
		"no registry":              {of(Stage{Step: Login{Registry: "a b"}}), "stages.0.registry", ""},
		"nothing to push":          {of(clone, Stage{Step: Push{RepoTag: "team/site"}}), "stages.1.kind", "there is no image to push"},
		"a push of a nameless one": {of(clone, Stage{Step: Build{}}, Stage{Step: Push{}}), "stages.2.repo_tag", "needs a name"},
		"a push of a digest":       {of(clone, build, Stage{Step: Push{RepoTag: "a@sha256:" + strings.Repeat("0", 64)}}), "stages.2.repo_tag", ""},
		"a pull of nothing":        {of(Stage{Step: Pull{}}), "stages.0.repo_tag", "which image"},
		"a pull of no name":        {of(Stage{Step: Pull{RepoTag: "A B"}}), "stages.0.repo_tag", ""},
		"a pull of no digest":      {of(Stage{Step: Pull{RepoTag: "a", Digest: "latest"}}), "stages.0.digest", "is no digest"},
		"a run of nothing":         {of(Stage{Step: Run{HostPort: 8080}}), "stages.0.image", ""},
		"a run without a port":     {of(Stage{Step: Run{Image: "a"}}), "stages.0.host_port", ""},
		"a probe of nothing":       {of(Stage{Step: Probe{}}), "stages.0.kind", ""},
		"a probe of no path":       {of(Stage{Step: Run{Image: "a", HostPort: 8080}}, Stage{Step: Probe{Path: "x"}}), "stages.1.path", ""},
	} {
		err := one.definition.Check()
		var bad *docker.Error
		if !errors.As(err, &bad) || !errors.Is(err, docker.ErrInvalid) || bad.Field != one.field || !strings.Contains(bad.Text, one.words) {
			t.Errorf("%s: %#v, want field %s and %q", name, err, one.field, one.words)
		}
	}
}

func TestWhatCannotBeASiteIsRefusedByField(t *testing.T) {
	t.Parallel()
	good := HTMLSite{RepoURL: "https://host/site.git", DockerhubRepo: "team/site", HostPort: 8080}
	if _, err := good.Definition(); err != nil {
		t.Fatal(err)
	}
	for field, spoil := range map[string]func(*HTMLSite){
		"repo_url":           func(s *HTMLSite) { s.RepoURL = "nonsense" },
		"ref":                func(s *HTMLSite) { s.Ref = "a..b" },
		"dockerhub_repo":     func(s *HTMLSite) { s.DockerhubRepo = "Team/Site" },
		"tag":                func(s *HTMLSite) { s.Tag = "a/b" },
		"dockerfile":         func(s *HTMLSite) { s.Dockerfile = "../Dockerfile" },
		"dockerhub_username": func(s *HTMLSite) { s.Password = "alone" },
		"dockerhub_password": func(s *HTMLSite) { s.Username = "alone" },
		"host_port":          func(s *HTMLSite) { s.HostPort = 70000 },
		"container_port":     func(s *HTMLSite) { s.ContainerPort = -1 },
		"probe_path":         func(s *HTMLSite) { s.ProbePath = "x" },
		"probe_timeout":      func(s *HTMLSite) { s.ProbeTimeout = -1 },
	} {
		s := good
		spoil(&s)
		_, err := s.Definition()
		var bad *docker.Error
		if !errors.As(err, &bad) || bad.Kind != docker.ErrInvalid || bad.Field != field {
			t.Errorf("%s: %#v", field, err)
		}
	}
}
