package docker

import (
	"context"
	"errors"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// fakeEngine answers on a socket of its own, and names that in the environment.
func fakeEngine(t *testing.T, answer http.HandlerFunc) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "engine.sock")
	l, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: answer}
	go server.Serve(l)
	t.Cleanup(func() { server.Close() })
	t.Setenv("DOCKER_HOST", "unix://"+path)
}

func version(t *testing.T, within time.Duration) (Version, error) {
	t.Helper()
	e, err := New(Options{})
	if err != nil {
		return Version{}, err
	}
	t.Cleanup(func() { e.Close() })
	ctx, cancel := context.WithTimeout(t.Context(), within)
	defer cancel()
	return e.Version(ctx)
}

func TestTheVersionIsTheEnginesAndTheAPIWhatBothSpeak(t *testing.T) {
	fakeEngine(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Api-Version", "1.41")
		if r.URL.Path == "/v1.41/version" {
			w.Write([]byte(`{"Version":"20.10.24","ApiVersion":"1.41"}`))
		}
	})
	if v, err := version(t, 10*time.Second); err != nil || v != (Version{"20.10.24", "1.41"}) {
		t.Errorf("%+v, %v", v, err)
	}
}

func TestAnEngineThatIsAwayIsSaidInOneSentenceWithWhatToDo(t *testing.T) {
	for name, c := range map[string]struct {
		host string
		want string
	}{
		"no socket":     {"unix://" + filepath.Join(t.TempDir(), "none.sock"), "start the engine, or name another in DOCKER_HOST"},
		"nobody there":  {"tcp://127.0.0.1:1", "nobody listens there; start the engine"},
		"no address":    {"engine", `cannot use DOCKER_HOST "engine"`},
		"not an engine": {"", "cannot speak with the engine: "},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("DOCKER_HOST", c.host)
			if c.host == "" {
				fakeEngine(t, func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "<html>", http.StatusTeapot) })
			}
			_, err := version(t, 10*time.Second)
			if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("%v, want %q", err, c.want)
			}
		})
	}
}

func TestAnEngineThatHangsIsNotWaitedForLongerThanAsked(t *testing.T) {
	release := make(chan struct{})
	defer close(release)
	fakeEngine(t, func(http.ResponseWriter, *http.Request) { <-release })
	if _, err := version(t, 100*time.Millisecond); err == nil || !strings.Contains(err.Error(), "did not answer in time") || errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestAnEngineThatIsReplacedByAnotherIsSpokenWithAgain(t *testing.T) {
	speaks := "1.41"
	fakeEngine(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Api-Version", speaks)
		w.Header().Set("Content-Type", "application/json")
		switch {
		case r.URL.Path == "/_ping":
		case !strings.HasPrefix(r.URL.Path, "/v"+speaks+"/"):
			w.WriteHeader(http.StatusBadRequest)
			w.Write([]byte(`{"message":"client version is too old"}`))
		default:
			w.Write([]byte(`{"Version":"x"}`))
		}
	})
	e, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	for _, speaks = range []string{"1.41", "1.47", "1.40"} {
		if v, err := e.Version(t.Context()); err != nil || v.API != speaks {
			t.Errorf("%+v, %v, want %s", v, err, speaks)
		}
	}
}
