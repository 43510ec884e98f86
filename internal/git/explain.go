package git

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"strings"
	"syscall"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/format/packfile"
	"github.com/go-git/go-git/v5/plumbing/format/pktline"
	"github.com/go-git/go-git/v5/plumbing/protocol/packp"
	"github.com/go-git/go-git/v5/plumbing/transport"
	githttp "github.com/go-git/go-git/v5/plumbing/transport/http"

	"hub/internal/outbound"
)

// explain turns what a clone failed with into an error of ours, in words that say
// what to do. One of ctx stays, and says why ctx ended.
func (c *clone) explain(ctx context.Context, err error) error {
	var ours *Error
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if errors.As(err, &ours) {
		return err
	}
	var hidden *plumbing.UnexpectedError // which does not unwrap
	if errors.As(err, &hidden) {
		err = hidden.Err
	}
	for _, explain := range []func(error) *Error{c.refused, c.unreachable, c.broken, c.disk} {
		if said := explain(err); said != nil {
			return said
		}
	}
	return c.failed(ErrRemote, "%s", c.secrets.Text(words(err)))
}

func (c *clone) failed(kind error, why string, args ...any) *Error {
	return fail(kind, "cannot clone %s: %s", c.from, fmt.Sprintf(why, args...))
}

// refused is a server that knows what it is asked for, and says no.
func (c *clone) refused(err error) *Error {
	var status *githttp.Err
	switch {
	case errors.Is(err, transport.ErrAuthenticationRequired) && c.from.login == nil:
		return c.failed(ErrUnauthorized, "it wants a user and password, or there is no such repository")
	case errors.Is(err, transport.ErrAuthenticationRequired):
		return c.failed(ErrUnauthorized, "it does not take the user and password that were given; check them")
	case errors.Is(err, transport.ErrAuthorizationFailed):
		return c.failed(ErrUnauthorized, "the server does not let this user read it; give one whom it does")
	case errors.Is(err, transport.ErrRepositoryNotFound):
		return c.failed(ErrNotFound, "there is no such repository, or none for this user; check the address").of(fieldURL)
	case errors.Is(err, transport.ErrEmptyRemoteRepository):
		return c.noCommits()
	case errors.As(err, &status):
		return c.failed(ErrRemote, "the server answers %d %s; check the address, or try again later", status.StatusCode(), http.StatusText(status.StatusCode()))
	case strings.Contains(err.Error(), "SSH_AUTH_SOCK"):
		return c.failed(ErrUnauthorized, "there is no ssh agent; start the hub with SSH_AUTH_SOCK set, or use https")
	case strings.Contains(err.Error(), "knownhosts: key is unknown"):
		return c.failed(ErrUnauthorized, "the key of the host is not known; add it to the known_hosts of the hub's user")
	case strings.Contains(err.Error(), "ssh: unable to authenticate"):
		return c.failed(ErrUnauthorized, "the server takes none of the keys of the ssh agent; give the agent one that it does")
	}
	return nil
}

// unreachable is a server that was not spoken to.
func (c *clone) unreachable(err error) *Error {
	var name *net.DNSError
	var redirect redirectError
	var certificate *tls.CertificateVerificationError
	var network net.Error
	var refused *outbound.Error
	switch {
	case errors.As(err, &name) && name.IsNotFound:
		return c.failed(ErrRemote, "the host %s is not known; check the address", name.Name)
	case errors.As(err, &name):
		return c.failed(ErrRemote, "the host %s cannot be looked up now; try again later", name.Name)
	case errors.As(err, &redirect):
		return c.failed(ErrRemote, "it redirects to another server, %s; name that one if it is trusted", c.secrets.Text(redirect.to))
	case errors.As(err, &refused):
		return c.failed(ErrRemote, "%s; check the address", refused)
	case errors.As(err, &certificate):
		return c.failed(ErrRemote, "the server's certificate is not trusted: %s", words(certificate.Err))
	case errors.Is(err, syscall.ECONNREFUSED):
		return c.failed(ErrRemote, "nobody listens there; check the address, or start the server")
	case errors.As(err, &network) && network.Timeout():
		return c.failed(ErrRemote, "the server does not answer; check the address, or try again later")
	}
	return nil
}

// broken is a server that says what no git server does, or not all of it.
func (c *clone) broken(err error) *Error {
	var unexpected *packp.ErrUnexpectedData
	switch {
	case errors.As(err, &unexpected), errors.Is(err, pktline.ErrInvalidPktLen), errors.Is(err, packp.ErrEmptyInput):
		return c.failed(ErrRemote, "what answers is no git repository; check the address")
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF), errors.Is(err, packfile.ErrEmptyPackfile),
		errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return c.failed(ErrRemote, "the connection broke in the middle; try again")
	case errors.Is(err, errDamaged):
		return c.failed(ErrRemote, "%s", errDamaged)
	}
	return nil
}

// disk is the hub's own folder.
func (c *clone) disk(err error) *Error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return c.failed(ErrDisk, "%s", words(path.Err))
	}
	return nil
}

// words are those of others, on one line.
func words(err error) string { return strings.Join(strings.Fields(err.Error()), " ") }
