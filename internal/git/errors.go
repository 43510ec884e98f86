package git

import (
	"errors"
	"fmt"
)

// Kinds of failure; test with [errors.Is].
var (
	ErrInvalid      = errors.New("invalid value")           // the field that the error names cannot be so
	ErrNotFound     = errors.New("not found")               // no such repository, or nothing in it by that ref
	ErrUnauthorized = errors.New("unauthorized")            // the server wants other credentials
	ErrForbidden    = errors.New("forbidden")               // a folder of this host that may not be cloned
	ErrRemote       = errors.New("the remote failed")       // it is away, slow, broken, or sends too much
	ErrDisk         = errors.New("the hub's folder failed") // such as a full disk
)

// Error is a failure in words that are fit for a client: one sentence, lower case,
// with what to do where that is known, and without credentials. It wraps its kind.
type Error struct {
	Kind  error  // one of the kinds above
	Field string // the wrong one of a request, where one is: "repo_url" or "ref"
	Text  string
}

// Error is the sentence.
func (e *Error) Error() string { return e.Text }

// Unwrap is the kind.
func (e *Error) Unwrap() error { return e.Kind }

// Fields of requests.
const (
	fieldURL = "repo_url"
	fieldRef = "ref"
)

func fail(kind error, format string, args ...any) *Error {
	return &Error{Kind: kind, Text: fmt.Sprintf(format, args...)}
}

// of names the field that the failure is of.
func (e *Error) of(field string) *Error {
	e.Field = field
	return e
}

func invalid(field, format string, args ...any) *Error {
	return fail(ErrInvalid, format, args...).of(field)
}
