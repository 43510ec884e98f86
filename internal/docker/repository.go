package docker

import (
	"errors"

	"github.com/distribution/reference"
)

// RegistryOf is the registry of a repository's name: "docker.io" for
// "youruser/site", "registry.example:5000" for "registry.example:5000/site". The
// error is an ErrInvalid of the field given.
func RegistryOf(field, repo string) (registry string, err error) {
	ref, err := parseRepo(field, repo)
	if err != nil {
		return "", err
	}
	return imageHost(ref), nil
}

// RepoTag is the name of an image, repository and tag, as the engine shows it; a
// tag of "" is latest. The error is an ErrInvalid of the field given, or of "tag".
func RepoTag(field, repo, tag string) (string, error) {
	ref, err := parseRepo(field, repo)
	if err != nil {
		return "", err
	}
	if tag == "" {
		return reference.FamiliarString(reference.TagNameOnly(ref)), nil
	}
	tagged, err := reference.WithTag(ref, tag)
	if err != nil {
		return "", badTag("tag", tag)
	}
	return reference.FamiliarString(tagged), nil
}

func parseRepo(field, given string) (reference.Named, error) {
	ref, err := parseName(field, given)
	if err != nil {
		return nil, err
	}
	if _, err := registryHost(imageHost(ref)); err != nil { // capital letters make a registry of a user
		return nil, invalid(field, "cannot use %q as a repository: its name is in lower case, and a registry before it has a dot or a port", shorten(given))
	}
	if !reference.IsNameOnly(ref) {
		return nil, invalid(field, "cannot use %q as a repository: it has a tag or a digest already", shorten(given))
	}
	return ref, nil
}

// RegistryHost is a registry as credentials are kept by it: its host, and port
// where it has one. All spellings of Docker Hub, "" among them, are "docker.io".
// The error is an ErrInvalid of the field given.
func RegistryHost(field, registry string) (string, error) {
	host, err := registryHost(registry)
	var bad *Error
	if errors.As(err, &bad) {
		return "", invalid(field, "%s", bad.Text)
	}
	return host, err
}
