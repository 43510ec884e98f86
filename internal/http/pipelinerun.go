package http

import (
	"encoding/json"
	"errors"
	nethttp "net/http"
	"time"

	"github.com/gofiber/fiber/v2"

	"hub/internal/docker"
	"hub/internal/pipeline"
	"hub/internal/task"
)

// runner is what runs pipelines, where there is an engine for that.
func (s *Server) runner() (*pipeline.Runner, error) {
	e, err := s.engine()
	if err != nil {
		return nil, err
	}
	if s.pipelines == nil {
		return nil, newError(nethttp.StatusServiceUnavailable, "this hub runs no pipelines")
	}
	return s.pipelines, answers(e)
}

// startPipeline starts a run. What is wrong with the definition is said first.
func (s *Server) startPipeline(d pipeline.Definition, id string) (*task.Task, error) {
	if err := d.Check(); err != nil {
		return nil, err
	}
	r, err := s.runner()
	if err != nil {
		return nil, err
	}
	t, err := r.Start(d, id)
	return t, notStarted(err)
}

// notStarted is why a run could not be started, in the terms of its request.
func notStarted(err error) error {
	var bad *docker.Error
	switch {
	case errors.Is(err, task.ErrBadID):
		return unprocessable(fault{[]any{"body", "task_id"}, err.Error(), "value_error"})
	case errors.Is(err, task.ErrBadHead):
		return unprocessable(fault{[]any{"body"}, "too long: what the task's events tell of the pipeline must be at most 32 KiB", "value_error"})
	case errors.As(err, &bad) && bad.Kind != docker.ErrInvalid:
		return withoutField(bad)
	}
	return err
}

// withoutField is an error whose status is that of its kind, whatever field it names.
func withoutField(e *docker.Error) error { return &docker.Error{Kind: e.Kind, Text: e.Text} }

// waitForPipeline starts a run and answers with its live stream to a client that
// names a stream's type, to all others with its summary when it has ended.
func (s *Server) waitForPipeline(c *fiber.Ctx, d pipeline.Definition, id string) error {
	as, live := wantsLiveStream(c.Get(fiber.HeaderAccept))
	if live && s.streams.full() { // said before anything runs
		return unavailable(30*time.Second, "too many streams are open, come back later; nothing has been done")
	}
	t, err := s.startPipeline(d, id)
	if err != nil {
		return err
	}
	c.Set("X-Task-Id", t.ID())
	if live {
		return s.follow(c, streamRequest{shape: as, topics: []string{"tasks/" + t.ID()}, start: s.beginOf(t.Snapshot())})
	}
	if !s.wait(c, t) {
		return errGone
	}
	if err := s.pipelineFailure(c, t); err != nil {
		return err
	}
	return c.JSON(summaryOf(t.Snapshot()))
}

// summaryOf is the result of a run, and the task that it is of.
func summaryOf(t task.Snapshot) map[string]json.RawMessage {
	summary := map[string]json.RawMessage{}
	_ = json.Unmarshal(t.Result, &summary) // which is an object
	summary["task_id"], _ = encodeJSON(t.ID)
	return summary
}

// pipelineFailure is what a run that has ended without success is answered with;
// nil after a success.
func (s *Server) pipelineFailure(c *fiber.Ctx, t *task.Task) error {
	err := s.pipelines.Failure(t.ID())
	var engine *docker.Error
	if errors.As(err, &engine) { // a field that it names is a stage's, not of the request
		err = withoutField(engine)
	}
	failure := (&job[any]{Task: t, name: "the pipeline", err: err}).failure(c)
	var answer *apiError
	if stage := s.failedStage(t.ID()); stage != "" && errors.As(failure, &answer) {
		answer.More["stage"] = stage
	}
	return failure
}

// failedStage is the stage that a run failed in, "" where it was in none.
func (s *Server) failedStage(id string) string {
	info, _ := s.pipelines.Info(id)
	for _, stage := range info.Stages {
		if stage.Status == "error" {
			return stage.Name
		}
	}
	return ""
}
