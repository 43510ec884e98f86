package docker

import (
	"errors"
	"io/fs"
	"maps"
	"slices"
	"time"

	"github.com/cpuguy83/dockercfg"
)

// helperTime is how long a credential helper may take: it may ask a keychain, and
// a keychain may ask a person who is not there.
const helperTime = 10 * time.Second

// configuredCredential is what the docker command's config.json, in DOCKER_CONFIG
// or ~/.docker, has for a registry, by itself or by a helper. It is read anew each
// time, so that a "docker login" beside the hub counts at once.
func configuredCredential(host string) (credential, error) {
	config, err := dockercfg.LoadDefaultConfig()
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return credential{}, nil
	case err != nil: // its own words may hold a piece of the file
		return credential{}, fail(ErrUnauthorized, "cannot read the docker command's config.json for the credentials of %s: mend or remove that file", host)
	}
	return fromConfig(&config, host)
}

// configuredCredentials are those of all registries that the file names.
func configuredCredentials() map[string]credential {
	config, err := dockercfg.LoadDefaultConfig()
	if err != nil {
		return nil
	}
	found := map[string]credential{}
	for _, host := range configuredHosts(&config) {
		if c, err := fromConfig(&config, host); err == nil && c.known() {
			found[host] = c
		}
	}
	return found
}

func fromConfig(config *dockercfg.Config, host string) (credential, error) {
	type answer struct {
		username, password string
		err                error
	}
	came := make(chan answer, 1)
	go func() {
		defer func() {
			if recover() != nil {
				came <- answer{err: errors.New("it panicked")}
			}
		}()
		username, password, err := config.GetRegistryCredentials(configKey(config, host))
		came <- answer{username, password, err}
	}()
	select {
	case a := <-came:
		switch {
		case a.err != nil: // its own words may hold what the helper printed
			return credential{}, fail(ErrUnauthorized, "cannot get the credentials of %s: the docker command's config.json or the helper that it names for it fails", host)
		case a.username == "" && a.password != "":
			return credential{token: newSecret(a.password)}, nil
		}
		return credential{username: a.username, password: newSecret(a.password)}, nil
	case <-time.After(helperTime):
		return credential{}, fail(ErrUnauthorized, "cannot get the credentials of %s: the helper that the docker command's config.json names did not answer in %s", host, helperTime)
	}
}

// configKey is how the file spells a registry, its plainest spelling first: docker
// login keeps what is no password for it under longer ones.
func configKey(config *dockercfg.Config, host string) string {
	for _, key := range []string{serverAddress(host), host} {
		if config.CredentialHelpers[key] != "" || config.AuthConfigs[key] != (dockercfg.AuthConfig{}) {
			return key
		}
	}
	keys := slices.Concat(slices.Sorted(maps.Keys(config.CredentialHelpers)), slices.Sorted(maps.Keys(config.AuthConfigs)))
	for _, key := range keys {
		if found, err := registryHost(key); err == nil && found == host {
			return key
		}
	}
	return serverAddress(host)
}

func configuredHosts(config *dockercfg.Config) (hosts []string) {
	seen := map[string]bool{}
	add := func(key string) {
		if host, err := registryHost(key); err == nil && !seen[host] {
			seen[host] = true
			hosts = append(hosts, host)
		}
	}
	for key := range config.CredentialHelpers {
		add(key)
	}
	for key := range config.AuthConfigs {
		add(key)
	}
	return hosts
}
