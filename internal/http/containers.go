package http

import (
	"context"
	"time"

	"github.com/gofiber/fiber/v2"

	"hub/internal/docker"
)

// containerState is a container as an action on it leaves it.
type containerState struct {
	ID       string   `json:"id"`
	Name     string   `json:"name"`
	Status   string   `json:"status" description:"the engine's word: created, running, paused, restarting, removing, exited or dead"`
	Warnings []string `json:"warnings,omitempty" description:"the engine's"`
}

func stateOf(c docker.Container) containerState {
	return containerState{c.ID, c.Name, c.Status, c.Warnings}
}

// hostPort is where a container's port is reached on the host.
type hostPort struct {
	Address string `json:"address"`
	Port    int    `json:"port"`
}

func portsOf(c docker.Container) map[string][]hostPort {
	ports := map[string][]hostPort{}
	for port, hosts := range c.Ports {
		ports[port] = []hostPort{}
		for _, host := range hosts {
			ports[port] = append(ports[port], hostPort(host))
		}
	}
	return ports
}

// containerInfo is a container as a list has it.
type containerInfo struct {
	ID       string                `json:"id"`
	Name     string                `json:"name"`
	Image    []string              `json:"image" description:"the tags of its image; none where the image has lost them"`
	Status   string                `json:"status" description:"the engine's word: created, running, paused, restarting, removing, exited or dead"`
	State    string                `json:"state" description:"the same as a sentence, with how long"`
	ImageID  string                `json:"image_id"`
	Command  string                `json:"command" description:"as the engine cuts it"`
	Created  time.Time             `json:"created"`
	Labels   map[string]string     `json:"labels"`
	Ports    map[string][]hostPort `json:"ports" description:"by the container's port, where it is reached"`
	Networks []string              `json:"networks"`
}

var (
	exampleID    = "6f2b8f0a9c1e4d7e8b3a5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f9012"
	exampleState = containerState{ID: exampleID, Name: "web", Status: "running"}
	examplePorts = map[string][]hostPort{"80/tcp": {{"0.0.0.0", 8080}}}
)

var containersDoc = operation{
	query: []parameter{{"all", false, "those that do not run, too"}},
	gives: []containerInfo{{
		ID: exampleID, Name: "web", Image: []string{"nginx:alpine"}, Status: "running", State: "Up 5 minutes",
		ImageID: "sha256:1f0c9a77be", Command: "nginx -g 'daemon off;'", Created: time.Date(2026, 11, 23, 20, 11, 47, 0, time.UTC),
		Labels: map[string]string{"app": "site"}, Ports: examplePorts, Networks: []string{"bridge"},
	}},
	fails: []int{422},
}

// listContainers is GET /docker/containers.
func (s *Server) listContainers(c *fiber.Ctx) error {
	var wrong faults
	all := wrong.queryBool(c, "all")
	if len(wrong) > 0 {
		return unprocessable(wrong...)
	}
	containers, err := askEngine(s, callTime, func(ctx context.Context, e *docker.Engine) ([]docker.Container, error) {
		return e.Containers(ctx, all)
	})
	if err != nil {
		return err
	}
	list := make([]containerInfo, 0, len(containers))
	for _, one := range containers {
		list = append(list, containerInfo{
			ID: one.ID, Name: one.Name, Image: one.Image, Status: one.Status, State: one.State, ImageID: one.ImageID, Command: one.Command,
			Created: one.Created, Labels: one.Labels, Ports: portsOf(one), Networks: one.Networks,
		})
	}
	return c.JSON(list)
}

// askEngine gives a call of the engine so much time. A client that leaves does not end
// it: what was begun is finished.
func askEngine[T any](s *Server, within time.Duration, call func(context.Context, *docker.Engine) (T, error)) (answer T, err error) {
	e, err := s.engine()
	if err != nil {
		return answer, err
	}
	ctx, cancel := context.WithTimeout(context.Background(), within)
	defer cancel()
	return call(ctx, e)
}

// queryBool is a yes or no of the query, no where it is not given; anything else
// is a fault.
func (f *faults) queryBool(c *fiber.Ctx, name string) bool {
	switch c.Query(name) {
	case "", "false", "False", "0", "no", "off":
		return false
	case "true", "True", "1", "yes", "on":
		return true
	}
	f.wrong([]any{"query", name}, "bool")
	return false
}
