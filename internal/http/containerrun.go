package http

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"hub/internal/docker"
)

// ranContainer is what run and run-extended answer.
type ranContainer struct {
	containerState
	Ports    map[string][]hostPort `json:"ports" description:"by the container's port, where it is reached"`
	PulledBy string                `json:"pulled_by,omitempty" description:"the task that pulled the image, where it was missing"`
	ExitCode *int                  `json:"exit_code,omitempty" description:"with detach false"`
	Logs     *string               `json:"logs,omitempty" description:"with detach false: what it wrote, stdout and stderr as one string"`
	Cut      bool                  `json:"logs_truncated,omitempty" description:"whether the beginning of logs is missing"`
}

var (
	exampleRun = runContainerBody{
		Image: "nginx:alpine", Name: "web", Command: json.RawMessage(`"nginx -g 'daemon off;'"`),
		Ports: map[string]json.RawMessage{"80/tcp": json.RawMessage("8080")}, Env: map[string]string{"MODE": "live"}, Detach: true,
	}
	exampleRan = ranContainer{containerState: exampleState, Ports: examplePorts}
	runFails   = []int{400, 401, 403, 404, 409, 502} // of the container, and of the pull before it

	runDoc         = operation{takes: exampleRun, gives: exampleRan, fails: runFails}
	runExtendedDoc = operation{
		takes: runExtendedBody{
			runContainerBody: exampleRun, limitsBody: limitsBody{MemLimit: "512m", NanoCPUs: 500_000_000},
			Volumes: map[string]mountBody{"site-data": {"/data", "rw"}}, Network: "bridge",
			LogDriver: "json-file", LogOptions: map[string]string{"max-size": "10m"},
		},
		gives: exampleRan, fails: runFails,
	}
)

// runContainer is POST /docker/run.
func (s *Server) runContainer(c *fiber.Ctx) error {
	body := runContainerBody{Detach: true}
	if err := decode(c, &body); err != nil {
		return err
	}
	spec, err := body.spec()
	if err != nil {
		return err
	}
	return s.runFrom(c, spec, body.Detach)
}

// runExtended is POST /docker/run-extended.
func (s *Server) runExtended(c *fiber.Ctx) error {
	body := runExtendedBody{runContainerBody: runContainerBody{Detach: true}}
	if err := decode(c, &body); err != nil {
		return err
	}
	spec, err := body.spec()
	if err != nil {
		return err
	}
	return s.runFrom(c, spec, body.Detach)
}

// runFrom pulls a missing image first, as a task that can be watched and cancelled.
func (s *Server) runFrom(c *fiber.Ctx, spec docker.RunSpec, detach bool) error {
	var answer ranContainer
	missing, err := askEngine(s, callTime, func(ctx context.Context, e *docker.Engine) (bool, error) { return e.Prepare(ctx, spec) })
	if err != nil {
		return err
	}
	if missing {
		if answer.PulledBy, err = s.pullToRun(c, spec.Image); err != nil {
			return err
		}
	}
	ran, err := askEngine(s, callTime, func(ctx context.Context, e *docker.Engine) (docker.Container, error) { return e.Run(ctx, spec, nil) })
	if err != nil {
		return err
	}
	answer.containerState, answer.Ports = stateOf(ran), portsOf(ran)
	if !detach {
		if err := s.runToEnd(c, ran, &answer); err != nil {
			return err
		}
	}
	return c.JSON(answer)
}

// pullToRun pulls an image and waits for that.
func (s *Server) pullToRun(c *fiber.Ctx, image string) (taskID string, err error) {
	j, err := begin(s, work[pullResult]{
		kind: "docker_pull", name: "the pull of " + image, head: pullHead{Name: image},
		run: func(ctx context.Context, to docker.Publisher) (pullResult, error) {
			p, err := s.docker.Pull(ctx, docker.PullSpec{Ref: image, Field: "image"}, to)
			return pullResult{"ok", p.ID, listed(p.Tags), p.Digest}, err
		},
	})
	if err != nil {
		return "", err
	}
	c.Set("X-Task-Id", j.ID())
	if !s.wait(c, j.Task) {
		return "", errGone // the pull goes on, nothing is run
	}
	return j.ID(), j.failure(c)
}

// runToEnd waits for a container's end, which a client that leaves does not bring
// about, and adds what came of it.
func (s *Server) runToEnd(c *fiber.Ctx, ran docker.Container, answer *ranContainer) error {
	ctx, cancel := context.WithCancel(s.closing)
	defer cancel()
	type ending struct {
		code int
		err  error
	}
	ended := make(chan ending, 1)
	go func() {
		end := ending{err: errors.New("waiting for a container panicked")}
		defer func() {
			_ = recover() // the error says so
			ended <- end
		}()
		end.code, end.err = s.docker.Wait(ctx, ran.ID)
	}()
	look := time.NewTicker(time.Second)
	defer look.Stop()
	for {
		select {
		case end := <-ended:
			if s.closing.Err() != nil {
				return unavailable(5*time.Second, "the hub is shutting down; container %s runs on", ran.Name)
			}
			if end.err != nil {
				return end.err
			}
			answer.ExitCode = &end.code
			return s.addOutput(answer)
		case <-look.C:
			if hungUp(c.Context().Conn()) {
				return errGone
			}
		}
	}
}

// addOutput adds what a container that has ended has written.
func (s *Server) addOutput(answer *ranContainer) error {
	done, err := askEngine(s, callTime, func(ctx context.Context, e *docker.Engine) (docker.Container, error) {
		return e.Container(ctx, answer.ID)
	})
	if err != nil {
		return err
	}
	answer.Status = done.Status
	var text []byte
	_, err = askEngine(s, callTime, func(ctx context.Context, e *docker.Engine) (_ struct{}, err error) {
		text, answer.Cut, err = e.Output(ctx, answer.ID, mostOutput)
		return struct{}{}, err
	})
	if errors.Is(err, docker.ErrUnsupported) {
		answer.Warnings, err = append(answer.Warnings, err.Error()), nil
	}
	written := strings.ToValidUTF8(string(text), "\uFFFD")
	answer.Logs = &written
	return err
}
