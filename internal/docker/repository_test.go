package docker

import (
	"strings"
	"testing"
)

func TestARepositorysNameSaysItsRegistry(t *testing.T) {
	for repo, want := range map[string]string{
		"youruser/site": "docker.io", "site": "docker.io", "docker.io/youruser/site": "docker.io", "index.docker.io/youruser/site": "docker.io",
		"registry.example:5000/site": "registry.example:5000", "localhost/site": "localhost", "127.0.0.1:5000/a/b/c": "127.0.0.1:5000",
		"Registry.Example/site": "registry.example",
	} {
		if registry, err := RegistryOf("dockerhub_repo", repo); registry != want || err != nil {
			t.Errorf("%s: %s, %v", repo, registry, err)
		}
	}
}

func TestARepositoryAndATagAreAnImagesName(t *testing.T) {
	for given, want := range map[[2]string]string{
		{"youruser/site", "latest"}: "youruser/site:latest", {"youruser/site", ""}: "youruser/site:latest", {"docker.io/library/site", "1"}: "site:1",
		{"registry.example:5000/site", "v1.2_x"}: "registry.example:5000/site:v1.2_x",
	} {
		if name, err := RepoTag("dockerhub_repo", given[0], given[1]); name != want || err != nil {
			t.Errorf("%v: %s, %v", given, name, err)
		}
	}
}

func TestWhatIsNoRepositoryOrTagIsSaidWithItsField(t *testing.T) {
	const field = "dockerhub_repo"
	for _, repo := range []string{"", "YourUser/site", "a b", "https://registry.example/site", "site:1", "site@sha256:" + strings.Repeat("0", 64),
		strings.Repeat("0a", 32), "registry.example:5000", "-x", "user:secret@registry.example/site"} {
		_, err := RegistryOf(field, repo)
		isError(t, repo, err, ErrInvalid, field)
		_, err = RepoTag(field, repo, "1")
		isError(t, repo, err, ErrInvalid, field)
	}
	for _, tag := range []string{"-x", ".x", "a:b", "a b", strings.Repeat("x", 129), "@"} {
		_, err := RepoTag(field, "site", tag)
		isError(t, tag, err, ErrInvalid, "tag")
	}
}
