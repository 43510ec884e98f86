package docker

import (
	"context"
	"encoding/json"
	"errors"
	"io"

	containertypes "github.com/docker/docker/api/types/container"
)

// FollowStats calls each with what a container uses, about once a second, until
// ctx ends, the container stops (nil), or the connection does.
func (e *Engine) FollowStats(ctx context.Context, id string, each func(Stats)) error {
	const tried = "cannot follow the container's figures"
	response, err := e.api().ContainerStats(ctx, id, true)
	if err != nil {
		return e.explain(ctx, tried, err)
	}
	defer response.Body.Close()
	decoder := json.NewDecoder(response.Body)
	for {
		var figures containertypes.StatsResponse
		if err := decoder.Decode(&figures); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return e.explain(ctx, tried, err)
		}
		if figures.Read.IsZero() || figures.CPUStats.SystemUsage == 0 { // it has stopped: the engine goes on with zeros
			return nil
		}
		if figures.PreCPUStats.SystemUsage > 0 { // the first has nothing to be compared with
			each(stats(&figures))
		}
	}
}
