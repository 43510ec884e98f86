package docker

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"
	"time"

	"hub/internal/docker/dockertest"
)

// slowRegistry stands before a registry. It hands out and takes the first bytes
// of each layer and then waits, until the engine hangs up.
type slowRegistry struct {
	host   string
	waits  chan struct{} // gets a value when a transfer has begun to wait
	hungUp chan struct{} // and when its engine has gone
}

func slowdown(t *testing.T, r *dockertest.Registry) *slowRegistry {
	t.Helper()
	s := &slowRegistry{waits: make(chan struct{}, 100), hungUp: make(chan struct{}, 100)}
	proxy := &httputil.ReverseProxy{Rewrite: func(p *httputil.ProxyRequest) {
		p.SetURL(&url.URL{Scheme: "http", Host: r.Host})
		p.Out.Host = p.In.Host
	}}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch isLayer := strings.Contains(r.URL.Path, "/blobs/"); {
		case isLayer && r.Method == http.MethodPatch:
			_, _ = io.CopyN(io.Discard, r.Body, 64<<10)
			s.wait(r)
		case isLayer && r.Method == http.MethodGet:
			proxy.ServeHTTP(&trickle{ResponseWriter: w, wait: func() { s.wait(r) }}, r)
		default:
			proxy.ServeHTTP(w, r)
		}
	}))
	t.Cleanup(server.Close)
	t.Cleanup(server.CloseClientConnections)
	s.host = strings.TrimPrefix(server.URL, "http://")
	return s
}

func (s *slowRegistry) wait(r *http.Request) {
	s.waits <- struct{}{}
	if r.Body != nil {
		_, _ = io.Copy(io.Discard, http.MaxBytesReader(nil, r.Body, 1)) // so that the server looks at the connection
	}
	<-r.Context().Done()
	s.hungUp <- struct{}{}
}

// trickle lets a small answer pass, as an image's configuration is, and of a large
// one its beginning.
type trickle struct {
	http.ResponseWriter
	wait func()
	sent int
}

// Write implements [io.Writer].
func (w *trickle) Write(p []byte) (int, error) {
	const most = 64 << 10
	if w.sent += len(p); w.sent <= most {
		return w.ResponseWriter.Write(p)
	}
	n, _ := w.ResponseWriter.Write(p)
	_ = http.NewResponseController(w.ResponseWriter).Flush()
	w.wait()
	return n, errors.New("the engine has gone")
}

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
	makeImage(t, host, r.Host+name, 1_000_000)
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
	arrives(t, "the layer's download began", s.waits)
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
	host := dockertest.Engine(t)
	r := dockertest.StartRegistry(t)
	s := slowdown(t, r)
	ref := s.host + "/" + dockertest.Name("site") + ":latest"
	makeImage(t, host, ref, 5_000_000)
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
	arrives(t, "the layer's upload began", s.waits)
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
			arrives(t, "the layer's download began", s.waits)
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
