package docker

import (
	"context"

	"github.com/docker/docker/api/types/registry"
)

// CheckLogin has the engine ask the registry whether it takes a login, and
// remembers nothing. Errors are those of [Engine.Login].
func (e *Engine) CheckLogin(ctx context.Context, l Login) (LoggedIn, error) {
	_, _, answer, err := e.askRegistry(ctx, l)
	return answer, err
}

// askRegistry gives what the registry's host will know the hub by, where it takes
// the login.
func (e *Engine) askRegistry(ctx context.Context, l Login) (host string, c credential, answer LoggedIn, err error) {
	if host, err = registryHost(l.Registry); err != nil {
		return "", credential{}, LoggedIn{}, err
	}
	c = l.credential()
	said, err := e.api().RegistryLogin(ctx, c.config(host))
	if err != nil {
		return "", credential{}, LoggedIn{}, e.explainRegistry(ctx, "cannot log in to "+host, err, c)
	}
	if said.IdentityToken != "" {
		c = credential{username: l.Username, token: newSecret(said.IdentityToken)}
	}
	return host, c, LoggedIn{said.Status, said.IdentityToken}, nil
}

func (l Login) credential() credential {
	return credential{username: l.Username, password: newSecret(l.Password)}
}

// KnowsRegistry reports whether a push to a registry would carry credentials, by a
// login or by the docker command's configuration and its helpers, and of whom;
// username is "" where a token stands for it. Whether the registry takes them it
// does not ask. The error is of a registry that cannot be, or of that
// configuration.
func (e *Engine) KnowsRegistry(registry string) (username string, known bool, err error) {
	host, err := registryHost(registry)
	if err != nil {
		return "", false, err
	}
	c, err := e.credential(host)
	return c.username, c.known(), err
}

// credentialWith is credential for a call that has a login of its own, or nil. It
// stands above what is known of its registry, and no other registry sees it.
func (e *Engine) credentialWith(l *Login, host string) (credential, error) {
	if l == nil {
		return e.credential(host)
	}
	own, err := registryHost(l.Registry)
	if err != nil {
		return credential{}, err
	}
	if asked, err := registryHost(host); err != nil || asked != own {
		return e.credential(host)
	}
	return l.credential(), nil
}

// authConfigsWith is authConfigs for a build that has a login of its own, or nil.
func (e *Engine) authConfigsWith(l *Login) (map[string]registry.AuthConfig, error) {
	configs := e.authConfigs()
	if l == nil {
		return configs, nil
	}
	host, err := registryHost(l.Registry)
	if err != nil {
		return nil, err
	}
	configs[serverAddress(host)] = l.credential().config(host)
	return configs, nil
}
