package http

import (
	"github.com/gofiber/fiber/v2"

	"hub/internal/task"
)

// rerunAnswer is what is said of a task that does again what another one did.
type rerunAnswer struct {
	startAnswer
	RerunOf string `json:"rerun_of" description:"the task whose work it does again"`
}

var rerunTaskDoc = operation{
	more: "The same work, from its beginning, in a task of its own: the same command, build, push or pull, a pipeline with all its stages. " +
		"What it was given counts as it was, its `secrets` and credentials too; what that names (a folder, an image, a branch) as it is now. " +
		"The older task may still run, and goes on. What is no longer in `GET /tasks` cannot be run again.",
	gives: rerunAnswer{
		startAnswer{TaskID: "generic_task-77be1f0c9a", Status: "started", Stream: "/stream/tasks/generic_task-77be1f0c9a"}, "generic_task-1f0c9a77be",
	},
	fails: []int{404, 409, 503},
}

// rerunTask is POST /tasks/{task_id}/rerun.
func (s *Server) rerunTask(c *fiber.Ctx) error {
	id := param(c, "task_id")
	t, err := s.again(id)
	if err != nil {
		return err
	}
	c.Set("X-Task-Id", t.ID())
	return c.JSON(rerunAnswer{started(t), id})
}

// again starts anew what a task is. A pipeline's is its runner's to start.
func (s *Server) again(id string) (*task.Task, error) {
	old, known := s.tasks.Get(id)
	if _, is := s.pipelineOf(old); !known || !is {
		return s.tasks.Again(id)
	}
	r, err := s.runner()
	if err != nil {
		return nil, err
	}
	t, err := r.Again(id)
	return t, notStarted(err)
}
