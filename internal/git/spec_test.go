package git

import (
	"errors"
	"strings"
	"testing"
)

func TestAddressesThatCanBeClonedPass(t *testing.T) {
	for raw, where := range map[string]string{
		"https://host/a.git": "https://host/a.git", "http://127.0.0.1:8080/a": "http://127.0.0.1:8080/a", "HTTPS://host/a": "https://host/a",
		"https://me:pw@host/a": "https://host/a", "https://token@host:8443/a": "https://host:8443/a",
		"ssh://git@host:22/a": "ssh://git@host:22/a", "git@host:team/a.git": "git@host:team/a.git",
		"/srv/site": "/srv/site", "file:///srv/a%20b": "/srv/a b", "/srv/../srv//site/": "/srv/site",
	} {
		s := Spec{URL: raw, Local: LocalRoots{"/srv"}}
		if err := s.Check(); err != nil || s.Where() != where {
			t.Errorf("%q: %q, %v", raw, s.Where(), err)
		}
	}
}

func TestAddressesThatCannotBeClonedAreToldBeforeAnythingRuns(t *testing.T) {
	for _, raw := range []string{
		"", "./a", "a", "~/a", "file://host/etc", "git://host/a", "ftp://host/a", "ext::sh -c id", "-uhttp://host/a", "--upload-pack=id",
		"https://", "https:///a", "http://ho st/a", "https://host/a\n", "https://host/a?x=hush", "https://host/a#hush", "https://me:hush@ho%zzst/a",
		"ssh://me:hush@host/a", "oauth2:hush@host/team/a", "me:hush@host:team/a", "unix:///run/docker.sock", "file:///etc?hush",
	} {
		s := Spec{URL: raw, Local: LocalRoots{"/"}}
		var wrong *Error
		if err := s.Check(); !errors.As(err, &wrong) || wrong.Kind != ErrInvalid || wrong.Field != "repo_url" || s.Where() != "" {
			t.Errorf("%q: %v", raw, err)
		} else if strings.Contains(err.Error(), "hush") {
			t.Errorf("the error tells the credentials: %v", err)
		}
		if _, err := Clone(t.Context(), s, nil); !errors.Is(err, ErrInvalid) {
			t.Errorf("%q: %v", raw, err)
		}
	}
	for _, raw := range []string{"/etc", "file:///etc", "FILE:///etc", "//host/a"} {
		if err := (Spec{URL: raw}).Check(); !errors.Is(err, ErrForbidden) {
			t.Errorf("%q: %v", raw, err)
		}
	}
	if err := (Spec{URL: "git@host:a", Password: "hush"}).Check(); !errors.Is(err, ErrInvalid) {
		t.Errorf("ssh takes a password: %v", err)
	}
}

func TestRefsThatCanBeNoneAreToldBeforeAnythingRuns(t *testing.T) {
	for _, ref := range []string{"a b", "-upload-pack", "a..b", "x:y", "a~1", "a^", "refs/heads/", "@{1}", "\n"} {
		var wrong *Error
		if err := (Spec{URL: "https://host/a", Ref: ref}).Check(); !errors.As(err, &wrong) || wrong.Kind != ErrInvalid || wrong.Field != "ref" {
			t.Errorf("%q: %v", ref, err)
		}
	}
	for _, ref := range []string{"", "main", "feature/a", "refs/tags/v1", strings.Repeat("a", 40)} {
		if err := (Spec{URL: "https://host/a", Ref: ref}).Check(); err != nil {
			t.Errorf("%q: %v", ref, err)
		}
	}
}
