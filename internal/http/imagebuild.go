package http

import (
	"cmp"
	"context"
	"time"

	"hub/internal/docker"
)

// buildHead is what a build's status events say of it.
type buildHead struct {
	Tag         *string           `json:"tag"`
	ContextPath *string           `json:"context_path"`
	Dockerfile  *string           `json:"dockerfile"`
	Inline      bool              `json:"inline"`
	AppID       *string           `json:"app_id"`
	BuildArgs   map[string]string `json:"build_args"` // values of secret names masked
	GitURL      string            `json:"git_url,omitempty"`
	Ref         string            `json:"ref,omitempty"`
	Target      string            `json:"target,omitempty"`
	Platform    string            `json:"platform,omitempty"`
}

// buildResult is what a build came to.
type buildResult struct {
	Status         string        `json:"status" description:"ok"`
	ImageID        string        `json:"image_id" description:"sha256: and 64 hex digits"`
	Tag            *string       `json:"tag" description:"the name as it was asked for, null without one"`
	DockerfileUsed string        `json:"dockerfile_used" description:"relative to the context"`
	Inline         bool          `json:"inline" description:"whether the Dockerfile came with the request"`
	Duration       float64       `json:"duration_sec" description:"seconds from the build's start to its end, without the time it waited for its turn"`
	Steps          []docker.Step `json:"steps" description:"the Dockerfile's instructions"`
	StepsCompleted int           `json:"steps_completed"`
	Commit         string        `json:"commit,omitempty" description:"of the repository, that was built"`
	Warnings       []string      `json:"warnings,omitempty"`
}

// brief leaves out what an end event has no room for.
func (r buildResult) brief() any {
	const most = 24 << 10
	if whole, err := encodeJSON(r); err != nil || len(whole) > most {
		r.Steps, r.Warnings = []docker.Step{}, nil
	}
	return r
}

// buildWork is the task of a build that can begin: what can be said against it
// before has been.
func (s *Server) buildWork(spec docker.BuildSpec, id string, appID string) work[buildResult] {
	return work[buildResult]{
		kind: "docker_build", id: id, name: "the build", head: headOf(spec, appID), brief: buildResult.brief,
		secrets: spec.Secrets(),
		check:   func(e *docker.Engine) error { return e.CheckBuild(spec) },
		run: func(ctx context.Context, to docker.Publisher) (buildResult, error) {
			began := time.Now()
			b, err := s.docker.Build(ctx, spec, to)
			r := buildResult{
				Status: "ok", ImageID: b.ImageID, Tag: orNull(spec.Tag), DockerfileUsed: b.DockerfileUsed, Inline: b.Inline, Commit: b.Commit,
				Duration: float64(time.Since(began).Milliseconds()) / 1000,
				Steps:    append([]docker.Step{}, b.Steps...), StepsCompleted: b.StepsCompleted, Warnings: b.Warnings,
			}
			return r, err
		},
	}
}

func headOf(spec docker.BuildSpec, appID string) buildHead {
	h := buildHead{
		Tag: orNull(spec.Tag), ContextPath: orNull(spec.Folder), Dockerfile: orNull(spec.Dockerfile), Inline: spec.Inline != "", AppID: orNull(appID),
		BuildArgs: docker.MaskArgs(spec.Args), Ref: spec.Ref, Target: spec.Target, Platform: spec.Platform,
	}
	if spec.GitURL != "" {
		h.GitURL = spec.Where() // without what logs in there
	}
	if h.Inline {
		h.Dockerfile = orNull(cmp.Or(spec.InlineName, "Dockerfile"))
	}
	return h
}
