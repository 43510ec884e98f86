package docker

import (
	"context"
	"errors"
	"fmt"
	"strings"

	containertypes "github.com/docker/docker/api/types/container"
	imagetypes "github.com/docker/docker/api/types/image"
)

// RemoveImage takes an image's name away, and with the last name the image.
// Asked for by id, or with force, all names go. The error's kind is ErrNotFound;
// ErrConflict, with the containers that use it; or ErrInvalid of the field
// "id_or_name". Not even force removes the image of a running container.
func (e *Engine) RemoveImage(ctx context.Context, idOrName string, force bool) error {
	image, err := parseImage("id_or_name", idOrName)
	if err != nil {
		return err
	}
	return e.removeImage(ctx, image, image, force)
}

// removeImage is RemoveImage for an image that is told under another name.
func (e *Engine) removeImage(ctx context.Context, image, told string, force bool) error {
	tried := "cannot remove image " + told
	_, err := e.api().ImageRemove(ctx, image, imagetypes.RemoveOptions{Force: force, PruneChildren: true})
	err = e.explain(ctx, tried, err)
	if errors.Is(err, ErrConflict) && strings.Contains(err.Error(), "container") {
		if who, alive := e.users(ctx, image); who != "" {
			return fail(ErrConflict, "%s: it is used by %s; %s", tried, who, wayOut(alive))
		}
	}
	return err
}

func wayOut(alive bool) string {
	if alive {
		return "stop and remove what uses it first"
	}
	return "remove what uses it first, or use force"
}

// users are the containers that were made of an image, and whether one of them
// runs. Where that cannot be asked there is none.
func (e *Engine) users(ctx context.Context, image string) (who string, alive bool) {
	const most = 5
	found, err := e.api().ImageInspect(ctx, image)
	if err != nil {
		return "", false
	}
	containers, err := e.api().ContainerList(ctx, containertypes.ListOptions{All: true})
	if err != nil {
		return "", false
	}
	var users []string
	for _, c := range containers {
		if c.ImageID != found.ID {
			continue
		}
		name, state := c.ID[:12], c.State
		if len(c.Names) > 0 {
			name = strings.TrimPrefix(c.Names[0], "/")
		}
		switch c.State {
		case containertypes.StateRunning, containertypes.StatePaused, containertypes.StateRestarting:
			alive = true
		case containertypes.StateExited:
			state = "stopped"
		}
		users = append(users, fmt.Sprintf("container %s (%s)", name, state))
	}
	if more := len(users) - most; more > 0 {
		users = append(users[:most], fmt.Sprintf("%d more", more))
	}
	return strings.Join(users, ", "), alive
}
