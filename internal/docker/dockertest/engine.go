package dockertest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/docker/docker/client"
)

// shared is the engine of all tests of a package, found or started by the first
// that asks.
var shared struct {
	once   sync.Once
	host   string
	daemon *Daemon // nil where the engine is the machine's
	err    error
}

// Main runs a package's tests and ends the engine that they share. Call it from
// TestMain.
func Main(m *testing.M) (code int) {
	code = m.Run()
	if shared.daemon != nil {
		if err := shared.daemon.remove(); err != nil {
			fmt.Fprintln(os.Stderr, "cannot remove the tests' Docker engine:", err)
			return max(code, 1)
		}
	}
	return code
}

// Engine is the DOCKER_HOST of an engine that all tests of the package share. A
// test must not end it.
func Engine(t testing.TB) (host string) {
	t.Helper()
	shared.once.Do(func() {
		if shared.host, shared.err = running(); shared.err == nil {
			return
		}
		if shared.daemon, shared.err = newDaemon(); shared.err == nil {
			shared.host = shared.daemon.Host
			shared.err = shared.daemon.Start()
		}
	})
	if shared.err != nil {
		t.Fatal(shared.err)
	}
	return shared.host
}

// StartEngine starts an engine of the test's own, which ends with it.
func StartEngine(t testing.TB) *Daemon {
	t.Helper()
	d, err := newDaemon()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.remove(); err != nil {
			t.Error(err)
		}
	})
	if err := d.Start(); err != nil {
		t.Fatal(err)
	}
	return d
}

// running is the host of the machine's engine.
func running() (string, error) {
	api, err := client.NewClientWithOpts(client.FromEnv)
	if err != nil {
		return "", err
	}
	defer api.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	_, err = api.Ping(ctx)
	return api.DaemonHost(), err
}

// Client is the SDK's client of an engine, to look at what the hub did.
func Client(t testing.TB, host string) *client.Client {
	t.Helper()
	api, err := client.NewClientWithOpts(client.WithHost(host), client.WithAPIVersionNegotiation())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { api.Close() })
	return api
}

// Name is a name that no other test has, that of a container, an image, …
func Name(prefix string) string { return fmt.Sprintf("%s-%08x", prefix, rand.Uint32()) }
