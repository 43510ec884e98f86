package docker

import (
	"context"

	containertypes "github.com/docker/docker/api/types/container"
	"github.com/docker/docker/api/types/filters"
)

// Labelled are the containers, running or not, that bear all of these labels; ""
// stands for any value. Those that do not run have no Ports here. At least one
// label must be given: the error is an ErrInvalid of the field "labels" else.
func (e *Engine) Labelled(ctx context.Context, labels map[string]string) ([]Container, error) {
	if len(labels) == 0 {
		return nil, invalid("labels", "at least one must be given: all containers would be found without")
	}
	wanted := filters.NewArgs()
	for name, value := range labels {
		if value != "" {
			name += "=" + value
		}
		wanted.Add("label", name)
	}
	return e.list(ctx, containertypes.ListOptions{All: true, Filters: wanted})
}
