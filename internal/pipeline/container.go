package pipeline

import (
	"cmp"
	"context"
	"errors"
	"strconv"

	"hub/internal/docker"
)

// Run runs the run's image as a container, in place of what the hub runs of the same site or on the same port.
type Run struct {
	Image    string // "" is the image that was built or pulled
	HostPort int    // of the host, 1 to 65535
	Port     int    // of the container, TCP; 0 is 80
	Name     string // of the container; "" makes one of Prefix and six hex digits
	Prefix   string // "" is the stage's name
	Command  []string
	Env      map[string]string
	Restart  string // as docker.RunSpec has it; "" is no
}

// longestName leaves room for what candidates add to a name, which is a file's too.
const longestName = 128

// Kind is "run".
func (Run) Kind() string { return "run" }

func (s Run) check(before []Stage) error {
	switch {
	case s.HostPort == 0:
		return invalid("host_port", "it is missing: the port of the host that the container is to serve on")
	case s.HostPort < 1 || s.HostPort > 65535:
		return invalid("host_port", "%d cannot be a port of the host: it must be from 1 to 65535", s.HostPort)
	case s.Port < 0 || s.Port > 65535:
		return invalid("port", "%d cannot be a port of the container: it must be from 1 to 65535", s.Port)
	case s.Image == "" && !has(before, "build") && !has(before, "pull"):
		return invalid("image", "there is no image to run: name one, or build or pull it first")
	case len(s.Name) > longestName:
		return invalid("container_name", "%q is too long: a container's name has at most %d characters here", shorten(s.Name), longestName)
	}
	for _, other := range before {
		if run, ok := other.Step.(Run); ok && run.HostPort == s.HostPort {
			return invalid("host_port", "the stage %s runs on port %d already", other.name(), s.HostPort)
		}
	}
	spec := s.spec()
	spec.Image, spec.Name = cmp.Or(s.Image, "built"), s.Name
	err := new(docker.Engine).CheckRun(spec) // one that allows nothing of the host, and need not answer
	var bad *docker.Error
	named := map[string]string{"restart_policy": "restart", "name": "container_name"} // name is the stage's
	if errors.As(err, &bad) && named[bad.Field] != "" {
		return invalid(named[bad.Field], "%s", bad.Text)
	}
	return err
}

// spec is what a candidate and the container that stays have in common.
func (s Run) spec() docker.RunSpec {
	return docker.RunSpec{Image: s.Image, Command: s.Command, Env: s.Env, Restart: s.Restart}
}

func (s Run) about(*run) facts { return facts{"host_port": s.HostPort} }

func (s Run) do(ctx context.Context, r *run) (facts, error) {
	if err := r.takeTurn(ctx); err != nil {
		return nil, err
	}
	if err := r.removeStrays(ctx, s.HostPort, r.def.siteOf(r.def.Stages[r.stage])); err != nil {
		return nil, err
	}
	d, err := r.plan(ctx, r.stage)
	if err != nil {
		return nil, err
	}
	r.deploy = d
	if err := r.launch(ctx, d); err != nil {
		return nil, err
	}
	f := facts{"container_id": d.final.ID, "name": d.name, "image": d.image, "image_id": d.asked().ImageID}
	if d.candidate.ID != "" {
		f["candidate"] = map[string]any{"id": d.candidate.ID, "port": d.askedPort()}
	}
	r.result("run", map[string]any{"id": d.final.ID, "name": d.name, "status": d.asked().Status})
	if r.def.probed(r.stage) {
		return f, nil
	}
	return f, r.settle(ctx, d)
}

// removeStrays removes candidates of this hub that an earlier run of the site, or on the port, could not remove. Since that is this run's
// turn, no other has any.
func (r *run) removeStrays(ctx context.Context, port int, site string) error {
	ours, err := r.o.Engine.Labelled(ctx, map[string]string{labelOwner: r.instance.name})
	for _, c := range ours {
		if candidate(c) && (c.Labels[labelSite] == site || c.Labels[labelPort] == strconv.Itoa(port)) {
			if err := r.remove(ctx, c); err != nil {
				r.log.Warn("cannot remove a candidate of an earlier deploy", "container", c.Name, "error", err)
			}
		}
	}
	return err
}

// settle is what stands in for a probe where there is none: the container must stay up for a while, and then takes the port.
func (r *run) settle(ctx context.Context, d *deploy) error {
	if err := r.staysUp(ctx, d.asked()); err != nil {
		return err
	}
	return r.takeOver(ctx, d, func() error { return r.staysUp(ctx, d.final) })
}

// probed reports whether a probe asks what the run stage at i has started.
func (d Definition) probed(i int) bool {
	for _, s := range d.Stages[i+1:] {
		switch s.Step.Kind() {
		case "probe":
			return true
		case "run":
			return false
		}
	}
	return false
}

// result adds to what the summary says beside the stages.
func (r *run) result(name string, value any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.rec.result[name] = value
}
