package docker

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	cerrdefs "github.com/containerd/errdefs"
	"github.com/docker/docker/client"
)

// Kinds of failure. Every error of an [Engine] that is not a context's is an
// *[Error] of one of them, or of none where the engine failed for a reason of its
// own; test with [errors.Is].
var (
	ErrUnavailable  = errors.New("no Docker engine")         // it is away, or went away in the middle
	ErrNotFound     = errors.New("not found")                // no such container, image, path, …
	ErrConflict     = errors.New("conflict")                 // a name or an image in use, a container in the wrong state
	ErrBadInput     = errors.New("bad input")                // such as a build context that does not exist
	ErrInvalid      = errors.New("invalid value")            // of the field that the error names
	ErrUnauthorized = errors.New("unauthorized")             // a registry wants other credentials
	ErrForbidden    = errors.New("forbidden")                // a registry, or the hub's configuration, says no
	ErrRegistry     = errors.New("the registry failed")      // or another remote: it is away, or answers nonsense
	ErrTooLarge     = errors.New("too large")                // for what is kept in memory
	ErrBuild        = errors.New("the build failed")         // a step of it, in the engine's words
	ErrUnsupported  = errors.New("not possible with engine") // what this engine or container cannot do
)

// Error is a failure in words that are fit for a client: one sentence, lower
// case, with what to do where that is known. It wraps its kind.
type Error struct {
	Kind  error  // one of the kinds above, or nil
	Field string // of an ErrInvalid: the request's field that is wrong, such as "mem_limit"
	Text  string
}

// Error is the sentence.
func (e *Error) Error() string { return e.Text }

// Unwrap is the kind.
func (e *Error) Unwrap() error { return e.Kind }

func fail(kind error, format string, args ...any) *Error {
	return &Error{Kind: kind, Text: fmt.Sprintf(format, args...)}
}

// invalid is a field of a request with a value that cannot be.
func invalid(field, format string, args ...any) *Error {
	return &Error{Kind: ErrInvalid, Field: field, Text: fmt.Sprintf(format, args...)}
}

// explain turns what a call of the SDK came back with into an error of ours, in
// the engine's words behind those of what was tried, such as "cannot stop
// container web". An error of ctx stays one, and says why ctx ended.
func (e *Engine) explain(ctx context.Context, tried string, err error) error {
	var ours *Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &ours):
		return err
	case ctx.Err() != nil && !errors.Is(ctx.Err(), context.DeadlineExceeded):
		return context.Cause(ctx)
	case e.away(err):
		return fail(ErrUnavailable, "%s: no Docker engine answers at %s: %s", tried, e.Host(), e.whyAway(err))
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return fail(ErrUnavailable, "%s: the Docker engine at %s went away in the middle", tried, e.Host())
	}
	return &Error{Kind: kindOf(err), Text: tried + ": " + words(err)}
}

// kindOf is the kind that the engine's status stands for.
func kindOf(err error) error {
	switch {
	case cerrdefs.IsNotFound(err):
		return ErrNotFound
	case cerrdefs.IsConflict(err), cerrdefs.IsAlreadyExists(err), cerrdefs.IsFailedPrecondition(err), cerrdefs.IsNotModified(err):
		return ErrConflict
	case cerrdefs.IsInvalidArgument(err), cerrdefs.IsOutOfRange(err):
		return ErrBadInput
	case cerrdefs.IsUnauthorized(err):
		return ErrUnauthorized
	case cerrdefs.IsPermissionDenied(err):
		return ErrForbidden
	case cerrdefs.IsNotImplemented(err):
		return ErrUnsupported
	}
	return nil
}

// words are the engine's, on one line and without the prefix that the SDK gives them.
func words(err error) string {
	text := strings.TrimPrefix(err.Error(), "Error response from daemon: ")
	return strings.Join(strings.Fields(text), " ")
}

// away reports whether err is of an engine that could not be reached at all.
func (e *Engine) away(err error) bool {
	return client.IsErrConnectionFailed(err) || errors.Is(err, fs.ErrPermission) || errors.Is(err, context.DeadlineExceeded)
}

// whyAway says what is wrong and what to do, which the SDK's error does not.
func (e *Engine) whyAway(err error) string {
	path, local := strings.CutPrefix(e.Host(), "unix://")
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return "it did not answer in time; look whether it hangs"
	case errors.Is(err, fs.ErrPermission):
		return path + " may not be opened; run the hub as a user of the socket's group"
	}
	if _, missing := os.Stat(path); local && missing != nil {
		return "there is no " + path + "; start the engine, or name another in DOCKER_HOST"
	}
	if strings.HasPrefix(e.Host(), "ssh://") {
		return "the hub does not speak ssh; name a unix:// or tcp:// address in DOCKER_HOST"
	}
	return "nobody listens there; start the engine, or name another in DOCKER_HOST"
}
