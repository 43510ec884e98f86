package docker

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"hub/internal/docker/dockertest"
)

func login(t *testing.T, e *Engine, r *dockertest.Registry) {
	t.Helper()
	if _, err := e.Login(t.Context(), Login{Registry: r.Host, Username: r.User, Password: r.Password}); err != nil {
		t.Fatal(err)
	}
}

func TestWhatWasPushedIsPulled(t *testing.T) {
	t.Parallel()
	host, r := dockertest.Engine(t), dockertest.StartRegistry(t)
	e := engineOn(t, host)
	login(t, e, r)
	repo := r.Host + "/" + dockertest.Name("site")
	id := makeImage(t, host, repo+":one", 300_000, 2_000_000)

	h := &heard{}
	pushed, err := e.Push(t.Context(), repo+":one", h)
	if err != nil {
		t.Fatal(err)
	}
	if pushed.Ref != repo+":one" || !strings.HasPrefix(pushed.Digest, "sha256:") || pushed.Size == 0 {
		t.Errorf("%+v", pushed)
	}
	lines := h.lines(t)
	if n := len(lines); n != 4 || !strings.HasSuffix(lines[1], ": Pushed") || !strings.Contains(lines[3], pushed.Digest) {
		t.Errorf("%q", lines)
	}
	if p := h.last(t); p.Percent != 100 || p.Current != p.Total || p.Total < 2_300_000 {
		t.Errorf("%+v", p)
	}

	h = &heard{}
	if again, err := e.Push(t.Context(), repo+":one", h); err != nil || again.Digest != pushed.Digest {
		t.Errorf("%+v, %v", again, err)
	}
	if lines := strings.Join(h.lines(t), "\n"); strings.Count(lines, "Layer already exists") != 2 || h.last(t).Percent != 100 {
		t.Error(lines)
	}

	forget(t, host, repo+":one")
	h = &heard{}
	pulled, err := e.Pull(t.Context(), PullSpec{Ref: repo, Tag: "one"}, h)
	if err != nil || pulled.ID != id || pulled.Digest != pushed.Digest || !slices.Equal(pulled.Tags, []string{repo + ":one"}) {
		t.Errorf("%+v, %v", pulled, err)
	}
	lines = h.lines(t)
	if n := len(lines); n != 5 || !strings.HasSuffix(lines[1], ": Pull complete") || !strings.HasPrefix(lines[4], "Status: Downloaded newer image") {
		t.Errorf("%q", lines)
	}
	if p := h.last(t); p.Percent != 100 || p.Current != p.Total || p.Total < 2_300_000 {
		t.Errorf("%+v", p)
	}

	h = &heard{}
	if again, err := e.Pull(t.Context(), PullSpec{Ref: repo + ":one"}, h); err != nil || again.ID != id || h.last(t).Percent != 100 {
		t.Errorf("%+v, %v", again, err)
	}
	forget(t, host, repo+":one")
	byDigest, err := e.Pull(t.Context(), PullSpec{Ref: repo + "@" + pushed.Digest}, nil)
	if err != nil || byDigest.ID != id || byDigest.Tags == nil || len(byDigest.Tags) != 0 {
		t.Errorf("%+v, %v", byDigest, err)
	}
	forget(t, host, repo+"@"+pushed.Digest)
}

func TestARegistrysRefusalIsAnErrorInItsWords(t *testing.T) {
	t.Parallel()
	host, r := dockertest.Engine(t), dockertest.StartRegistry(t)
	e := engineOn(t, host)
	repo := r.Host + "/" + dockertest.Name("site")
	makeImage(t, host, repo+":one", 1000)

	h := &heard{}
	_, err := e.Push(t.Context(), repo+":one", h)
	refused(t, err, ErrUnauthorized, "cannot push "+repo+":one: ", "no basic auth credentials", "log in to the registry first")
	if len(h.progress(t)) > 0 && h.last(t).Percent == 100 {
		t.Error("a push that failed is at 100 percent")
	}
	_, err = e.Pull(t.Context(), PullSpec{Ref: repo + ":one"}, nil)
	refused(t, err, ErrUnauthorized, "cannot pull "+repo+":one: ", "no basic auth credentials")

	login(t, e, r)
	_, err = e.Pull(t.Context(), PullSpec{Ref: repo + ":one"}, nil)
	refused(t, err, ErrNotFound, "manifest unknown")
	_, err = e.Push(t.Context(), repo+":nosuch", nil)
	refused(t, err, ErrNotFound, "cannot push "+repo+":nosuch: ")

	r.Stop()
	_, err = e.Push(t.Context(), repo+":one", nil)
	refused(t, err, ErrRegistry, "connection refused")
	_, err = e.Pull(t.Context(), PullSpec{Ref: repo + ":one"}, nil)
	refused(t, err, ErrRegistry, "connection refused")
}

// A real registry does not refuse so on demand.
func TestEachStatusOfARegistryHasItsKind(t *testing.T) {
	t.Parallel()
	host := dockertest.Engine(t)
	e := engineOn(t, host)
	base := dockertest.Name("hub-test/base")
	makeImage(t, host, base, 1000)
	for status, want := range map[int]struct {
		code  string
		kind  error
		pulls bool // only: a push that a registry fails the engine repeats for most of a minute
	}{
		http.StatusUnauthorized:        {"UNAUTHORIZED", ErrUnauthorized, false},
		http.StatusForbidden:           {"DENIED", ErrForbidden, false},
		http.StatusTooManyRequests:     {"TOOMANYREQUESTS", ErrRegistry, false},
		http.StatusInternalServerError: {"UNKNOWN", ErrRegistry, true},
		http.StatusBadGateway:          {"UNKNOWN", ErrRegistry, true},
	} {
		t.Run(http.StatusText(status), func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Docker-Distribution-Api-Version", "registry/2.0")
				if r.URL.Path == "/v2/" {
					return
				}
				w.Header().Set("Content-Type", "application/json")
				w.WriteHeader(status)
				_, _ = w.Write([]byte(`{"errors":[{"code":"` + want.code + `","message":"not today"}]}`))
			}))
			defer server.Close()
			repo := strings.TrimPrefix(server.URL, "http://") + "/site"
			_, err := e.Pull(t.Context(), PullSpec{Ref: repo}, nil)
			refused(t, err, want.kind, "cannot pull "+repo+":latest: ")
			if want.pulls {
				return
			}
			name, err := e.Tag(t.Context(), base, repo, "")
			if err != nil {
				t.Fatal(err)
			}
			defer forget(t, host, name)
			_, err = e.Push(t.Context(), name, nil)
			refused(t, err, want.kind, "cannot push "+name+": ", "not today")
		})
	}
}
