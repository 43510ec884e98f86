package http

import "hub/internal/docker"

// buildMore is what every build route takes beyond what the older service did.
type buildMore struct {
	GitURL   string            `json:"git_url" description:"a repository to build in place of a folder, by http, https or ssh"`
	Ref      string            `json:"ref" description:"its branch, tag or commit; its default branch by default"`
	Target   string            `json:"target" description:"the stage to stop at"`
	NoCache  bool              `json:"no_cache" description:"run each step again"`
	Pull     bool              `json:"pull" description:"ask the registry for newer base images"`
	Platform string            `json:"platform" description:"such as linux/arm64; the engine's own by default"`
	Labels   map[string]string `json:"labels" check:"loose" description:"of the image"`
	TaskID   string            `json:"task_id" description:"the task's id; one is made by default"`
}

// buildBody is the body of /docker/build.
type buildBody struct {
	Path       string            `json:"path" description:"the folder to build, of the hub's host; the hub's own working directory by default"`
	Tag        string            `json:"tag" description:"the image's name"`
	Dockerfile string            `json:"dockerfile" description:"relative to the folder; Dockerfile by default"`
	BuildArgs  map[string]string `json:"build_args" check:"loose" description:"values for the Dockerfile's ARGs; those whose names look secret are masked in events"`
	buildMore
}

// inlineBody are the fields of a Dockerfile that comes with the request.
type inlineBody struct {
	Content string `json:"dockerfile_content" description:"a Dockerfile, used in place of one in the context"`
	Name    string `json:"dockerfile_name" description:"the name it has in the context; Dockerfile by default"`
	Cleanup bool   `json:"cleanup" description:"true, the default: it never lies in the folder itself; false: it is left there, unless one of that name was there before"`
}

// buildStreamBody is the body of /docker/build-stream.
type buildStreamBody struct {
	ContextPath string            `json:"context_path" description:"the folder to build, of the hub's host; needed unless there is a git_url"`
	Tag         string            `json:"tag" description:"the image's name"`
	Dockerfile  string            `json:"dockerfile" description:"relative to the folder; Dockerfile by default"`
	BuildArgs   map[string]string `json:"build_args" check:"loose" description:"values for the Dockerfile's ARGs; those whose names look secret are masked in events"`
	inlineBody
	buildMore
}

// startBuildBody is the body of /docker/build/start.
type startBuildBody struct {
	Tag        string            `json:"tag" description:"the image's name; app_id:latest where there is an app_id"`
	AppID      string            `json:"app_id" check:"loose" description:"the caller's own name for what is built, which stands in each event"`
	Dockerfile string            `json:"dockerfile" description:"relative to the repository; Dockerfile by default"`
	BuildArgs  map[string]string `json:"build_args" check:"loose" description:"values for the Dockerfile's ARGs; those whose names look secret are masked in events"`
	inlineBody
	buildMore
}

func (m buildMore) spec() docker.BuildSpec {
	return docker.BuildSpec{
		GitURL: m.GitURL, Ref: m.Ref, Target: m.Target, NoCache: m.NoCache, Pull: m.Pull, Platform: m.Platform, Labels: m.Labels,
	}
}

// add makes the Dockerfile of the request the build's.
func (i inlineBody) add(spec docker.BuildSpec) docker.BuildSpec {
	spec.Inline, spec.InlineName, spec.KeepInline = i.Content, i.Name, !i.Cleanup
	return spec
}
