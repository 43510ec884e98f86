package pipeline

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"hub/internal/docker"
	"hub/internal/lines"
)

// candidateSuffix is what a candidate's name ends in.
const candidateSuffix = "-candidate"

// deploy is a run stage's container on its way to its port.
type deploy struct {
	spec  Run
	site  string
	port  int                // of the host
	name  string             // that the container has in the end
	image string             // as people know it
	old   []docker.Container // what it replaces, running or not
	held  bool               // one of old holds the port

	unique    string           // that it has until then, which no other has ever had
	candidate docker.Container // without an ID where the port was free
	final     docker.Container // that stays

	stopped []string // ids of old ones that have been told to stop
	proven  bool     // nothing is taken back any more
}

// holders names what is to be replaced on the port, and what it is of where that is another site.
func (d *deploy) holders() string {
	var names []string
	for _, c := range d.old {
		if !c.Ports.Publish(d.port) {
			continue
		}
		name := c.Name
		if site := c.Labels[labelSite]; site != d.site {
			name += " (" + site + ")"
		}
		names = append(names, name)
	}
	return strings.Join(names, " and ")
}

// asked is the container that shows whether the image is fit to serve.
func (d *deploy) asked() docker.Container {
	if d.candidate.ID != "" {
		return d.candidate
	}
	return d.final
}

// containerPort is the one that is published, as the engine names it.
func (d *deploy) containerPort() string { return strconv.Itoa(cmp.Or(d.spec.Port, 80)) + "/tcp" }

// askedPort is where asked is reached on the host.
func (d *deploy) askedPort() int {
	if d.candidate.ID == "" {
		return d.port
	}
	for _, host := range d.candidate.Ports[d.containerPort()] {
		if host.Port != 0 {
			return host.Port
		}
	}
	return 0
}

// plan finds out what the run stage at i replaces. Errors are of what stands in its way: somebody else who has the port or the name.
func (r *run) plan(ctx context.Context, i int) (*deploy, error) {
	stage := r.def.Stages[i]
	s := stage.Step.(Run)
	d := &deploy{spec: s, site: r.def.siteOf(stage), port: s.HostPort, name: s.Name}
	d.image = cmp.Or(s.Image, r.made.tag, r.made.image)
	ours, err := r.o.Engine.Labelled(ctx, map[string]string{labelSite: ""})
	if err != nil {
		return nil, err
	}
	for _, c := range ours {
		if !candidate(c) && (c.Labels[labelSite] == d.site || c.Labels[labelPort] == strconv.Itoa(d.port)) {
			d.old = append(d.old, c)
		}
	}
	if d.held, err = r.checkPort(ctx, d); err != nil {
		return nil, err
	}
	return d, r.nameContainer(ctx, d, cmp.Or(s.Prefix, stage.name()))
}

// nameContainer finds a name for a container. One that was asked for it gets at its end: until then whoever it replaces may have that.
func (r *run) nameContainer(ctx context.Context, d *deploy, prefix string) error {
	d.unique = cmp.Or(d.name, prefix) + "-" + randomName()[:6]
	if d.name == "" {
		d.name = d.unique
		return nil
	}
	c, err := r.o.Engine.Container(ctx, d.name)
	switch {
	case errors.Is(err, docker.ErrNotFound), err == nil && c.Name != d.name: // whose id begins so
		return nil
	case err == nil && !d.replaces(c.ID):
		return fail(docker.ErrConflict, "the name %s is that of a container which the hub did not deploy here: remove it, or choose another name", d.name)
	}
	return err
}

// replaces reports whether a container is among the old ones.
func (d *deploy) replaces(id string) bool {
	for _, c := range d.old {
		if c.ID == id {
			return true
		}
	}
	return false
}

// siteOf is what a run stage deploys. Where there are several of them each is a site of its own.
func (d Definition) siteOf(stage Stage) string {
	runs := 0
	for _, s := range d.Stages {
		if s.Step.Kind() == "run" {
			runs++
		}
	}
	if runs > 1 {
		return d.Site + "/" + stage.name()
	}
	return d.Site
}

// launch starts the container on its port, or where an old one has that a candidate, and makes the container that takes its place.
func (r *run) launch(ctx context.Context, d *deploy) error {
	if err := r.instance.mark(d.unique, unproven); err != nil {
		return err
	}
	spec := d.spec.spec()
	spec.Image = cmp.Or(spec.Image, r.made.image)
	spec.Name, spec.Labels = d.unique, d.labels(r)
	spec.Ports = docker.Ports{d.containerPort(): {{Port: d.port}}}
	if err := r.fetch(ctx, spec); err != nil {
		return err
	}
	if !d.held {
		var err error
		d.final, err = r.o.Engine.Run(ctx, spec, r)
		return r.orHolder(ctx, d, err)
	}
	trial := spec
	trial.Name, trial.Labels = d.unique+candidateSuffix, d.labels(r)
	trial.Labels[labelCandidate] = "true"
	trial.Ports = docker.Ports{d.containerPort(): {{Address: r.nearby()}}}
	var err error
	if d.candidate, err = r.o.Engine.Run(ctx, trial, r); err != nil {
		return err
	}
	spec.Image = d.candidate.ImageID // whatever the name has come to stand for meanwhile
	d.final, err = r.o.Engine.Create(ctx, spec)
	if err == nil {
		r.tell("%s is tried while %s goes on to serve on port %d", d.candidate.Name, d.holders(), d.port)
	}
	return err
}

// fetch pulls an image that the engine has none of, with the run's credentials. A run that does not come to its end lets go of it.
func (r *run) fetch(ctx context.Context, spec docker.RunSpec) error {
	missing, err := r.o.Engine.Prepare(ctx, spec)
	if err != nil || !missing {
		return err
	}
	m, err := r.moves(ctx, spec.Image)
	if err != nil {
		return err
	}
	pulled, err := r.o.Engine.Pull(ctx, docker.PullSpec{Ref: spec.Image, Field: "image", Login: r.login(spec.Image)}, r)
	m.after = pulled.ID // none where it failed
	return err
}

// nearby is the address that candidates are published on: that of the host alone, where the hub is there too.
func (r *run) nearby() string {
	if r.local() {
		return "127.0.0.1"
	}
	return ""
}

// local reports whether the engine's host is the hub's.
func (r *run) local() bool { return r.o.Engine.PublishedHost() == "localhost" }

// takeTurn waits until no other run deploys to the sites and ports of this one. It is one turn for all run stages.
func (r *run) takeTurn(ctx context.Context) (err error) {
	if r.turn != nil {
		return nil
	}
	var keys []string
	for _, s := range r.def.Stages {
		if run, ok := s.Step.(Run); ok {
			keys = append(keys, siteKey(r.def.siteOf(s)), portKey(strconv.Itoa(run.HostPort)))
		}
	}
	r.turn, err = r.ports.take(ctx, "pipeline "+r.task.ID(), keys, func(key, whose string) {
		r.tell("waiting for %s, which deploys to the same %s", whose, key[:4])
	})
	return err
}

// Keys of turns. The first four letters are a word for people.
func siteKey(site string) string { return "site:" + site }
func portKey(port string) string { return "port:" + port }

// tell adds a line of the hub's own to the current stage.
func (r *run) tell(format string, args ...any) {
	line := lines.AppendString([]byte(`{"line":`), fmt.Sprintf(format, args...))
	_ = r.Publish("line", append(line, '}'))
}
