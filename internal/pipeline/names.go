package pipeline

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"hub/internal/docker"
)

// keptNames is what the names begin with under which images are kept for retries.
const keptNames = "hub-kept/"

// keptNames is the same of those that one hub keeps.
func (i *instance) keptNames() string { return keptNames + i.name + "-" }

// keepImage gives an image of the run's a name of the hub's own, so that it stays when the name that is its user's goes elsewhere. What
// had the hub's name before is needed no more, and goes unless it has another.
func (r *run) keepImage(ctx context.Context, id string) error {
	if r.made.kept == id {
		return nil
	}
	if r.made.kept != "" {
		if err := r.o.Engine.Untag(ctx, r.made.keptRepo+":latest"); err != nil && !errors.Is(err, docker.ErrConflict) {
			return err
		}
	}
	_, err := r.o.Engine.Tag(ctx, id, r.made.keptRepo, "latest")
	if err == nil {
		r.made.kept = id
	}
	return err
}

// moved is an image name that the run has given to another image.
type moved struct {
	before string // the id that it stood for; "" for none
	after  string // that it stands for since; "" where that is not known
}

// name gives the run's image a name. A run that does not come to its end puts back what it was.
func (r *run) name(ctx context.Context, name string) error {
	m, err := r.moves(ctx, name)
	if err != nil {
		return err
	}
	repo, tag, _ := cutTag(name)
	_, err = r.o.Engine.Tag(ctx, r.made.image, repo, tag)
	m.after, r.made.tag = r.made.image, name
	return err
}

// nameAgain gives the image that a retry has taken over the names that stages gave it which are not run again: the end of the run that
// failed took them away. Once the image has been deployed they stayed, and may be another's by now.
func (r *run) nameAgain(ctx context.Context) error {
	reused := r.def.Stages[:r.rec.from]
	if has(reused, "run") {
		return nil
	}
	var names []string
	made := false // by the last build or pull
	for i, s := range reused {
		f := r.rec.stages[i].Facts
		name, _ := f["repo_tag"].(string)
		switch s.Step.(type) {
		case Build:
			names, made = nil, f["image_id"] == r.made.image
		case Pull:
			names, made = nil, f["image_id"] == r.made.image
			name = fmt.Sprint(f["name"], ":", f["tag"])
		case Push:
		default:
			continue
		}
		if made && name != "" && !strings.Contains(name, "sha256:") {
			names = append(names, name)
		}
	}
	for _, name := range names {
		if err := r.name(ctx, name); err != nil {
			return err
		}
	}
	return nil
}

// moves takes note of what a name stands for, before the run gives it to another image.
func (r *run) moves(ctx context.Context, name string) (*moved, error) {
	if m := r.named[name]; m != nil {
		return m, nil
	}
	if err := r.undoAgain(ctx); err != nil { // an earlier run may have something to put back here
		return nil, err
	}
	before, _, err := r.o.Engine.ImageID(ctx, name)
	if err != nil {
		return nil, err
	}
	m := &moved{before: before}
	r.named[name] = m
	r.undo = append(r.undo, func(ctx context.Context) error { return r.putBack(ctx, name, m) })
	return m, nil
}

// putBack has a name stand for what it did before, unless somebody else has given it to another image since.
func (r *run) putBack(ctx context.Context, name string, m *moved) error {
	now, there, err := r.o.Engine.ImageID(ctx, name)
	if err != nil || now == m.before || there && m.after != "" && now != m.after {
		return err
	}
	if there { // with the name go the digests that the image has by it, so that nothing of it stays
		if err := r.o.Engine.Untag(ctx, name); err != nil {
			return err
		}
	}
	if m.before == "" {
		return nil
	}
	repo, tag, _ := cutTag(name)
	_, err = r.o.Engine.Tag(ctx, m.before, repo, tag)
	return err
}

// namesStay has the names that the run gave its image stay, whatever becomes of it: a container of that image serves.
func (r *run) namesStay() { r.undo, r.named = nil, map[string]*moved{} }

// tagOr is a name, or where there is none that of the run's image.
func (r *run) tagOr(name string) string {
	if name != "" {
		return name
	}
	return r.made.tag
}

// login is what the run knows of the registry of an image: nil for no more than the hub does.
func (r *run) login(name string) *docker.Login {
	repo, _, _ := cutTag(name)
	host, err := docker.RegistryOf("repo_tag", repo)
	if err != nil {
		return nil
	}
	for i := range r.made.logins {
		if l := &r.made.logins[len(r.made.logins)-1-i]; l.Registry == host {
			return l
		}
	}
	return nil
}
