package docker

import (
	"net"
	"strconv"
	"testing"
	"time"

	"hub/internal/docker/dockertest"
)

// freePort is one of the host that nobody listens on.
func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "0.0.0.0:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// holders are the names of a port's.
func (r *runner) holders(port int) (names []string) {
	r.t.Helper()
	found, err := r.e.PortHolders(r.t.Context(), port)
	if err != nil {
		r.t.Error(err)
	}
	for _, c := range found {
		names = append(names, c.Name)
	}
	return names
}

func TestAPortIsHeldByWhoPublishesIt(t *testing.T) {
	t.Parallel()
	r := newRunner(t, Options{})
	port := freePort(t)
	if names := r.holders(port); len(names) != 0 {
		t.Errorf("a free port is held by %q", names)
	}
	web := r.run(RunSpec{Ports: Ports{"80": {{Address: "127.0.0.1", Port: port}}}})
	r.run(RunSpec{Ports: Ports{"80/udp": {{Port: port}}}})
	r.run(RunSpec{Ports: Ports{"80": {{Port: 0}}}})
	made, err := r.e.Create(t.Context(), RunSpec{Image: r.image, Ports: Ports{"80": {{Port: port}}}})
	if err != nil {
		t.Fatal(err)
	}
	r.removeAfter(made.ID)

	held := func(when string) {
		t.Helper()
		if names := r.holders(port); len(names) != 1 || names[0] != web.Name {
			t.Errorf("%s, the port is held by %q, want %s", when, names, web.Name)
		}
	}
	held("while it runs")
	if _, err := r.e.Pause(t.Context(), web.Name); err != nil {
		t.Fatal(err)
	}
	held("while it is paused")
	if _, err := r.e.Unpause(t.Context(), web.Name); err != nil {
		t.Fatal(err)
	}
	if _, err := r.e.Stop(t.Context(), web.Name, nil); err != nil {
		t.Fatal(err)
	}
	if names := r.holders(port); len(names) != 0 {
		t.Errorf("a container that was stopped holds it: %q", names)
	}
}

func TestAPortIsHeldByWhoWaitsToRunAgain(t *testing.T) {
	t.Parallel()
	r := newRunner(t, Options{})
	port := freePort(t)
	name := dockertest.Name("again")
	r.run(RunSpec{Name: name, Restart: "always", Command: []string{"false"}, Ports: Ports{"80": {{Port: port}}}})
	await(t, 30*time.Second, name+" waits to run again", func() bool { return r.seen(name).State.Restarting })
	if names := r.holders(port); len(names) != 1 || names[0] != name {
		t.Errorf("port %s is held by %q", strconv.Itoa(port), names)
	}
}
