package http

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"hub/internal/pipeline"
)

// stageBody is a stage of a pipeline of one's own. The tag of names the kinds that
// take a field; kind and name are everybody's.
type stageBody struct {
	Kind string `json:"kind" check:"required" enum:"clone,shell,build,login,push,pull,run,probe"`
	Name string `json:"name" description:"the stage's, in its events, one of its own in the pipeline; its kind by default"`

	RepoURL string `json:"repo_url" of:"clone" description:"clone: the repository, by http, https or ssh"`
	Ref     string `json:"ref" of:"clone" description:"clone: its branch, tag or whole commit id; its default branch by default"`

	Cmd string `json:"cmd" of:"shell" description:"shell: run by /bin/sh -c in the clone's files"`

	RepoTag    string            `json:"repo_tag" of:"build,push,pull" description:"build: the image's name; push, pull: which image, what was built by default"`
	Context    string            `json:"context" of:"build" description:"build: a folder of the clone's files; all of them by default"`
	Dockerfile string            `json:"dockerfile" of:"build" description:"build: relative to the context; Dockerfile by default"`
	Inline     string            `json:"dockerfile_content" of:"build" description:"build: a Dockerfile, used in place of one of the files"`
	BuildArgs  map[string]string `json:"build_args" of:"build" check:"loose" description:"build: values for the Dockerfile's ARGs; those whose names look secret are masked in events"`
	Target     string            `json:"target" of:"build" description:"build: the stage of the Dockerfile to stop at"`
	Platform   string            `json:"platform" of:"build" description:"build: such as linux/arm64; the engine's own by default"`
	NoCache    bool              `json:"no_cache" of:"build" description:"build: run each step again"`
	Pull       bool              `json:"pull" of:"build" description:"build: ask the registry for newer base images"`

	Registry string `json:"registry" of:"login" description:"login: the registry's host; that of the pipeline's first image by default"`
	Username string `json:"username" of:"clone,login" check:"loose" description:"clone: over one in repo_url; login: the hub's DOCKERHUB_USERNAME by default, else what the hub is logged in with"`
	Password string `json:"password" of:"clone,login" check:"loose" description:"clone, login: that user's, or a token; kept in memory for this pipeline alone, and never shown"`

	Digest string `json:"digest" of:"pull" description:"pull: what the image must be, sha256:…; what was pushed by default"`

	Image     string            `json:"image" of:"run" description:"run: the image; what was built or pulled by default"`
	HostPort  int               `json:"host_port" of:"run" check:"loose" description:"run: where it is served, of the engine's host"`
	Port      int               `json:"port" of:"run" check:"loose" description:"run: where the container listens; 80 by default"`
	Container string            `json:"container_name" of:"run" description:"run: the container's; made of the stage's name by default"`
	Command   json.RawMessage   `json:"command" of:"run" types:"string,array" description:"run: one string, split as a shell splits words (no shell sees it), or a list of words; the image's by default"`
	Env       map[string]string `json:"env" of:"shell,run" check:"loose" description:"shell, run: variables"`
	Restart   string            `json:"restart" of:"run" description:"run: no, the default, always, unless-stopped, on-failure or on-failure:5"`

	Path    string  `json:"path" of:"probe" description:"probe: what the container is asked for; / by default"`
	Timeout float64 `json:"timeout" of:"probe" check:"loose" description:"probe: seconds that it may take to answer, at most 600; 30 by default"`
	Status  int     `json:"status" of:"probe" check:"loose" description:"probe: that the answer must have; any under 400 by default"`
}

// step is what the stage does, as number i of its pipeline.
func (b stageBody) step(i int) (pipeline.Step, error) {
	switch b.Kind {
	case "clone":
		return pipeline.Clone{RepoURL: b.RepoURL, Ref: b.Ref, Username: b.Username, Password: b.Password}, nil
	case "shell":
		return pipeline.Shell{Cmd: b.Cmd, Env: b.Env}, nil
	case "build":
		return pipeline.Build{
			RepoTag: b.RepoTag, Context: b.Context, Dockerfile: b.Dockerfile, Inline: b.Inline, Args: b.BuildArgs,
			Target: b.Target, Platform: b.Platform, NoCache: b.NoCache, Pull: b.Pull,
		}, nil
	case "login":
		return pipeline.Login{Registry: b.Registry, Username: b.Username, Password: b.Password}, nil
	case "push":
		return pipeline.Push{RepoTag: b.RepoTag}, nil
	case "pull":
		return pipeline.Pull{RepoTag: b.RepoTag, Digest: b.Digest}, nil
	case "run":
		command, err := argv(fmt.Sprintf("stages.%d.command", i), b.Command)
		return pipeline.Run{
			Image: b.Image, HostPort: b.HostPort, Port: b.Port, Name: b.Container, Command: command, Env: b.Env, Restart: b.Restart,
		}, err
	}
	return pipeline.Probe{Path: b.Path, Timeout: inSeconds(b.Timeout), Status: b.Status}, nil
}

// stageKinds are the kinds of stages, in the order in which a pipeline has them.
var stageKinds = []string{"clone", "shell", "build", "login", "push", "pull", "run", "probe"}

// checkStages looks for kinds that there are not, and for parameters that a kind
// does not take: they would change what is deployed without a word. text is a body
// that was decoded.
func checkStages(text []byte) error {
	var body map[string]json.RawMessage // whose keys are exact, unlike a struct's
	var stages []map[string]json.RawMessage
	if err := errors.Join(json.Unmarshal(text, &body), json.Unmarshal(body["stages"], &stages)); err != nil {
		return err
	}
	var found faults
	for i, stage := range stages {
		loc := []any{"body", "stages", i}
		var kind string
		_ = json.Unmarshal(stage["kind"], &kind) // a text, since it was decoded as one
		if !slices.Contains(stageKinds, kind) {
			found = append(found, fault{under(loc, "kind"), fmt.Sprintf("kind %q is not known: it is one of %s", shorten(kind), strings.Join(stageKinds, ", ")), "value_error"})
			continue
		}
		takes := parametersOf(kind)
		for _, key := range slices.Sorted(maps.Keys(stage)) {
			if slices.Contains(takes, key) || string(stage[key]) == "null" {
				continue
			}
			found = append(found, fault{under(loc, key), fmt.Sprintf("a stage of kind %s has no such parameter: it has %s", kind, strings.Join(takes, ", ")), "value_error.extra"})
		}
	}
	if len(found) == 0 {
		return nil
	}
	return unprocessable(found...)
}

// parametersOf are the keys that a stage of a kind may have.
func parametersOf(kind string) (keys []string) {
	t := reflect.TypeFor[stageBody]()
	for i := range t.NumField() {
		field := t.Field(i)
		of, some := field.Tag.Lookup("of")
		if !some || slices.Contains(strings.Split(of, ","), kind) {
			keys = append(keys, field.Tag.Get("json"))
		}
	}
	return keys
}
