package docker

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/docker/docker/client"
)

// Engine is a Docker engine. Its methods may be called from any goroutine.
type Engine struct {
	api *client.Client
}

// Version says which engine answers.
type Version struct {
	Engine string // of the engine, such as "28.5.2"
	API    string // that is spoken with it, such as "1.51"
}

// New takes the engine that the environment names. The error is of an
// environment that cannot be, such as a DOCKER_HOST that is no address.
func New() (*Engine, error) {
	api, err := client.NewClientWithOpts(client.FromEnv, client.WithAPIVersionNegotiation())
	if err != nil {
		return nil, fmt.Errorf("cannot use DOCKER_HOST %q and the variables beside it: %w", os.Getenv(client.EnvOverrideHost), err)
	}
	return &Engine{api}, nil
}

// Host is where the engine is looked for, such as unix:///var/run/docker.sock.
func (e *Engine) Host() string { return e.api.DaemonHost() }

// Close lets go of connections that are kept open. The engine can be used again.
func (e *Engine) Close() error { return e.api.Close() }

// Version asks the engine which it is.
func (e *Engine) Version(ctx context.Context) (Version, error) {
	v, err := e.api.ServerVersion(ctx)
	if err != nil {
		return Version{}, fmt.Errorf("no Docker engine answers at %s: %w", e.Host(), e.explain(err))
	}
	return Version{v.Version, e.api.ClientVersion()}, nil
}

// explain makes of the SDK's error, which does not say why it could not connect,
// what is wrong and what to do.
func (e *Engine) explain(err error) error {
	path, local := strings.CutPrefix(e.Host(), "unix://")
	if errors.Is(err, context.DeadlineExceeded) {
		return errors.New("it did not answer in time; look whether it hangs")
	}
	if errors.Is(err, fs.ErrPermission) {
		return fmt.Errorf("%s may not be opened; run the hub as a user of the socket's group", path)
	}
	if !client.IsErrConnectionFailed(err) {
		return err
	}
	if _, missing := os.Stat(path); local && missing != nil {
		return fmt.Errorf("there is no %s; start the engine, or name another in DOCKER_HOST", path)
	}
	return errors.New("nobody listens there; start the engine, or name another in DOCKER_HOST")
}
