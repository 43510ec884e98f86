package pipeline

import (
	"cmp"
	"context"

	"hub/internal/docker"
)

// Login takes credentials for a registry: its own, else those of the hub's configuration, else those that the hub is logged in with.
// They are checked with the registry and used in the stages that follow, for this run alone.
type Login struct {
	Registry string // a host, as docker.Login has it; "" is that of the image that is built, pushed or pulled
	Username string
	Password string
}

// Kind is "login".
func (Login) Kind() string { return "login" }

func (s Login) check([]Stage) error {
	switch {
	case s.Username == "" && s.Password != "":
		return invalid("username", "a password needs the username that it belongs to")
	case s.Username != "" && s.Password == "":
		return invalid("password", "a username needs its password, or an access token")
	}
	_, err := docker.RegistryHost("registry", s.Registry)
	return err
}

// registry is where the credentials go: never to another host than the image does, unless that is named.
func (s Login) registry(d Definition) (string, error) {
	if s.Registry != "" {
		return docker.RegistryHost("registry", s.Registry)
	}
	for _, stage := range d.Stages {
		if repo, _, _ := cutTag(tagOf(stage)); repo != "" {
			return docker.RegistryOf("repo_tag", repo)
		}
	}
	return docker.RegistryHost("registry", "")
}

func (s Login) secrets() []string { return []string{s.Password} }

func (s Login) about(r *run) facts {
	registry, _ := s.registry(r.def)
	return facts{"registry": registry}
}

func (s Login) do(ctx context.Context, r *run) (facts, error) {
	registry, err := s.registry(r.def)
	if err != nil {
		return nil, err
	}
	l := docker.Login{Registry: registry, Username: s.Username, Password: s.Password}
	if l.Username == "" {
		l.Username, l.Password = r.o.Username, r.o.Password
	}
	if l.Username == "" {
		username, known, err := r.o.Engine.KnowsRegistry(registry)
		if err != nil {
			return nil, err
		}
		if !known {
			return nil, fail(docker.ErrUnauthorized, "there are no credentials for %s: give a username and a password, set DOCKERHUB_USERNAME and DOCKERHUB_PASSWORD for the hub, or log it in by POST /docker/login", registry)
		}
		return facts{"username": cmp.Or(username, "a token"), "detail": "the hub is logged in already"}, nil
	}
	answer, err := r.o.Engine.CheckLogin(ctx, l)
	if err != nil {
		return facts{"username": l.Username}, err
	}
	r.made.logins = append(r.made.logins, l)
	return facts{"username": l.Username, "detail": answer.Status}, nil
}
