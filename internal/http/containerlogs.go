package http

import (
	"context"
	"math"
	"time"

	"github.com/gofiber/fiber/v2"

	"hub/internal/docker"
)

const (
	mostLogLines = 10_000          // of one answer, unless all are asked for
	logTime      = 2 * time.Minute // to read it
)

// loggedContainer is what a container has written.
type loggedContainer struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Logs string `json:"logs" description:"the last lines of stdout and stderr, in the order in which the engine has kept them"`
}

var logsDoc = operation{
	more:  "To follow a container's log, read the topic `containers/{name}/logs`: GET /stream/containers/web/logs.",
	query: []parameter{{"tail", "100", "How many of the last lines, at most 10,000 of them, or all: of those at most 32 MiB."}},
	gives: loggedContainer{exampleID, "web", "listening on :80\nGET / 200\n"},
	fails: []int{404, 409, 413, 422},
}

// containerLogs is GET /docker/logs/{id_or_name}, the older service's.
func (s *Server) containerLogs(c *fiber.Ctx) error {
	tail, err := -1, error(nil)
	if c.Query("tail") != "all" {
		if tail, err = queryInt(c, "tail", 100, 0, math.MaxInt32); err != nil {
			return err
		}
		tail = min(tail, mostLogLines)
	}
	name := param(c, "id_or_name")
	answer, err := askEngine(s, logTime, func(ctx context.Context, e *docker.Engine) (loggedContainer, error) {
		one, text, err := e.LogText(ctx, name, tail)
		return loggedContainer{one.ID, one.Name, text}, err
	})
	if err != nil {
		return err
	}
	return c.JSON(answer)
}
