package docker

import (
	"slices"
	"testing"

	"hub/internal/docker/dockertest"
)

func TestWhatABuildIsNotToShow(t *testing.T) {
	for address, want := range map[string][]string{
		"https://builder:s3cret%2F@git.example/site": {"s3cret/"},
		"https://ghp_token@git.example/site":         {"ghp_token"},
		"https://ghp_token:x-oauth-basic@g.example/": {"ghp_token"},
		"https://git.example/site":                   nil,
		"ssh://deploy@git.example/site":              nil,
		"git@git.example:site":                       nil,
		"":                                           nil,
	} {
		if got := (BuildSpec{GitURL: address}).Secrets(); !slices.Equal(got, want) {
			t.Errorf("%s: %q", address, got)
		}
	}
	if got := (BuildSpec{Login: &Login{Password: "pass"}}).Secrets(); !slices.Equal(got, []string{"pass"}) {
		t.Errorf("%q", got)
	}
}

func TestArgumentsWhoseNamesLookSecretAreSecrets(t *testing.T) {
	args := map[string]string{"NPM_TOKEN": "token", "api_key": "key", "COLOUR": "teal"}
	if got := (BuildSpec{Folder: "/site", Args: args}).Secrets(); !slices.Equal(got, []string{"token", "key"}) {
		t.Errorf("%q", got)
	}
}

// secrets notes what an engine says is secret now.
type secrets map[string]int

func (s secrets) add(values ...string) (release func()) {
	for _, v := range values {
		s[v]++
	}
	return func() {
		for _, v := range values {
			if s[v]--; s[v] == 0 {
				delete(s, v)
			}
		}
	}
}

func (s secrets) are(t *testing.T, want ...string) {
	t.Helper()
	delete(s, "") // of a credential without a password or without a token
	for _, v := range want {
		if s[v] != 1 {
			t.Errorf("%q is not one of %v", v, s)
		}
	}
	if len(s) != len(want) {
		t.Errorf("%v, want %q", s, want)
	}
}

func TestTheHubIsToldTheSecretsOfRegistries(t *testing.T) {
	host, r := dockertest.Engine(t), dockertest.StartRegistry(t)
	known := secrets{}
	e, err := New(Options{Host: host, Secret: known.add})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	dockerConfig(t, `{"auths":{"`+r.Host+`":{"auth":"YnVpbGRlcjpjb25maWd1cmVk"},"b.example":{"auth":"YnVpbGRlcjpvZkJlZQ=="}}}`)
	known.are(t)
	if _, err := e.credential(r.Host); err != nil {
		t.Fatal(err)
	}
	known.are(t, "configured")
	e.authConfigs()
	e.authConfigs()
	known.are(t, "configured", "ofBee")
	if _, err := e.Login(t.Context(), Login{Registry: r.Host, Username: r.User, Password: "wrong horse"}); err == nil {
		t.Error("the registry takes any password")
	}
	known.are(t, "configured", "ofBee")
	if _, err := e.Login(t.Context(), Login{Registry: r.Host, Username: r.User, Password: r.Password}); err != nil {
		t.Fatal(err)
	}
	e.authConfigs()
	known.are(t, r.Password, "ofBee")
}
