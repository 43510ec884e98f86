package docker

import (
	"context"
	"fmt"
	"os"
	"strings"
	"sync/atomic"

	"github.com/docker/docker/client"
)

// Options of an [Engine]. The zero value allows what the older service did,
// apart from what AllowHostAccess says.
type Options struct {
	// Host is where the engine is, such as unix:///run/docker.sock; "" is what the
	// environment says.
	Host string
	// Roots are the host folders that requests may name.
	Roots Roots
	// AllowHostAccess lets requests hand a container the host's own network, another
	// container's, the engine's socket, or any log driver.
	AllowHostAccess bool
	// Secret is told the passwords and tokens of registries, said and configured, so
	// that nobody shows them; release is called when others take their place. nil
	// for nobody.
	Secret func(values ...string) (release func())
}

// Engine is a Docker engine. Its methods may be called from any goroutine.
type Engine struct {
	sdk         atomic.Pointer[client.Client]
	o           Options
	credentials credentials

	agreeing chan struct{}                 // holds one while somebody agrees
	agreed   atomic.Pointer[client.Client] // that has agreed with the engine on a version of the API
}

// Publisher takes the events of work that runs for long; a task is one.
type Publisher interface {
	// Publish adds one event: "line", "progress" or "status". data is one compact
	// JSON object, valid only during the call.
	Publish(kind string, data []byte) error
}

// Version says which engine answers.
type Version struct {
	Engine string // of the engine, such as "28.5.2"
	API    string // that is spoken with it, such as "1.51"
}

// New takes the engine that the environment names. The error is of an
// environment that cannot be, such as a DOCKER_HOST that is no address.
func New(o Options) (*Engine, error) {
	e := &Engine{o: o, agreeing: make(chan struct{}, 1)}
	api, err := e.newClient()
	if err != nil {
		return nil, fmt.Errorf("cannot use DOCKER_HOST %q and the variables beside it: %w", os.Getenv(client.EnvOverrideHost), err)
	}
	e.sdk.Store(api)
	return e, nil
}

func (e *Engine) newClient() (*client.Client, error) {
	options := []client.Opt{client.FromEnv, client.WithAPIVersionNegotiation()}
	if e.o.Host != "" {
		options = append(options, client.WithHost(e.o.Host))
	}
	return client.NewClientWithOpts(append(options, largeReads)...)
}

func (e *Engine) api() *client.Client { return e.sdk.Load() }

// agree has the client agree with the engine on a version of the API before two
// calls go out together: it looks at the version without a lock. An engine that is
// away is the calls' to tell.
func (e *Engine) agree(ctx context.Context) {
	if e.agreed.Load() == e.api() {
		return
	}
	select {
	case e.agreeing <- struct{}{}:
		defer func() { <-e.agreeing }()
	case <-ctx.Done():
		return
	}
	api := e.api()
	if e.agreed.Load() == api {
		return
	}
	if _, err := api.Ping(ctx); err == nil {
		api.NegotiateAPIVersion(ctx)
		e.agreed.Store(api)
	}
}

// Host is where the engine is looked for, such as unix:///var/run/docker.sock.
func (e *Engine) Host() string { return e.api().DaemonHost() }

// Close lets go of connections that are kept open. The engine can be used again.
func (e *Engine) Close() error { return e.api().Close() }

// Version asks the engine which it is, and agrees with it on a version of the API
// where it is another one than before.
func (e *Engine) Version(ctx context.Context) (Version, error) {
	v, err := e.api().ServerVersion(ctx)
	if err != nil && strings.Contains(err.Error(), "client version") {
		// A client agrees on a version once, with the first engine that it meets.
		if fresh, failed := e.newClient(); failed == nil {
			_ = e.sdk.Swap(fresh).Close()
			v, err = fresh.ServerVersion(ctx)
		}
	}
	if err != nil {
		return Version{}, e.explain(ctx, "cannot speak with the engine", err)
	}
	return Version{v.Version, e.api().ClientVersion()}, nil
}
