package http

import (
	"context"
	nethttp "net/http"
	"time"

	"github.com/gofiber/fiber/v2"

	"hub/internal/docker"
)

// callTime is how long an ordinary call of the engine may take.
const callTime = time.Minute

// engine is the hub's, or a 503.
func (s *Server) engine() (*docker.Engine, error) {
	if s.docker == nil {
		return nil, newError(nethttp.StatusServiceUnavailable, "this hub has no Docker engine: name one in DOCKER_HOST and start the hub again")
	}
	return s.docker, nil
}

// answers fails where nobody answers for the engine.
func answers(e *docker.Engine) error {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	_, err := e.Version(ctx)
	return err
}

// callEngine reads the request into body, where that is not nil, and answers with
// what do makes of a call that does not take long.
func (s *Server) callEngine(c *fiber.Ctx, body any, do func(context.Context, *docker.Engine) (any, error)) error {
	if body != nil {
		if err := decode(c, body); err != nil {
			return err
		}
	}
	e, err := s.engine()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), callTime)
	defer cancel()
	answer, err := do(ctx, e)
	if err != nil {
		return err
	}
	return c.JSON(answer)
}
