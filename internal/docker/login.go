package docker

import (
	"context"
	"fmt"
	"io"
	"log/slog"
)

// Login is who wants to be known to a registry. Printed, logged or encoded it
// never shows the password.
type Login struct {
	Registry string // host, or address as the docker command has it; "" is Docker Hub
	Username string
	Password string
}

// String is all but the password.
func (l Login) String() string { return l.Username + " at " + l.Registry }

// Format is String for all verbs.
func (l Login) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, l.String()) }

// LogValue is String.
func (l Login) LogValue() slog.Value { return slog.StringValue(l.String()) }

// MarshalText is String, in JSON too.
func (l Login) MarshalText() ([]byte, error) { return []byte(l.String()), nil }

// LoggedIn is what the registry answered.
type LoggedIn struct {
	Status        string // in words, such as "Login Succeeded"
	IdentityToken string // as good as the password from now on; "" where the registry gives none
}

// Login has the engine ask the registry, and keeps a credential that it takes for
// later pushes, pulls and builds, until the hub ends. One that it does not take
// changes nothing: the error's kind is ErrUnauthorized, and ErrInvalid with the
// field "registry" for what cannot be a registry.
func (e *Engine) Login(ctx context.Context, l Login) (LoggedIn, error) {
	host, c, answer, err := e.askRegistry(ctx, l)
	if err == nil {
		e.credentials.remember(host, c)
		e.mask(host, c)
	}
	return answer, err
}
