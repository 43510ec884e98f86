package http

import (
	"context"
	"encoding/json"
	"time"

	"github.com/gofiber/fiber/v2"

	"hub/internal/docker"
)

// inspectedContainer is all about a container.
type inspectedContainer struct {
	containerState
	Image    []string              `json:"image" description:"the tags of its image"`
	ImageID  string                `json:"image_id"`
	Command  string                `json:"command" description:"with its arguments"`
	ExitCode int                   `json:"exit_code" description:"of the last run; 0 before its end"`
	Created  time.Time             `json:"created"`
	Env      []string              `json:"env" description:"NAME=value; where the name looks secret, ***"`
	Labels   map[string]string     `json:"labels"`
	Ports    map[string][]hostPort `json:"ports"`
	Networks []string              `json:"networks"`
	Engine   json.RawMessage       `json:"inspect" description:"the engine's own object, its Config.Env masked in the same way"`
}

var inspectDoc = operation{
	gives: inspectedContainer{
		containerState: exampleState, Image: []string{"nginx:alpine"}, ImageID: "sha256:1f0c9a77be", Command: "nginx -g daemon off;",
		Created: time.Date(2026, 11, 23, 20, 11, 47, 0, time.UTC), Env: []string{"MODE=live", "DB_PASSWORD=***"}, Labels: map[string]string{"app": "site"},
		Ports: examplePorts, Networks: []string{"bridge"}, Engine: json.RawMessage(`{"Id":"6f2b8f0a9c1e","State":{"Status":"running"}}`),
	},
	fails: []int{404},
}

// inspectContainer is GET /docker/container/inspect/{id_or_name}.
func (s *Server) inspectContainer(c *fiber.Ctx) error {
	name := param(c, "id_or_name")
	all, err := askEngine(s, callTime, func(ctx context.Context, e *docker.Engine) (docker.Inspected, error) { return e.Inspect(ctx, name) })
	if err != nil {
		return err
	}
	return c.JSON(inspectedContainer{
		containerState: stateOf(all.Container), Image: all.Image, ImageID: all.ImageID, Command: all.Command, ExitCode: all.ExitCode,
		Created: all.Created, Env: all.Env, Labels: all.Labels, Ports: portsOf(all.Container), Networks: all.Networks, Engine: all.Engine,
	})
}

// measuredContainer is what a container uses.
type measuredContainer struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	docker.Stats
}

var statsDoc = operation{
	gives: measuredContainer{exampleID, "web", docker.Stats{
		CPUPercent: 12.5, Memory: docker.MemoryUse{Used: 52 << 20, Limit: 512 << 20, Percent: 10.15625},
		Network: docker.Traffic{Received: 1024, Sent: 2048}, Block: docker.BlockIO{Read: 4096}, PIDs: 5,
	}},
	fails: []int{404, 409},
}

// containerStats is GET /docker/container/stats/{id_or_name}.
func (s *Server) containerStats(c *fiber.Ctx) error {
	name := param(c, "id_or_name")
	answer, err := askEngine(s, callTime, func(ctx context.Context, e *docker.Engine) (measuredContainer, error) {
		one, figures, err := e.Stats(ctx, name)
		return measuredContainer{one.ID, one.Name, figures}, err
	})
	if err != nil {
		return err
	}
	return c.JSON(answer)
}

// containerProcesses are the processes of a container.
type containerProcesses struct {
	Titles    []string   `json:"titles" description:"of the columns"`
	Processes [][]string `json:"processes" description:"a row each"`
}

var topDoc = operation{
	gives: containerProcesses{[]string{"UID", "PID", "CMD"}, [][]string{{"root", "4711", "nginx"}}},
	fails: []int{404, 409},
}

// containerTop is GET /docker/container/top/{id_or_name}.
func (s *Server) containerTop(c *fiber.Ctx) error {
	name := param(c, "id_or_name")
	answer, err := askEngine(s, callTime, func(ctx context.Context, e *docker.Engine) (containerProcesses, error) {
		_, top, err := e.Top(ctx, name)
		return containerProcesses{top.Titles, top.Rows}, err
	})
	if err != nil {
		return err
	}
	return c.JSON(answer)
}
