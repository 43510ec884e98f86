package docker

import (
	"context"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"
	"time"

	"hub/internal/docker/dockertest"
)

func TestAContainerIsMadeAndNotStarted(t *testing.T) {
	t.Parallel()
	r := newRunner(t, Options{})
	name := dockertest.Name("made")
	s := RunSpec{Image: r.image, Name: name, Labels: map[string]string{"a": "b"}, Ports: Ports{"80": {{Port: takenTCP(t)}}}}
	c, err := r.e.Create(t.Context(), s)
	if err != nil {
		t.Fatal(err) // also where the port is taken, which only a start would need
	}
	r.removeAfter(c.ID)
	if c.Name != name || c.Status != "created" || c.Labels["a"] != "b" {
		t.Errorf("%+v", c)
	}
	_, err = r.e.Create(t.Context(), s)
	isError(t, "a name in use", err, ErrConflict, "")
	s.Name, s.Image = dockertest.Name("made"), dockertest.Name("none")
	_, err = r.e.Create(t.Context(), s)
	refused(t, err, ErrNotFound, "of image "+s.Image, "pull it first")
	s.Image = "No Image"
	_, err = r.e.Create(t.Context(), s)
	isError(t, "no image's name", err, ErrInvalid, "image")
	if r.exists(s.Name) {
		t.Error("a refusal left a container")
	}
}

// A real engine that is asked slowly: its answer to the making waits.
func TestAContainerThatIsCancelledWhileItIsMadeIsRemoved(t *testing.T) {
	r := newRunner(t, Options{})
	made, goOn := make(chan struct{}), make(chan struct{})
	proxy := httputil.NewSingleHostReverseProxy(&url.URL{Scheme: "http", Host: "engine"})
	proxy.Transport = r.e.api().HTTPClient().Transport
	proxy.ModifyResponse = func(answer *http.Response) error {
		if strings.HasSuffix(answer.Request.URL.Path, "/containers/create") {
			close(made)
			<-goOn
		}
		return nil
	}
	fakeEngine(t, proxy.ServeHTTP)
	ctx, cancel := context.WithCancelCause(t.Context())
	name := dockertest.Name("cancelled")
	failed := make(chan error, 1)
	go func() {
		_, err := engineOn(t, "").Create(ctx, RunSpec{Image: r.image, Name: name})
		failed <- err
	}()
	<-made
	if !r.exists(name) {
		t.Error("it was not made")
	}
	cancel(errEnough)
	close(goOn)
	if err := <-failed; err != errEnough {
		t.Error(err)
	}
	if r.exists(name) {
		t.Error("the container is left")
	}
}

func TestWhatOutlastsAContextEndsAWhileAfterIt(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	longer, done := outlasting(ctx, 50*time.Millisecond)
	defer done()
	cancel()
	if longer.Err() != nil {
		t.Error("it ends at once")
	}
	select {
	case <-longer.Done():
	case <-time.After(10 * time.Second):
		t.Error("it does not end")
	}
}
