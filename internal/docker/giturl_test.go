package docker

import (
	"errors"
	"strings"
	"testing"
)

func TestOnlyRepositoriesOfOthersAreCloned(t *testing.T) {
	for _, raw := range []string{"https://host/a.git", "http://127.0.0.1:8080/a", "HTTPS://host/a", "https://me:pw@host/a", "ssh://git@host:22/a", "git@host:team/a.git"} {
		if _, err := parseGitURL(raw); err != nil {
			t.Errorf("%q: %v", raw, err)
		}
	}
	for _, raw := range []string{
		"", "/etc", "./a", "a", "~/a", "file:///etc", "FILE:///etc", "git://host/a", "ftp://host/a", "ext::sh -c id", "-uhttp://host/a", "--upload-pack=id",
		"https://", "https:///a", "http://ho st/a", "https://host/a\n", "https://host/a?x=hush", "https://host/a#hush", "https://me:hush@ho%zzst/a", "ssh://me:hush@host/a",
		"oauth2:hush@host/team/a", "me:hush@host:team/a",
		"//host/a", "unix:///run/docker.sock",
	} {
		_, err := parseGitURL(raw)
		var wrong *Error
		if !errors.As(err, &wrong) || wrong.Field != "git_url" {
			t.Errorf("%q: %v", raw, err)
		} else if strings.Contains(err.Error(), "hush") {
			t.Errorf("the error tells the credentials: %v", err)
		}
	}
}

func TestCredentialsOfARepositoryAreTakenOutOfWhatIsSaid(t *testing.T) {
	for raw, said := range map[string]string{
		"https://me:hush%2Fhush@host/a":         "denied for hush/hush at https://me:hush%2Fhush@host/a",
		"https://token123@host/a":               "token123 is no token",
		"https://token123:x-oauth-basic@host/a": "token123 is no token",
	} {
		g, err := parseGitURL(raw)
		if err != nil {
			t.Fatal(err)
		}
		if got := g.scrub(said) + g.String(); strings.Contains(got, "hush") || strings.Contains(got, "token123") {
			t.Error(got)
		}
	}
}
