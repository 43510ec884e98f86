package docker

import (
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/docker/docker/api/types/registry"
	"github.com/google/go-cmp/cmp"

	"hub/internal/docker/dockertest"
)

// dockerConfig is the docker command's configuration of a test.
func dockerConfig(t *testing.T, text string) {
	t.Helper()
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "config.json"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("DOCKER_CONFIG", folder)
}

// helper is a credential helper of that name, which answers so.
func helper(t *testing.T, name, script string) {
	t.Helper()
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "docker-credential-"+name), []byte("#!/bin/sh\n"+script), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", folder+":"+os.Getenv("PATH"))
}

func TestTheDockerCommandsCredentialsAreUsedUnderThoseOfALogin(t *testing.T) {
	host, r := dockertest.Engine(t), dockertest.StartRegistry(t)
	e := engineOn(t, host)
	name := r.Host + "/" + dockertest.Name("site") + ":latest"
	makeImage(t, host, name, 1000)
	push := func() error {
		_, err := e.Push(t.Context(), name, nil)
		return err
	}
	encoded := base64.StdEncoding.EncodeToString([]byte(r.User + ":" + r.Password))
	answer := fmt.Sprintf(`echo '{"Username":%q,"Secret":%q}'`, r.User, r.Password)

	dockerConfig(t, `{"auths":{"registry.example":{"auth":"eDp5"}}}`)
	refused(t, push(), ErrUnauthorized)
	dockerConfig(t, fmt.Sprintf(`{"auths":{"http://%s/v2/":{"auth":%q}}}`, r.Host, encoded))
	if err := push(); err != nil {
		t.Errorf("with the file's: %v", err)
	}
	helper(t, "one", answer)
	dockerConfig(t, fmt.Sprintf(`{"credHelpers":{%q:"one"}}`, r.Host))
	if err := push(); err != nil {
		t.Errorf("with a helper's: %v", err)
	}
	dockerConfig(t, `{"credsStore":"one"}`)
	if err := push(); err != nil {
		t.Errorf("with the store's: %v", err)
	}

	login(t, e, r)
	dockerConfig(t, fmt.Sprintf(`{"auths":{%q:{"auth":"eDp5"}}}`, r.Host))
	if err := push(); err != nil {
		t.Errorf("with the login's over wrong ones: %v", err)
	}
}

func TestCredentialsThatCannotBeReadAreSaidWithoutWhatIsInThem(t *testing.T) {
	host, r := dockertest.Engine(t), dockertest.StartRegistry(t)
	e := engineOn(t, host)
	name := r.Host + "/" + dockertest.Name("site") + ":latest"
	makeImage(t, host, name, 1000)
	helper(t, "broken", "echo s3cret; echo s3cret >&2; exit 1")
	for what, config := range map[string]string{
		"no JSON":        `{"auths":{"x":{"auth":"s3cret`,
		"no base64":      fmt.Sprintf(`{"auths":{%q:{"auth":"s3cret!"}}}`, r.Host),
		"a helper fails": fmt.Sprintf(`{"credHelpers":{%q:"broken"}}`, r.Host),
	} {
		t.Run(what, func(t *testing.T) {
			dockerConfig(t, config)
			_, err := e.Push(t.Context(), name, nil)
			refused(t, err, ErrUnauthorized, "config.json", r.Host)
			_, pullErr := e.Pull(t.Context(), PullSpec{Ref: name}, nil)
			refused(t, pullErr, ErrUnauthorized, "config.json")
			if strings.Contains(err.Error()+pullErr.Error(), "s3cret") {
				t.Error(err)
			}
		})
	}
}

func TestABuildGetsAllCredentialsThatAreKnown(t *testing.T) {
	e := engineOn(t, "unix:///nowhere.sock")
	helper(t, "two", `echo '{"Username":"<token>","Secret":"t0ken"}'`)
	dockerConfig(t, `{"auths":{"one.example":{"auth":"dTpw"},"https://index.docker.io/v1/":{"auth":"dTpw"},"empty.example":{}},"credHelpers":{"two.example":"two"}}`)
	e.credentials.remember("one.example", credential{username: "me", password: newSecret("mine")})
	want := map[string]registry.AuthConfig{
		"one.example":                 {Username: "me", Password: "mine", ServerAddress: "one.example"},
		"two.example":                 {IdentityToken: "t0ken", ServerAddress: "two.example"},
		"https://index.docker.io/v1/": {Username: "u", Password: "p", ServerAddress: "https://index.docker.io/v1/"},
	}
	if diff := cmp.Diff(want, e.authConfigs()); diff != "" {
		t.Error(diff)
	}
}
