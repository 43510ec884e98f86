package docker

import (
	"context"
	"strings"
	"time"

	containertypes "github.com/docker/docker/api/types/container"
	"github.com/docker/go-units"
)

// State is what somebody who follows a container has to know of it.
type State struct {
	ID       string
	Name     string
	Running  bool // also while it is paused; not while it waits to be restarted
	TTY      bool
	Started  time.Time // its last start; zero before the first
	Finished time.Time // the end of its last run; zero before that
	ExitCode int       // of its last run

	LogDriver string
	// LogSize is at which size the driver begins a new file, in bytes; 0 for never,
	// or where the driver has none.
	LogSize int64
}

// State looks at the container of this name. The error's kind is ErrNotFound
// where there is none, even if the name is a container's id.
func (e *Engine) State(ctx context.Context, name string) (State, error) {
	r, err := e.inspect(ctx, "cannot look at container", name)
	if err != nil {
		return State{}, err
	}
	s := State{ID: r.ID, Name: strings.TrimPrefix(r.Name, "/")}
	if s.Name != name {
		return State{}, fail(ErrNotFound, "there is no container named %q", shorten(name))
	}
	if r.Config != nil {
		s.TTY = r.Config.Tty
	}
	if r.State != nil {
		s.Running, s.ExitCode = r.State.Running && !r.State.Restarting, r.State.ExitCode
		s.Started, s.Finished = moment(r.State.StartedAt), moment(r.State.FinishedAt)
	}
	if r.HostConfig != nil {
		s.LogDriver = r.HostConfig.LogConfig.Type
		s.LogSize, _ = units.RAMInBytes(r.HostConfig.LogConfig.Config["max-size"])
	}
	return s, nil
}

// moment reads a time of the engine's, which has the year 1 for never.
func moment(text string) time.Time {
	t, err := time.Parse(time.RFC3339Nano, text)
	if err != nil || t.Year() <= 1 {
		return time.Time{}
	}
	return t
}

// RunningNames are those of the containers that run, paused ones among them.
func (e *Engine) RunningNames(ctx context.Context) ([]string, error) {
	containers, err := e.api().ContainerList(ctx, containertypes.ListOptions{})
	if err != nil {
		return nil, e.explain(ctx, "cannot list the containers", err)
	}
	names := make([]string, 0, len(containers))
	for i := range containers {
		if name := nameOf(containers[i].Names); name != "" {
			names = append(names, name)
		}
	}
	return names, nil
}
