package docker

import (
	"context"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	containertypes "github.com/docker/docker/api/types/container"
	imagetypes "github.com/docker/docker/api/types/image"
	"golang.org/x/sync/errgroup"
)

// Container is one, as a list has it and as an action leaves it.
type Container struct {
	ID       string
	Name     string   // without a slash
	Image    []string // the tags that its image has now, in lists only; none where the image has lost them
	ImageID  string   // "sha256:…"
	Status   string   // created, running, paused, restarting, removing, exited or dead
	State    string   // the same as a sentence, such as "Up 5 minutes", in lists only
	ExitCode int      // of the last run; 0 before its end, and in lists
	Created  time.Time
	Command  string            // with its arguments; in lists as the engine cuts it
	Labels   map[string]string // never nil
	Ports    Ports
	Networks []string // their names, sorted
	Warnings []string // of the action that led here
}

// Containers lists the running containers, or all of them, the newest first: one
// call for all, and one for the tags of their images.
func (e *Engine) Containers(ctx context.Context, all bool) ([]Container, error) {
	return e.list(ctx, containertypes.ListOptions{All: all})
}

func (e *Engine) list(ctx context.Context, o containertypes.ListOptions) ([]Container, error) {
	var containers []containertypes.Summary
	tags := map[string][]string{}
	e.agree(ctx)
	both, ctx2 := errgroup.WithContext(ctx)
	both.Go(func() (err error) {
		containers, err = e.api().ContainerList(ctx2, o)
		return err
	})
	both.Go(func() error {
		images, err := e.api().ImageList(ctx2, imagetypes.ListOptions{})
		for _, image := range images {
			tags[image.ID] = realTags(image.RepoTags)
		}
		return err
	})
	if err := both.Wait(); err != nil {
		return nil, e.explain(ctx, "cannot list the containers", err)
	}
	list := make([]Container, len(containers))
	for i := range containers {
		list[i] = listed(&containers[i], tags)
	}
	return list, nil
}

func listed(c *containertypes.Summary, tags map[string][]string) Container {
	one := Container{
		ID: c.ID, Name: nameOf(c.Names), Image: tags[c.ImageID], ImageID: c.ImageID, Status: string(c.State), State: c.Status,
		Created: time.Unix(c.Created, 0).UTC(), Command: c.Command, Labels: orEmpty(c.Labels), Ports: listedPorts(c.Ports), Networks: []string{},
	}
	if one.Image == nil {
		one.Image = []string{}
	}
	if c.NetworkSettings != nil {
		one.Networks = slices.AppendSeq(one.Networks, maps.Keys(c.NetworkSettings.Networks))
		slices.Sort(one.Networks)
	}
	return one
}

// nameOf is a container's own name; those that links give it have a slash within.
func nameOf(names []string) string {
	for _, name := range names {
		if name = strings.TrimPrefix(name, "/"); !strings.Contains(name, "/") {
			return name
		}
	}
	return ""
}

// realTags leaves out what stands for none.
func realTags(tags []string) []string {
	return slices.DeleteFunc(slices.Clone(tags), func(tag string) bool { return tag == "<none>:<none>" })
}

// Container finds one by its name, its id, or the start of its id.
func (e *Engine) Container(ctx context.Context, idOrName string) (Container, error) {
	return e.container(ctx, "cannot find container", idOrName)
}

// container finds one for something that is tried with it. All that acts on a
// container finds it so, and goes on with its full id: no text of a client's is
// part of a call's address.
func (e *Engine) container(ctx context.Context, tried, idOrName string) (Container, error) {
	r, err := e.inspect(ctx, tried, idOrName)
	if err != nil {
		return Container{}, err
	}
	return inspected(r), nil
}

// running is container for what needs it to run.
func (e *Engine) running(ctx context.Context, tried, idOrName string) (Container, error) {
	c, err := e.container(ctx, tried, idOrName)
	if err == nil && c.Status != "running" && c.Status != "paused" && c.Status != "restarting" {
		return c, fail(ErrConflict, "%s %s: it does not run, it is %s", tried, c.Name, c.Status)
	}
	return c, err
}

// idGrammar is that of names and ids, as the engine has it.
var idGrammar = regexp.MustCompile(`^[a-zA-Z0-9][a-zA-Z0-9_.-]*$`)

func (e *Engine) inspect(ctx context.Context, tried, idOrName string) (containertypes.InspectResponse, error) {
	if idOrName == "" {
		return containertypes.InspectResponse{}, invalid("id_or_name", "it must name a container")
	}
	if !idGrammar.MatchString(idOrName) {
		return containertypes.InspectResponse{}, fail(ErrNotFound, "%s: there is none named %q", tried, shorten(idOrName))
	}
	r, err := e.api().ContainerInspect(ctx, idOrName)
	if err != nil {
		return r, e.explain(ctx, tried+" "+shorten(idOrName), err)
	}
	return r, nil
}

func inspected(r containertypes.InspectResponse) Container {
	c := Container{
		ID: r.ID, Name: strings.TrimPrefix(r.Name, "/"), Image: []string{}, ImageID: r.Image,
		Command: strings.Join(append([]string{r.Path}, r.Args...), " "), Labels: map[string]string{}, Ports: Ports{}, Networks: []string{},
	}
	c.Created, _ = time.Parse(time.RFC3339Nano, r.Created)
	if r.State != nil {
		c.Status, c.ExitCode = string(r.State.Status), r.State.ExitCode
	}
	if r.Config != nil {
		c.Labels = orEmpty(r.Config.Labels)
	}
	if r.NetworkSettings != nil {
		c.Ports = boundPorts(r.NetworkSettings.Ports)
		c.Networks = slices.Sorted(maps.Keys(r.NetworkSettings.Networks))
	}
	return c
}

func orEmpty(labels map[string]string) map[string]string {
	if labels == nil {
		return map[string]string{}
	}
	return labels
}
