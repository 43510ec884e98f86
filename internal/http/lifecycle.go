package http

import (
	"context"
	"time"

	"github.com/gofiber/fiber/v2"

	"hub/internal/docker"
)

// containerBody names a container.
type containerBody struct {
	IDOrName string `json:"id_or_name" check:"required" description:"the container's name, its id, or the beginning of it"`
}

// stopBody is the body of stop and restart.
type stopBody struct {
	containerBody
	Timeout *int `json:"timeout" check:"loose" description:"seconds that it has to end by itself before it is killed, 0 to 3600; where none is given, what the container says, else 10"`
}

// killBody is the body of kill.
type killBody struct {
	containerBody
	Signal string `json:"signal" check:"loose" description:"such as TERM, SIGHUP or 9; KILL where none is given"`
}

// rmBody is the body of rm.
type rmBody struct {
	containerBody
	Force   bool `json:"force" description:"remove a running one, too"`
	Volumes bool `json:"volumes" description:"and its volumes that have no name"`
}

// updateBody is the body of update. What is absent stays.
type updateBody struct {
	containerBody
	limitsBody
	Restart string `json:"restart_policy" description:"no, always, unless-stopped, on-failure or on-failure:5"`
}

// removedContainer is what rm answers.
type removedContainer struct {
	Removed bool   `json:"removed"`
	ID      string `json:"id"`
	Name    string `json:"name"`
}

// changes is what is documented of a route that acts on one container.
func changes(body any, status string) operation {
	after := exampleState
	after.Status = status
	return operation{takes: body, gives: after, fails: []int{404, 409}}
}

var (
	exampleContainer = containerBody{IDOrName: "web"}
	exampleGrace     = 10

	startDoc   = changes(exampleContainer, "running")
	stopDoc    = changes(stopBody{exampleContainer, &exampleGrace}, "exited")
	restartDoc = changes(stopBody{exampleContainer, &exampleGrace}, "running")
	pauseDoc   = changes(exampleContainer, "paused")
	unpauseDoc = changes(exampleContainer, "running")
	killDoc    = changes(killBody{exampleContainer, "HUP"}, "running")
	updateDoc  = changes(updateBody{containerBody: exampleContainer, limitsBody: limitsBody{MemLimit: "512m", MemswapLimit: "1g"}, Restart: "unless-stopped"}, "running")
	rmDoc      = operation{takes: rmBody{exampleContainer, true, false}, gives: removedContainer{true, exampleID, "web"}, fails: []int{404, 409}}
)

// act carries out one call for a container and answers with what became of it.
func (s *Server) act(c *fiber.Ctx, within time.Duration, call func(context.Context, *docker.Engine) (docker.Container, error)) error {
	done, err := askEngine(s, within, call)
	if err != nil {
		return err
	}
	return c.JSON(stateOf(done))
}

func (s *Server) startContainer(c *fiber.Ctx) error {
	var body containerBody
	if err := decode(c, &body); err != nil {
		return err
	}
	return s.act(c, callTime, func(ctx context.Context, e *docker.Engine) (docker.Container, error) {
		return e.Start(ctx, body.IDOrName)
	})
}

func (s *Server) stopContainer(c *fiber.Ctx) error { return s.end(c, (*docker.Engine).Stop) }

func (s *Server) restartContainer(c *fiber.Ctx) error { return s.end(c, (*docker.Engine).Restart) }

// end is stop and restart, which take as long as the container does, and then some.
func (s *Server) end(c *fiber.Ctx, call func(*docker.Engine, context.Context, string, *time.Duration) (docker.Container, error)) error {
	var body stopBody
	if err := decode(c, &body); err != nil {
		return err
	}
	var grace *time.Duration
	within := time.Hour // of a container's own making
	if body.Timeout != nil {
		if *body.Timeout < 0 || *body.Timeout > 3600 {
			return unprocessable(fault{[]any{"body", "timeout"}, "must be from 0 to 3600 seconds", "value_error"})
		}
		given := time.Duration(*body.Timeout) * time.Second
		grace, within = &given, given+callTime
	}
	return s.act(c, within, func(ctx context.Context, e *docker.Engine) (docker.Container, error) {
		return call(e, ctx, body.IDOrName, grace)
	})
}

func (s *Server) pauseContainer(c *fiber.Ctx) error {
	var body containerBody
	if err := decode(c, &body); err != nil {
		return err
	}
	return s.act(c, callTime, func(ctx context.Context, e *docker.Engine) (docker.Container, error) {
		return e.Pause(ctx, body.IDOrName)
	})
}

func (s *Server) unpauseContainer(c *fiber.Ctx) error {
	var body containerBody
	if err := decode(c, &body); err != nil {
		return err
	}
	return s.act(c, callTime, func(ctx context.Context, e *docker.Engine) (docker.Container, error) {
		return e.Unpause(ctx, body.IDOrName)
	})
}

func (s *Server) killContainer(c *fiber.Ctx) error {
	var body killBody
	if err := decode(c, &body); err != nil {
		return err
	}
	return s.act(c, callTime, func(ctx context.Context, e *docker.Engine) (docker.Container, error) {
		return e.Kill(ctx, body.IDOrName, body.Signal)
	})
}

func (s *Server) updateContainer(c *fiber.Ctx) error {
	var body updateBody
	if err := decode(c, &body); err != nil {
		return err
	}
	return s.act(c, callTime, func(ctx context.Context, e *docker.Engine) (docker.Container, error) {
		return e.Update(ctx, body.IDOrName, body.limits(), body.Restart)
	})
}

func (s *Server) removeContainer(c *fiber.Ctx) error {
	var body rmBody
	if err := decode(c, &body); err != nil {
		return err
	}
	gone, err := askEngine(s, callTime, func(ctx context.Context, e *docker.Engine) (docker.Container, error) {
		return e.Remove(ctx, body.IDOrName, body.Force, body.Volumes)
	})
	if err != nil {
		return err
	}
	return c.JSON(removedContainer{true, gone.ID, gone.Name})
}
