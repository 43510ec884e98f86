package http

import (
	"encoding/json"
	"unicode"

	"github.com/gofiber/fiber/v2"

	"hub/internal/pipeline"
)

// ownBody is the body of /pipeline/start.
type ownBody struct {
	Stages  []stageBody       `json:"stages" check:"required" description:"what is done, one after another"`
	Site    string            `json:"site" description:"what is deployed: a run replaces the container of an earlier run of the same site; the clone's address by default"`
	Secrets map[string]string `json:"secrets" check:"loose" description:"by name: in the environment of shell stages, and shown nowhere where they have four characters or more"`
	TaskID  string            `json:"task_id" description:"the task's id; one is made by default"`
}

// definition is what the body asks for. Faults name the field.
func (b ownBody) definition() (pipeline.Definition, error) {
	d := pipeline.Definition{Type: pipeline.TypeOwn, Site: b.Site, Secrets: b.Secrets}
	runs := false
	for i, stage := range b.Stages {
		step, err := stage.step(i)
		if err != nil {
			return d, err
		}
		if clone, is := step.(pipeline.Clone); is && d.Site == "" {
			d.Site = clone.Where()
		}
		runs = runs || stage.Kind == "run"
		d.Stages = append(d.Stages, pipeline.Stage{Name: stage.Name, Step: step})
	}
	if err := checkSite(d.Site, runs); err != nil {
		return d, err
	}
	return d, d.Check()
}

// checkSite looks at a site, which becomes a label of containers.
func checkSite(site string, needed bool) error {
	const most = 300
	wrong := ""
	switch {
	case site == "" && needed:
		wrong = "a pipeline that runs a container and clones nothing must say what site that is of"
	case len(site) > most:
		wrong = "too long: a site has at most 300 bytes"
	default:
		for _, r := range site {
			if !unicode.IsPrint(r) {
				wrong = "a site is one line of text"
			}
		}
	}
	if wrong == "" {
		return nil
	}
	return unprocessable(fault{[]any{"body", "site"}, wrong, "value_error"})
}

var startPipelineDoc = operation{
	more: "A stage is of one of eight kinds and takes the parameters of that; another is a fault, so that none is overlooked. " +
		"What one stage has made the next ones use: the clone's files, the build's image, the login's credentials. " +
		"A stage shell needs `allow_tasks`, as every command does.",
	takes: ownBody{
		Stages: []stageBody{
			{Kind: "clone", RepoURL: "https://git.example/team/shop"},
			{Kind: "shell", Name: "test", Cmd: "make test"},
			{Kind: "build", RepoTag: "shop:latest"},
			{Kind: "run", HostPort: 8081, Port: 3000, Env: map[string]string{"MODE": "live"}, Command: json.RawMessage(`["node","server.js"]`)},
			{Kind: "probe", Path: "/healthz", Timeout: 60},
		},
		Site: "shop",
	},
	gives: startAnswer{TaskID: "pipeline-1f0c9a77be", Status: "started", Stream: "/stream/tasks/pipeline-1f0c9a77be"},
	fails: []int{401, 403, 409, 503},
}

// startOwn is POST /pipeline/start.
func (s *Server) startOwn(c *fiber.Ctx) error {
	text, err := readBody(c, c.App().Config().BodyLimit)
	if err != nil {
		return err
	}
	var body ownBody
	if err := decodeBody(text, &body); err != nil {
		return err
	}
	if err := checkStages(text); err != nil {
		return err
	}
	for _, stage := range body.Stages {
		if stage.Kind == "shell" && !s.allowTasks {
			return forbidden("this hub runs no shell commands (allow_tasks is false)")
		}
	}
	d, err := body.definition()
	if err != nil {
		return err
	}
	t, err := s.startPipeline(d, body.TaskID)
	if err != nil {
		return err
	}
	c.Set("X-Task-Id", t.ID())
	return c.JSON(started(t))
}
