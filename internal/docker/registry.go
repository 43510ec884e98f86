package docker

import (
	"context"
	"errors"
	"strings"

	"github.com/distribution/reference"
)

// dockerHub is the host that names without a host belong to, and hubAddress how the
// engine and the docker command spell it where credentials are meant.
const (
	dockerHub  = "docker.io"
	hubAddress = "https://index.docker.io/v1/"
)

// registryHost is what credentials are kept by: a registry's host, and port where
// it has one, in lower case and without scheme or path. All spellings of Docker
// Hub, "" among them, are one.
func registryHost(given string) (string, error) {
	host := strings.ToLower(strings.TrimSpace(given))
	if _, after, found := strings.Cut(host, "://"); found {
		host = after
	}
	host, _, _ = strings.Cut(host, "/")
	switch host {
	case "", dockerHub, "index.docker.io", "registry-1.docker.io", "registry.docker.io", "registry.hub.docker.com", "hub.docker.com", "www.docker.com":
		return dockerHub, nil
	}
	if ref, err := reference.ParseNormalizedNamed(host + "/image"); err != nil || reference.Domain(ref) != host {
		return "", invalid("registry", "a registry is a host with a dot, a port or both, such as registry.example:5000")
	}
	return host, nil
}

// imageHost is the registry of an image.
func imageHost(ref reference.Named) string { return strings.ToLower(reference.Domain(ref)) }

// serverAddress is how the engine spells a registry's host.
func serverAddress(host string) string {
	if host == dockerHub {
		return hubAddress
	}
	return host
}

// explainRegistry is explain for calls in which the engine speaks with a
// registry: it says little of who refused but in its words, and these may hold
// what was sent.
func (e *Engine) explainRegistry(ctx context.Context, tried string, err error, c credential) error {
	err = e.explain(ctx, tried, err)
	var ours *Error
	if !errors.As(err, &ours) {
		return err
	}
	told := *ours
	told.Kind = registryKind(ours.Kind, strings.TrimPrefix(ours.Text, tried+": "))
	told.Text = c.scrub(ours.Text)
	if told.Kind == ErrRegistry && unreachable(ours.Text) {
		told.Text += "; see whether the registry runs and the engine reaches it, then try again"
	}
	switch {
	case told.Kind != ErrUnauthorized || errors.Is(ours.Kind, ErrUnavailable):
	case c.known():
		told.Text += "; the registry does not take these credentials"
	default:
		told.Text += "; log in to the registry first"
	}
	return &told
}

// unreachable reports whether words are of a registry that nobody answers for.
func unreachable(words string) bool {
	for _, part := range []string{"connection refused", "no such host", "i/o timeout", "no route to host", "Client.Timeout", "context deadline exceeded"} {
		if strings.Contains(words, part) {
			return true
		}
	}
	return false
}

// registryKind is the kind of an error that the engine's status says too little
// about: 20.10 answers 500 to all but "not found".
func registryKind(kind error, words string) error {
	has := func(any ...string) bool {
		for _, part := range any {
			if strings.Contains(strings.ToLower(words), part) {
				return true
			}
		}
		return false
	}
	switch {
	case kind == ErrNotFound && strings.HasPrefix(words, "pull access denied"):
		return ErrForbidden
	case kind != nil:
		return kind
	case has("unauthorized", "authentication required", "no basic auth credentials", "incorrect username or password", "status: 401"):
		return ErrUnauthorized
	case has("access denied", "denied: ", "access to the resource is denied", "forbidden", "insufficient_scope"):
		return ErrForbidden
	case has("manifest unknown", "name unknown", "not found", "does not exist"):
		return ErrNotFound
	case has("no space left on device", "failed to register layer"):
		return nil // of the engine's own disk
	}
	return ErrRegistry
}
