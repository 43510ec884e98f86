package git

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/go-git/go-git/v5/plumbing/transport/client"
	githttp "github.com/go-git/go-git/v5/plumbing/transport/http"

	"hub/internal/outbound"
)

// What go-git has for all repositories of a process: http and https go through
// here, file would run the git command, and git proves nothing about who answers.
func init() {
	web := githttp.NewClientWithOptions(&http.Client{Transport: metered{dial()}, CheckRedirect: sameServer}, nil)
	client.InstallProtocol("http", web)
	client.InstallProtocol("https", web)
	client.InstallProtocol("file", nil)
	client.InstallProtocol("git", nil)
}

// dial is a transport that gives up on servers that do not answer.
func dial() *http.Transport {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.DialContext = (&net.Dialer{Timeout: 30 * time.Second, KeepAlive: 30 * time.Second, Control: outbound.Control}).DialContext
	t.IdleConnTimeout = 10 * time.Second
	return t
}

// redirectError is a redirect to another server.
type redirectError struct{ to string }

func (e redirectError) Error() string { return "it redirects to another server" }

// sameServer follows redirects where they change the path, or http to https.
func sameServer(next *http.Request, before []*http.Request) error {
	from, to := before[0].URL, next.URL
	secured := from.Scheme == "http" && to.Scheme == "https" && from.Port() == "" && to.Port() == ""
	if !strings.EqualFold(from.Hostname(), to.Hostname()) || !secured && (from.Scheme != to.Scheme || port(from) != port(to)) {
		return redirectError{to.Host}
	}
	return nil
}

func port(u *url.URL) string {
	switch {
	case u.Port() != "":
		return u.Port()
	case u.Scheme == "https":
		return "443"
	}
	return "80"
}

const (
	mostRefs  = 64 << 20 // bytes of a list of branches and tags, which lies in memory
	mostWords = 64 << 10 // bytes of an answer that is an error
)

// metered counts what servers send, with the meter of the clone that asks.
type metered struct{ http.RoundTripper }

type meterKey struct{}

// with makes the requests of a context count.
func (m *meter) with(ctx context.Context) context.Context {
	return context.WithValue(ctx, meterKey{}, m)
}

func (t metered) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := t.RoundTripper.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	m, _ := r.Context().Value(meterKey{}).(*meter)
	if m == nil {
		answer.Body.Close()
		return nil, errors.New("a request of no clone")
	}
	answer.Body = &meteredReader{answer.Body, m}
	switch {
	case answer.StatusCode >= 300:
		answer.Body = body{io.LimitReader(answer.Body, mostWords), answer.Body}
	case r.Method == http.MethodGet:
		answer.Body = body{&refsReader{answer.Body, m, mostRefs}, answer.Body}
	}
	return answer, nil
}

type body struct {
	io.Reader
	io.Closer
}

// refsReader bounds a list of branches and tags.
type refsReader struct {
	io.Reader
	meter *meter
	left  int
}

func (r *refsReader) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p)
	if r.left -= n; r.left < 0 {
		return 0, r.meter.refuse("it lists too many branches and tags")
	}
	return n, err
}
