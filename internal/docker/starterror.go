package docker

import (
	"context"
	"errors"
	"regexp"
	"strings"
)

var (
	// takenPort finds the address in what the engine says of a port that is in use,
	// in words of its own or of the system.
	takenPort = regexp.MustCompile(`(?:Bind for|listen \w+|bind \w+) (\S+):(\d+)\S* (?:failed: port is already allocated|.*address already in use)`)
	// noUser is what it says of a user or group that the image does not have.
	noUser = regexp.MustCompile(`unable to find (user|group) \S+`)
	// machinery stands before the reason why a program could not be started.
	machinery = regexp.MustCompile(`(?:failed to create shim.*|OCI runtime create failed.*): unable to start container process: `)
)

// startError is explain for a container's start: it knows a port that is in use, a
// user that is not there and log options that cannot be, which the engine takes for
// faults of its own.
func (e *Engine) startError(ctx context.Context, tried string, err error) error {
	if err == nil {
		return nil
	}
	said := words(err)
	if match := takenPort.FindStringSubmatch(said); match != nil {
		return fail(ErrConflict, "%s: port %s of the host is in use already (on %s)", tried, match[2], match[1])
	}
	if noUser.MatchString(said) {
		return invalid("user", "%s: %s", tried, said)
	}
	if strings.Contains(said, "failed to initialize logging driver") {
		return invalid("log_options", "%s: %s", tried, said)
	}
	explained := e.explain(ctx, tried, err)
	var ours *Error
	if errors.As(explained, &ours) {
		ours.Text = strings.TrimSuffix(machinery.ReplaceAllString(ours.Text, ""), ": unknown")
	}
	return explained
}
