package docker

import (
	"context"
	"errors"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"hub/internal/docker/dockertest"
)

// slowRegistry stands before a registry, and makes each layer's transfer so slow
// that it would take most of a minute. An engine that is done with one looks at it
// between two pieces, so that they must not stop altogether.
type slowRegistry struct {
	host   string
	begun  chan struct{} // gets a value when a layer's transfer has begun
	hungUp chan struct{} // and when its engine has gone
}

const (
	slowPiece = 16 << 10
	slowPause = 30 * time.Millisecond
	slowLayer = 20_000_000
)

func slowdown(t *testing.T, r *dockertest.Registry) *slowRegistry {
	t.Helper()
	s := &slowRegistry{begun: make(chan struct{}, 100), hungUp: make(chan struct{}, 100)}
	proxy := &httputil.ReverseProxy{
		Rewrite: func(p *httputil.ProxyRequest) {
			p.SetURL(&url.URL{Scheme: "http", Host: r.Host})
			p.Out.Host = p.In.Host
		},
		ModifyResponse: func(answer *http.Response) error {
			if answer.Request.Method == http.MethodGet && answer.ContentLength > slowPiece {
				answer.Body = s.slow(answer.Body)
			}
			return nil
		},
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, _ error) { w.WriteHeader(http.StatusBadGateway) },
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPatch {
			r.Body = s.slow(r.Body)
		}
		proxy.ServeHTTP(w, r)
	}))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	t.Cleanup(server.Close)
	t.Cleanup(server.CloseClientConnections)
	s.host = strings.TrimPrefix(server.URL, "http://")
	return s
}

func (s *slowRegistry) slow(body io.ReadCloser) io.ReadCloser {
	return &slowBody{ReadCloser: body, s: s}
}

// slowBody ends with the connection that it is read from or written to.
type slowBody struct {
	io.ReadCloser
	s          *slowRegistry
	read       int // since the last pause
	begin, end sync.Once
}

// Read implements [io.Reader].
func (b *slowBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p[:min(len(p), slowPiece)])
	if n > 0 {
		b.begin.Do(func() { b.s.begun <- struct{}{} })
	}
	if err != nil {
		b.gone()
	}
	for b.read += n; b.read > slowPiece; b.read -= slowPiece {
		time.Sleep(slowPause)
	}
	return n, err
}

// Close implements [io.Closer].
func (b *slowBody) Close() error {
	b.gone()
	return b.ReadCloser.Close()
}

func (b *slowBody) gone() { b.end.Do(func() { b.s.hungUp <- struct{}{} }) }

func arrives(t *testing.T, what string, c <-chan struct{}) {
	t.Helper()
	select {
	case <-c:
	case <-time.After(20 * time.Second):
		t.Fatalf("it did not come to pass that %s", what)
	}
}

// slowImage is an image in a registry, and the reference to pull it slowly by.
func slowImage(t *testing.T, host string) (s *slowRegistry, ref string, login Login) {
	t.Helper()
	r := dockertest.StartRegistry(t)
	s = slowdown(t, r)
	name := "/" + dockertest.Name("site") + ":latest"
	makeImage(t, host, r.Host+name, slowLayer)
	fast := engineOn(t, host)
	if _, err := fast.Login(t.Context(), Login{r.Host, r.User, r.Password}); err != nil {
		t.Fatal(err)
	}
	if _, err := fast.Push(t.Context(), r.Host+name, nil); err != nil {
		t.Fatal(err)
	}
	forget(t, host, r.Host+name)
	return s, s.host + name, Login{s.host, r.User, r.Password}
}

func TestCancellingAPullEndsItInTheEngineToo(t *testing.T) {
	t.Parallel()
	host := dockertest.Engine(t)
	s, ref, login := slowImage(t, host)
	e := engineOn(t, host)
	if _, err := e.Login(t.Context(), login); err != nil {
		t.Fatal(err)
	}
	why := errors.New("cancelled by the test")
	ctx, cancel := context.WithCancelCause(t.Context())
	ended := make(chan error)
	h := &heard{}
	go func() {
		_, err := e.Pull(ctx, PullSpec{Ref: ref}, h)
		ended <- err
	}()
	arrives(t, "the layer's download began", s.begun)
	cancel(why)
	select {
	case err := <-ended:
		if !errors.Is(err, why) {
			t.Error(err)
		}
	case <-time.After(2 * time.Second):
		t.Fatal("a cancelled pull did not end")
	}
	arrives(t, "the engine hung up on the registry", s.hungUp)
	if p := h.last(t); p.Percent == 100 {
		t.Errorf("%+v", p)
	}
}

func TestCancellingAPushEndsItInTheEngineToo(t *testing.T) {
	t.Parallel()
	host := dockertest.Engine(t)
	r := dockertest.StartRegistry(t)
	s := slowdown(t, r)
	ref := s.host + "/" + dockertest.Name("site") + ":latest"
	makeImage(t, host, ref, slowLayer)
	e := engineOn(t, host)
	if _, err := e.Login(t.Context(), Login{s.host, r.User, r.Password}); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() {
		_, err := e.Push(ctx, ref, nil)
		ended <- err
	}()
	arrives(t, "the layer's upload began", s.begun)
	cancel()
	select {
	case err := <-ended:
		if !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	case <-time.After(2 * time.Second):
		t.Fatal("a cancelled push did not end")
	}
	arrives(t, "the engine hung up on the registry", s.hungUp)
}

func TestAnEngineThatEndsInTheMiddleOfAPullIsSaid(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(*dockertest.Daemon){"killed": (*dockertest.Daemon).Kill, "stopped": (*dockertest.Daemon).Stop} {
		t.Run(name, func(t *testing.T) {
			own := dockertest.StartEngine(t)
			s, ref, login := slowImage(t, own.Host)
			e := engineOn(t, own.Host)
			if _, err := e.Login(t.Context(), login); err != nil {
				t.Fatal(err)
			}
			ended := make(chan error)
			go func() {
				_, err := e.Pull(t.Context(), PullSpec{Ref: ref}, nil)
				ended <- err
			}()
			arrives(t, "the layer's download began", s.begun)
			end(own)
			select {
			case err := <-ended:
				refused(t, err, ErrUnavailable, "cannot pull "+ref+": ", "went away in the middle")
			case <-time.After(20 * time.Second):
				t.Fatal("a pull outlived its engine")
			}
			_, err := e.Pull(t.Context(), PullSpec{Ref: ref}, nil)
			refused(t, err, ErrUnavailable, "start the engine")
		})
	}
}

// A real engine does not end a stream in order on demand before its work is done.
func TestAStreamThatEndsBeforeItsResultIsNoSuccess(t *testing.T) {
	fakeEngine(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Api-Version", "1.41")
		switch {
		case strings.HasSuffix(r.URL.Path, "/images/create"), strings.HasSuffix(r.URL.Path, "/push"):
			_, _ = io.WriteString(w, `{"status":"Waiting","progressDetail":{},"id":"aaaaaaaaaaaa"}`+"\r\n")
		case strings.HasSuffix(r.URL.Path, "/json"): // an older image of that name is there
			_, _ = io.WriteString(w, `{"Id":"sha256:x","RepoTags":["site:latest"]}`)
		}
	})
	e := engineOn(t, "")
	h := &heard{}
	_, err := e.Pull(t.Context(), PullSpec{Ref: "site"}, h)
	refused(t, err, ErrUnavailable, "cannot pull site:latest: ", "went away in the middle")
	_, err = e.Push(t.Context(), "site", h)
	refused(t, err, ErrUnavailable, "cannot push site:latest: ", "went away in the middle")
	for _, p := range h.progress(t) {
		if p.Percent == 100 {
			t.Errorf("%+v", p)
		}
	}
}
