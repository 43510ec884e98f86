package http

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"github.com/swaggest/openapi-go/openapi31"
)

// groups are the parts that the document falls into, in their order.
var groups = []struct{ name, about string }{
	{"Images", "Building, pulling, pushing and keeping images. What takes long is a task."},
	{"Containers", "Running containers, looking at them, and commands in them."},
	{"Files", "Files in a container, running or not."},
	{"Volumes and networks", "What containers share."},
	{"Tasks", "What runs, has run, or waits; each task's events are the topic tasks/ID."},
	{"Pipelines", "Deploying: stages that run one after another as one task, are watched, and are retried from where they failed."},
	{"Streams", "Topics: reading them on any transport, and publishing."},
	{"System", "The machine that the hub runs on."},
	{"Hub", "The hub itself."},
}

// groupsByPath are those of routes, by the beginning of a path; the first that fits is it.
var groupsByPath = []struct{ path, name string }{
	{"/docker/container/fs/", "Files"},
	{"/docker/volume/", "Volumes and networks"},
	{"/docker/network/", "Volumes and networks"},
	{"/docker/build", "Images"}, {"/docker/images", "Images"}, {"/docker/rmi", "Images"}, {"/docker/tag", "Images"}, {"/docker/login", "Images"},
	{"/docker/push", "Images"}, {"/docker/pull", "Images"}, {"/docker/save", "Images"}, {"/docker/load", "Images"},
	{"/docker/", "Containers"},
	{"/tasks", "Tasks"},
	{"/pipeline", "Pipelines"},
	{"/stream", "Streams"}, {"/topics", "Streams"},
	{"/system", "System"},
	{"/", "Hub"},
}

func groupOf(path string) string {
	for _, g := range groupsByPath {
		if strings.HasPrefix(path, g.path) {
			return g.name
		}
	}
	return ""
}

// id is the operation's name, made of method and path: postDockerBuildStart.
func (r route) id() string {
	var id strings.Builder
	id.WriteString(strings.ToLower(r.method))
	upper := true
	for _, c := range cmp.Or(strings.Trim(r.template(), "/"), "root") {
		switch {
		case !unicode.IsLetter(c) && !unicode.IsDigit(c):
			upper = true
		case upper:
			id.WriteRune(unicode.ToUpper(c))
			upper = false
		default:
			id.WriteRune(c)
		}
	}
	return id.String()
}

// template is the path as OpenAPI writes it.
func (r route) template() string {
	steps := strings.Split(r.path, "/")
	for i, step := range steps {
		if name := placeOf(r.path, step); name != "" {
			steps[i] = "{" + name + "}"
		}
	}
	return strings.Join(steps, "/")
}

// placeOf is the name of the parameter that stands at a step of the path, "" for a word.
func placeOf(path, step string) string {
	switch {
	case step == "*" && strings.HasPrefix(path, "/stream"):
		return "topic"
	case step == "*" && strings.HasPrefix(path, "/ui"):
		return "view"
	case step == "*":
		return "file"
	case strings.HasPrefix(step, ":"):
		return step[1:]
	}
	return ""
}

// pathParameters are the parameters of paths, where a route does not tell of them itself.
var pathParameters = []parameter{
	{"topic", "ci/build-42", "The topic: 1 to 8 segments of letters, digits and _ . : @ -, joined by slashes. In a subscription * stands for one segment, a last ** for any rest."},
	{"file", "index.html", "The file's name."},
	{"view", "containers/web/log", "The view, and what it shows."},
	{"task_id", "docker_build-1f0c9a77be", "The task's id."},
	{"id_or_name", "web", "The container's id, the beginning of it, or its name."},
	{"name", "web", "The container's id, the beginning of it, or its name."},
}

// parameters are those of a route's path and query.
func (w *writer) parameters(r route) (all []openapi31.ParameterOrReference, err error) {
	add := func(p parameter, in openapi31.ParameterIn, required bool) {
		schema, e := w.of(&w.given, p.example)
		if e != nil {
			err = e
		}
		made := (&openapi31.Parameter{}).WithName(p.name).WithIn(in).WithDescription(p.about).WithSchema(schema).WithExample(p.example)
		if required {
			made.WithRequired(true)
		}
		all = append(all, openapi31.ParameterOrReference{Parameter: made})
	}
	var placed []string
	for step := range strings.SplitSeq(r.path, "/") {
		name := placeOf(r.path, step)
		if name == "" {
			continue
		}
		named := func(p parameter) bool { return p.name == name }
		from := r.doc.query
		if !slices.ContainsFunc(from, named) || name == "topic" {
			from = pathParameters
		}
		if at := slices.IndexFunc(from, named); at >= 0 {
			add(from[at], openapi31.ParameterInPath, true)
		}
		placed = append(placed, name)
	}
	for _, p := range r.doc.query {
		if !slices.Contains(placed, p.name) || p.name == "topic" {
			add(p, openapi31.ParameterInQuery, slices.Contains(r.doc.needs, p.name))
		}
	}
	return all, err
}
