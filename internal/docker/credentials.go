package docker

import (
	"encoding/base64"
	"maps"
	"net/url"
	"strconv"
	"strings"
	"sync"

	"github.com/docker/docker/api/types/registry"
)

// credential is what a registry knows somebody by. The zero value is nobody.
type credential struct {
	username        string
	password, token secret // token is an identity token, which stands for both
}

func (c credential) known() bool { return c.username != "" || c.token.reveal() != "" }

// config is the credential as the engine takes it.
func (c credential) config(host string) registry.AuthConfig {
	return registry.AuthConfig{
		Username:      c.username,
		Password:      c.password.reveal(),
		IdentityToken: c.token.reveal(),
		ServerAddress: serverAddress(host),
	}
}

// encode is the head X-Registry-Auth; "" of nobody.
func (c credential) encode(host string) (string, error) {
	if !c.known() {
		return "", nil
	}
	return registry.EncodeAuthConfig(c.config(host))
}

// scrub takes the secrets out of words that an engine or a registry said, in
// every spelling in which these may have them back.
func (c credential) scrub(text string) string {
	for _, s := range []string{c.password.reveal(), c.token.reveal()} {
		if s == "" {
			continue
		}
		spellings := []string{base64.StdEncoding.EncodeToString([]byte(c.username + ":" + s)), url.QueryEscape(s), url.PathEscape(s)}
		for _, s := range []string{s, strings.Join(strings.Fields(s), " ")} { // an error's words have one blank between them
			quoted := strconv.Quote(s)
			spellings = append(spellings, s, quoted[1:len(quoted)-1])
		}
		for _, spelling := range spellings {
			text = hide(text, spelling)
		}
	}
	return text
}

// credentials are what logins said, by registry. They are in memory only.
type credentials struct {
	mu      sync.Mutex
	said    map[string]credential // by registryHost
	release map[string]func()     // of what Options.Secret has of each, said or configured
}

func (c *credentials) remember(host string, said credential) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.said == nil {
		c.said = map[string]credential{}
	}
	c.said[host] = said
}

// masked keeps how to release the secrets of a registry, and releases those before.
func (c *credentials) masked(host string, release func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if before := c.release[host]; before != nil {
		before()
	}
	if c.release == nil {
		c.release = map[string]func(){}
	}
	c.release[host] = release
}

// mask tells Options.Secret what nobody is to see of a credential, which may be
// about to be used.
func (e *Engine) mask(host string, c credential) {
	if e.o.Secret != nil && c.known() {
		e.credentials.masked(host, e.o.Secret(c.password.reveal(), c.token.reveal()))
	}
}

func (c *credentials) all() map[string]credential {
	c.mu.Lock()
	defer c.mu.Unlock()
	return maps.Clone(c.said)
}

// credential is what a registry knows this hub by: what was said at [Engine.Login],
// else what the docker command's configuration has. The error is of that
// configuration, or of a helper that it names.
func (e *Engine) credential(host string) (credential, error) {
	if said, ok := e.credentials.all()[host]; ok {
		return said, nil
	}
	c, err := configuredCredential(host)
	e.mask(host, c)
	return c, err
}

// authConfigs are all credentials that are known, as a build takes them: it may
// need those of several registries. What cannot be read is left out.
func (e *Engine) authConfigs() map[string]registry.AuthConfig {
	configs, said := map[string]registry.AuthConfig{}, e.credentials.all()
	for host, c := range configuredCredentials() {
		if _, known := said[host]; !known {
			e.mask(host, c)
			configs[serverAddress(host)] = c.config(host)
		}
	}
	for host, c := range said {
		configs[serverAddress(host)] = c.config(host)
	}
	return configs
}
