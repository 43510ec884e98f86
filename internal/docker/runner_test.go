package docker

import (
	"context"
	"errors"
	"net"
	"strconv"
	"testing"

	containertypes "github.com/docker/docker/api/types/container"

	"hub/internal/docker/dockertest"
)

// runner runs containers of the base image on an engine and removes them after
// the test.
type runner struct {
	t     testing.TB
	e     *Engine
	image string
}

func newRunner(t testing.TB, o Options) *runner {
	t.Helper()
	if o.Host == "" {
		o.Host = dockertest.Engine(t)
	}
	e, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	return &runner{t, e, dockertest.ImageOn(t, o.Host)}
}

// try runs s, with the base image, a name and a long sleep where it has none.
func (r *runner) try(s RunSpec) (Container, error) {
	r.t.Helper()
	if s.Image == "" {
		s.Image = r.image
	}
	if s.Name == "" {
		s.Name = dockertest.Name("run")
	}
	if s.Command == nil {
		s.Command = []string{"sleep", "1000"}
	}
	c, err := r.e.Run(r.t.Context(), s, nil)
	if err == nil {
		r.removeAfter(c.ID)
	}
	return c, err
}

func (r *runner) run(s RunSpec) Container {
	r.t.Helper()
	c, err := r.try(s)
	if err != nil {
		r.t.Fatal(err)
	}
	return c
}

func (r *runner) removeAfter(id string) {
	r.t.Cleanup(func() {
		_ = r.e.api().ContainerRemove(context.Background(), id, containertypes.RemoveOptions{Force: true, RemoveVolumes: true})
	})
}

// seen is the container as the engine has it.
func (r *runner) seen(id string) containertypes.InspectResponse {
	r.t.Helper()
	c, err := r.e.api().ContainerInspect(r.t.Context(), id)
	if err != nil {
		r.t.Fatal(err)
	}
	return c
}

// exists reports whether there is a container of that name.
func (r *runner) exists(name string) bool {
	r.t.Helper()
	_, err := r.e.api().ContainerInspect(r.t.Context(), name)
	return err == nil
}

// isError fails the test unless err is of that kind, and of that field if one is given.
func isError(t testing.TB, what string, err error, kind error, field string) {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) || !errors.Is(err, kind) || e.Field != field {
		t.Errorf("%s: %v (%+v), want kind %v and field %q", what, err, e, kind, field)
	}
}

// takenTCP is a port of the host that somebody listens on.
func takenTCP(t testing.TB) int {
	t.Helper()
	l, err := net.Listen("tcp", "0.0.0.0:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	_, port, _ := net.SplitHostPort(l.Addr().String())
	n, _ := strconv.Atoi(port)
	return n
}
