package http

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"hub/internal/docker"
)

// pushBody is the body of /docker/push.
type pushBody struct {
	RepoTag string `json:"repo_tag" check:"required" description:"the image's name and tag, with its registry's host; latest without a tag"`
	TaskID  string `json:"task_id" description:"the task's id; one is made by default"`
}

type pushHead struct {
	RepoTag string `json:"repo_tag"`
}

type pushResult struct {
	Status string `json:"status" description:"ok"`
	Pushed string `json:"pushed" description:"the name as it was asked for"`
	Digest string `json:"digest" description:"what the registry knows the image by, sha256: and 64 hex digits"`
	Size   int64  `json:"size" description:"bytes of its manifest"`
}

type pushAnswer struct {
	pushResult
	outputInfo
}

const exampleDigest = "sha256:5f7c3c0f1d3f0b5a9e0c2a1f4b6d8e7c9a0b1c2d3e4f5061728394a5b6c7d8e9"

var pushDoc = operation{
	more:  "What the registry says no to is an error: 401 and 403 about credentials, 502 where it is away or fails.",
	takes: pushBody{RepoTag: "registry.example:5000/site:1.4.2"},
	gives: pushAnswer{
		pushResult{"ok", "registry.example:5000/site:1.4.2", exampleDigest, 528},
		outputInfo{"The push refers to repository [registry.example:5000/site]\na3ed95caeb02: Pushed\n", false, "docker_push-1f0c9a77be"},
	},
	fails: []int{401, 403, 404, 409, 502, 503},
	live:  true,
}

// pushImage is POST /docker/push.
func (s *Server) pushImage(c *fiber.Ctx) error {
	var body pushBody
	if err := decode(c, &body); err != nil {
		return err
	}
	w := work[pushResult]{
		kind: "docker_push", id: body.TaskID, name: "the push", head: pushHead{body.RepoTag},
		check: func(*docker.Engine) error { return docker.CheckPush(body.RepoTag) },
		run: func(ctx context.Context, to docker.Publisher) (pushResult, error) {
			p, err := s.docker.Push(ctx, body.RepoTag, to)
			return pushResult{"ok", body.RepoTag, p.Digest, p.Size}, err
		},
	}
	return carryOut(s, c, w, func(j *job[pushResult]) any { return pushAnswer{j.result, j.info(s)} })
}

// pullBody is the body of /docker/pull.
type pullBody struct {
	Name     string `json:"name" check:"required" description:"the image's name, with its registry's host where that is not Docker Hub"`
	Tag      string `json:"tag" description:"latest by default, or what the name ends with"`
	Platform string `json:"platform" description:"such as linux/arm64; the engine's own by default"`
	TaskID   string `json:"task_id" description:"the task's id; one is made by default"`
}

type pullHead struct {
	Name     string  `json:"name"`
	Tag      *string `json:"tag"`
	Platform string  `json:"platform,omitempty"`
}

type pullResult struct {
	Status string   `json:"status" description:"ok"`
	ID     string   `json:"id" description:"the image's, sha256: and 64 hex digits"`
	Tags   []string `json:"tags" description:"all names it has here"`
	Digest string   `json:"digest" description:"what the registry knows it by"`
}

type pullAnswer struct {
	pullResult
	TaskID string `json:"task_id" description:"the task's events are the topic tasks/ID"`
}

var pullDoc = operation{
	takes: pullBody{Name: "registry.example:5000/site", Tag: "1.4.2"},
	gives: pullAnswer{pullResult{"ok", exampleDigest, []string{"registry.example:5000/site:1.4.2"}, exampleDigest}, "docker_pull-1f0c9a77be"},
	fails: []int{401, 403, 404, 409, 502, 503},
	live:  true,
}

// pullImage is POST /docker/pull.
func (s *Server) pullImage(c *fiber.Ctx) error {
	var body pullBody
	if err := decode(c, &body); err != nil {
		return err
	}
	spec := docker.PullSpec{Ref: body.Name, Tag: body.Tag, Platform: body.Platform}
	w := work[pullResult]{
		kind: "docker_pull", id: body.TaskID, name: "the pull", head: pullHead{body.Name, orNull(body.Tag), body.Platform},
		check: func(*docker.Engine) error { return spec.Check() },
		run: func(ctx context.Context, to docker.Publisher) (pullResult, error) {
			p, err := s.docker.Pull(ctx, spec, to)
			return pullResult{"ok", p.ID, listed(p.Tags), p.Digest}, err
		},
	}
	return carryOut(s, c, w, func(j *job[pullResult]) any { return pullAnswer{j.result, j.ID()} })
}

// orNull is nil for what was not given.
func orNull[T comparable](value T) *T {
	if value == *new(T) {
		return nil
	}
	return &value
}
