package http

import (
	"encoding/json"
	"slices"

	"github.com/gofiber/fiber/v2"

	"hub/internal/pipeline"
	"hub/internal/task"
)

// retryBody is the body of a retry, which may be absent.
type retryBody struct {
	From   string `json:"from" description:"the stage to begin at, by its name; the one that failed by default, and where it comes before that one"`
	TaskID string `json:"task_id" description:"the new task's id; one is made by default"`
}

// retryAnswer is what is said of a retry that has been started.
type retryAnswer struct {
	startAnswer
	RetryOf string   `json:"retry_of" description:"the task that it retries"`
	From    string   `json:"from" description:"the stage that it begins at"`
	Reused  []string `json:"reused" description:"the stages before that, which are not run again"`
}

var retryDoc = operation{
	more: "A new task with the same stages. Those before `from` are not run again: their files, image, digest and credentials are used, and an event of each says `reused`. " +
		"A stage run whose probe did not come through is run again with it. What a pipeline has made is kept for `pipeline_keep_for` after its end, and for one retry: " +
		"a retry that fails is itself retried. 409 where the pipeline still runs, was retried already, or what it made is no longer kept.",
	takes: retryBody{From: "push"},
	gives: retryAnswer{
		startAnswer{TaskID: "html_site_pipeline-77be1f0c9a", Status: "started", Stream: "/stream/tasks/html_site_pipeline-77be1f0c9a"},
		"html_site_pipeline-1f0c9a77be", "push", []string{"clone", "build", "login"},
	},
	fails: []int{404, 409, 503},
}

// retryPipeline is POST /pipeline/{task_id}/retry.
func (s *Server) retryPipeline(c *fiber.Ctx) error {
	var body retryBody
	if c.Context().RequestBodyStream() != nil && c.Request().Header.ContentLength() != 0 {
		if err := decode(c, &body); err != nil {
			return err
		}
	}
	r, err := s.runner()
	if err != nil {
		return err
	}
	id := param(c, "task_id")
	t, err := r.Retry(id, pipeline.Retry{From: body.From, ID: body.TaskID})
	if err != nil {
		return notStarted(err)
	}
	c.Set("X-Task-Id", t.ID())
	answer := retryAnswer{startAnswer: started(t), RetryOf: id}
	answer.From, answer.Reused = beginningOf(t)
	return c.JSON(answer)
}

// beginningOf is the stage that a retry begins at, and those before it.
func beginningOf(t *task.Task) (from string, before []string) {
	var head struct {
		From   string
		Stages []string
	}
	_ = json.Unmarshal(t.Snapshot().Head, &head) // as the runner made it
	return head.From, head.Stages[:max(0, slices.Index(head.Stages, head.From))]
}
