package docker

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	cerrdefs "github.com/containerd/errdefs"
)

// Inspected is all that there is to know of a container.
type Inspected struct {
	Container                 // with the tags of its image
	Env       []string        // "NAME=value", the values of secret names masked
	Engine    json.RawMessage // the engine's own object, with Env in the same way
}

// Inspect tells all about a container. What its environment says under a name that
// looks secret is masked; nothing else is.
func (e *Engine) Inspect(ctx context.Context, idOrName string) (Inspected, error) {
	c, err := e.inspect(ctx, "cannot inspect container", idOrName)
	if err != nil {
		return Inspected{}, err
	}
	tried := "cannot inspect container " + strings.TrimPrefix(c.Name, "/")
	r, raw, err := e.api().ContainerInspectWithRaw(ctx, c.ID, false)
	if err != nil {
		return Inspected{}, e.explain(ctx, tried, err)
	}
	all := Inspected{Container: inspected(r), Env: []string{}}
	if r.Config != nil {
		all.Env = maskEnvironment(r.Config.Env)
	}
	if all.Engine, err = withEnvironment(raw, all.Env); err != nil {
		return Inspected{}, e.explain(ctx, tried, err)
	}
	image, err := e.api().ImageInspect(ctx, r.Image)
	if err != nil && !cerrdefs.IsNotFound(err) {
		return Inspected{}, e.explain(ctx, tried, err)
	}
	all.Image = append(all.Image, realTags(image.RepoTags)...)
	return all, nil
}

// withEnvironment is the engine's object with another Config.Env. All else stays
// as the engine, however new, has written it.
func withEnvironment(raw []byte, env []string) (json.RawMessage, error) {
	var whole, config map[string]json.RawMessage
	if err := json.Unmarshal(raw, &whole); err != nil {
		return nil, err
	}
	if err := json.Unmarshal(whole["Config"], &config); err != nil {
		return nil, err
	}
	var err error
	if config["Env"], err = json.Marshal(env); err != nil {
		return nil, err
	}
	if whole["Config"], err = json.Marshal(config); err != nil {
		return nil, err
	}
	return json.Marshal(whole)
}

// maskEnvironment hides the values of names that look secret.
func maskEnvironment(env []string) []string {
	masked := slices.Clone(env)
	for i, entry := range masked {
		if name, _, _ := strings.Cut(entry, "="); secretName(name) {
			masked[i] = name + "=***"
		}
	}
	return masked
}

// Processes are those of a container, as ps shows them.
type Processes struct {
	Titles []string   // of the columns, such as "PID" and "CMD"
	Rows   [][]string // a process each
}

// Top lists the processes of a container that runs.
func (e *Engine) Top(ctx context.Context, idOrName string) (Container, Processes, error) {
	c, err := e.running(ctx, "cannot list the processes of container", idOrName)
	if err != nil {
		return c, Processes{}, err
	}
	top, err := e.api().ContainerTop(ctx, c.ID, nil)
	return c, Processes{top.Titles, top.Processes}, e.explain(ctx, "cannot list the processes of container "+c.Name, err)
}
