package http

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"hub/internal/docker"
)

// saveBody is the body of /docker/save.
type saveBody struct {
	RepoTag string `json:"repo_tag" check:"required" description:"the image, by name or id"`
	TarPath string `json:"tar_path" check:"required" description:"a file of the hub's host; one that is there is replaced when the new one is whole"`
	TaskID  string `json:"task_id" description:"the task's id; one is made by default"`
}

type saveHead struct {
	RepoTag string `json:"repo_tag"`
	TarPath string `json:"tar_path"`
}

type saveResult struct {
	Status  string `json:"status" description:"ok"`
	SavedTo string `json:"saved_to" description:"the path as it was asked for"`
	Bytes   int64  `json:"bytes" description:"of the file"`
}

type saveAnswer struct {
	saveResult
	TaskID string `json:"task_id" description:"the task's events are the topic tasks/ID"`
}

var saveDoc = operation{
	takes: saveBody{RepoTag: "site:latest", TarPath: "/srv/images/site.tar"},
	gives: saveAnswer{saveResult{"ok", "/srv/images/site.tar", 48_201_728}, "docker_save-1f0c9a77be"},
	fails: []int{400, 403, 404, 409, 503},
	live:  true,
}

// saveImage is POST /docker/save.
func (s *Server) saveImage(c *fiber.Ctx) error {
	var body saveBody
	if err := decode(c, &body); err != nil {
		return err
	}
	w := work[saveResult]{
		kind: "docker_save", id: body.TaskID, name: "the save", head: saveHead{body.RepoTag, body.TarPath},
		check: func(e *docker.Engine) error { return e.CheckSave(body.RepoTag, body.TarPath) },
		run: func(ctx context.Context, to docker.Publisher) (saveResult, error) {
			saved, err := s.docker.Save(ctx, body.RepoTag, body.TarPath, to)
			return saveResult{"ok", body.TarPath, saved.Bytes}, err
		},
	}
	return carryOut(s, c, w, func(j *job[saveResult]) any { return saveAnswer{j.result, j.ID()} })
}

// loadBody is the body of /docker/load.
type loadBody struct {
	TarPath string `json:"tar_path" check:"required" description:"a file of the hub's host, as docker save writes it"`
	TaskID  string `json:"task_id" description:"the task's id; one is made by default"`
}

type loadHead struct {
	TarPath string `json:"tar_path"`
}

type loadResult struct {
	Status string   `json:"status" description:"ok"`
	Images []string `json:"images" description:"ids of the images that were in it, sha256: and 64 hex digits each"`
	Tags   []string `json:"tags" description:"the names that came with them"`
}

type loadAnswer struct {
	loadResult
	TaskID string `json:"task_id" description:"the task's events are the topic tasks/ID"`
}

var loadDoc = operation{
	takes: loadBody{TarPath: "/srv/images/site.tar"},
	gives: loadAnswer{loadResult{"ok", []string{exampleDigest}, []string{"site:latest"}}, "docker_load-1f0c9a77be"},
	fails: []int{400, 403, 409, 503},
	live:  true,
}

// loadImage is POST /docker/load.
func (s *Server) loadImage(c *fiber.Ctx) error {
	var body loadBody
	if err := decode(c, &body); err != nil {
		return err
	}
	w := work[loadResult]{
		kind: "docker_load", id: body.TaskID, name: "the load", head: loadHead{body.TarPath},
		check: func(e *docker.Engine) error { return e.CheckLoad(body.TarPath) },
		run: func(ctx context.Context, to docker.Publisher) (loadResult, error) {
			l, err := s.docker.Load(ctx, body.TarPath, to)
			return loadResult{"ok", listed(l.Images), listed(l.Tags)}, err
		},
	}
	return carryOut(s, c, w, func(j *job[loadResult]) any { return loadAnswer{j.result, j.ID()} })
}
