package docker

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestABuildThatCannotBeNamesTheFieldThatIsWrong(t *testing.T) {
	for field, specs := range map[string][]BuildSpec{
		"tag":        {{Tag: "UPPER"}, {Tag: "a b"}, {Tag: "a:b:c"}, {Tag: "a@sha256:" + strings.Repeat("0", 64)}, {Tag: "-x"}, {Tag: strings.Repeat("0", 64)}},
		"platform":   {{Platform: "linux/"}, {Platform: "a/b/c/d"}, {Platform: "linux amd64"}, {Platform: "../x"}},
		"target":     {{Target: "a b"}, {Target: "../x"}, {Target: "-x"}, {Target: "x\n"}},
		"dockerfile": {{Dockerfile: "/etc/passwd"}, {Dockerfile: "../Dockerfile"}, {Dockerfile: "a/../../b"}, {Dockerfile: ".."}, {Dockerfile: "a\x00"}, {Dockerfile: "a\nb"}},
		"dockerfile_name": {{InlineName: "a/b"}, {InlineName: "../x"}, {InlineName: ".."}, {InlineName: "."}, {InlineName: "/x"}, {InlineName: `a\b`},
			{InlineName: "a\x00"}, {InlineName: "a\r"}, {InlineName: ".dockerignore"}, {InlineName: strings.Repeat("x", 256)}},
		"build_args": {{Args: map[string]string{"": "x"}}, {Args: map[string]string{"A=B": "x"}}},
		"labels":     {{Labels: map[string]string{"": "x"}}},
		"ref":        {{Ref: "main"}, {GitURL: "https://host/x", Ref: "a b"}, {GitURL: "https://host/x", Ref: "-upload-pack"}, {GitURL: "https://host/x", Ref: "a..b"}, {GitURL: "https://host/x", Ref: "x:y"}},
	} {
		for _, s := range specs {
			if s.GitURL == "" {
				s.Folder = "."
			}
			var wrong *Error
			if err := s.Check(); !errors.As(err, &wrong) || wrong.Kind != ErrInvalid || wrong.Field != field {
				t.Errorf("%+v: %v", s, err)
			}
		}
	}
	var wrong *Error
	if err := (BuildSpec{}).Check(); !errors.As(err, &wrong) || wrong.Field != "dockerfile_content" {
		t.Error(err)
	}
	if err := (BuildSpec{Folder: ".", GitURL: "https://host/x"}).Check(); !errors.As(err, &wrong) || wrong.Field != "git_url" {
		t.Error(err)
	}
}

func TestABuildThatCanBeIsNotRefused(t *testing.T) {
	for _, s := range []BuildSpec{
		{Inline: "FROM scratch"}, {Folder: "x", Dockerfile: "ci/../Dockerfile.prod", Target: "one_2.b-C", Platform: "linux/arm/v7"}, {Folder: ".", Target: "0"},
		{Folder: ".", Tag: "127.0.0.1:5000/team/shop:1.2"}, {Folder: ".", Tag: "shop"}, {GitURL: "https://host/x", Ref: "feature/a"}, {GitURL: "https://host/x", Ref: "refs/tags/v1"},
		{Inline: "FROM scratch", InlineName: "Dockerfile.prod", Args: map[string]string{"A": "", "B": "x=y"}, Labels: map[string]string{"a.b": ""}},
	} {
		if err := s.Check(); err != nil {
			t.Errorf("%+v: %v", s, err)
		}
	}
}

func TestWhatIsWrongWithTheFolderIsSaidBeforeABuild(t *testing.T) {
	top := files(t, map[string]string{"site/Dockerfile": "FROM scratch", "empty/": ""})
	e := &Engine{o: Options{Roots: Roots{top}}}
	for kind, s := range map[error]BuildSpec{ErrForbidden: {Folder: "/etc"}, ErrBadInput: {Folder: top + "/empty"}, ErrInvalid: {Folder: top + "/site", Tag: "A"}, nil: {Folder: top + "/site"}} {
		if err := e.CheckBuild(s); !errors.Is(err, kind) {
			t.Errorf("%+v: %v", s, err)
		}
	}
	if err := e.CheckBuild(BuildSpec{Folder: top + "/none"}); !errors.Is(err, ErrBadInput) {
		t.Error(err)
	}
	if err := e.CheckBuild(BuildSpec{Folder: top + "/empty", Inline: "FROM scratch"}); err != nil {
		t.Error(err)
	}
}

func TestSecretArgumentsAreMaskedByTheirNames(t *testing.T) {
	args := map[string]string{"VERSION": "1", "NPM_TOKEN": "a", "password": "b", "Api_Key": "c", "AUTHOR": "d", "CREDS": ""}
	want := map[string]string{"VERSION": "1", "NPM_TOKEN": "***", "password": "***", "Api_Key": "***", "AUTHOR": "***", "CREDS": "***"}
	if diff := cmp.Diff(want, MaskArgs(args)); diff != "" || args["password"] != "b" {
		t.Error(diff)
	}
	if MaskArgs(nil) == nil {
		t.Error("no arguments are null")
	}
}

func TestTheContextIsNamedWithoutCredentials(t *testing.T) {
	for want, s := range map[string]BuildSpec{
		"": {Inline: "FROM scratch"}, "/srv/site": {Folder: "/srv/site"}, "https://host:8443/a.git": {GitURL: "https://me:hush@host:8443/a.git"},
		"https://host/a": {GitURL: "https://token@host/a"}, "git@host:team/a.git": {GitURL: "git@host:team/a.git"},
	} {
		if got := s.Where(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
