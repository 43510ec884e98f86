package pipeline

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"

	"hub/internal/docker"
	"hub/internal/mask"
)

// Types of tasks.
const (
	TypeHTMLSite = "html_site_pipeline"
	TypeOwn      = "pipeline"
)

// Definition says what a pipeline does.
type Definition struct {
	Type    string            // of its task: TypeHTMLSite or TypeOwn
	Site    string            // what it deploys: a new run replaces the container of an older one of the same site
	Stages  []Stage           // at least one
	Secrets map[string]string // by name: in the environment of shell stages, and never shown
	About   map[string]any    // what the task's status events say of it; the runner adds the stages' names

	fields map[string]string // what a parameter is called in the request, by its path
}

// Stage is one step of a pipeline, by its name.
type Stage struct {
	Name string // unique in its pipeline: letters, digits, "_", "." and "-"; "" is the step's kind
	Step Step
}

// Step is what a stage does: [Clone], [Shell], [Build], [Login], [Push], [Pull], [Run] or [Probe].
type Step interface {
	// Kind is the step's word, such as "clone".
	Kind() string
	// check says what is wrong with the parameters, before anything runs: a [docker.Error] with the parameter as its field.
	check(before []Stage) error
	// about are the facts of the stage that are known before it runs.
	about(r *run) facts
	// do runs the stage. What it adds to the facts is there with an error, too.
	do(ctx context.Context, r *run) (facts, error)
}

// facts are what a stage's events say beside its name and status.
type facts map[string]any

// mostStages bounds a definition: each stage stands in the task's events for as long as the task is kept.
const mostStages = 50

var nameGrammar = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$`)

// Check says what is wrong with the definition: a [docker.Error] of kind ErrInvalid, with the field by its path, such as
// "stages.2.repo_tag".
func (d Definition) Check() error {
	if len(d.Stages) == 0 || len(d.Stages) > mostStages {
		return invalid("stages", "a pipeline has from 1 to %d stages", mostStages)
	}
	seen := map[string]bool{}
	for i, s := range d.Stages {
		field := fmt.Sprintf("stages.%d.", i)
		name := s.name()
		switch {
		case !nameGrammar.MatchString(name):
			return invalid(field+"name", `%q cannot be a stage's name: it is of up to 64 letters, digits, "_", "." and "-"`, name)
		case seen[name]:
			return invalid(field+"name", "there are two stages %q: give one of them another name", name)
		}
		seen[name] = true
		if err := s.Step.check(d.Stages[:i]); err != nil {
			return d.within(i, err)
		}
	}
	if err := mask.Check(d.Secrets); err != nil {
		return invalid("secrets", "%s", err)
	}
	for name := range d.Secrets {
		if !variable.MatchString(name) {
			return invalid("secrets", "%q cannot be a secret's name: it is that of a variable, such as NPM_TOKEN", name)
		}
	}
	return nil
}

// variable is the grammar of an environment variable's name.
var variable = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

func (s Stage) name() string {
	if s.Name == "" {
		return s.Step.Kind()
	}
	return s.Name
}

// find is the position of a stage by its name, -1 without one.
func (d Definition) find(name string) int {
	return slices.IndexFunc(d.Stages, func(s Stage) bool { return s.name() == name })
}

// secrets are all values that must not be shown.
func (d Definition) secrets() []string {
	all := slices.Collect(maps.Values(d.Secrets))
	for _, s := range d.Stages {
		if holder, ok := s.Step.(interface{ secrets() []string }); ok {
			all = append(all, holder.secrets()...)
		}
	}
	return all
}

// has reports whether there is a step of a kind among stages.
func has(stages []Stage, kind string) bool {
	return slices.ContainsFunc(stages, func(s Stage) bool { return s.Step.Kind() == kind })
}

func invalid(field, format string, args ...any) error {
	return &docker.Error{Kind: docker.ErrInvalid, Field: field, Text: fmt.Sprintf(format, args...)}
}

func fail(kind error, format string, args ...any) error {
	return &docker.Error{Kind: kind, Text: fmt.Sprintf(format, args...)}
}

// within gives an error of stage i's parameter the path of that, or the name that the request has for it.
func (d Definition) within(i int, err error) error {
	var bad *docker.Error
	if !errors.As(err, &bad) || bad.Field == "" {
		return err
	}
	path := fmt.Sprintf("stages.%d.%s", i, bad.Field)
	return &docker.Error{Kind: bad.Kind, Field: cmp.Or(d.fields[path], path), Text: bad.Text}
}
