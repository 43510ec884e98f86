package http

import (
	"context"
	"errors"
	"time"

	"github.com/gofiber/fiber/v2"

	"hub/internal/docker"
	"hub/internal/lines"
	"hub/internal/task"
)

// quietExec is the silence after which an unfinished line of a command goes out.
const quietExec = 200 * time.Millisecond

// execHead is what a task's status events say of its command. What it was given as
// its environment is nobody else's to see.
type execHead struct {
	Container string   `json:"container"`
	Cmd       []string `json:"cmd"`
}

// execTask runs a command as a task: it answers with the live stream where that is
// asked for, else at once with the task's id. That the command cannot be run at
// all is said before there is a task.
func (s *Server) execTask(c *fiber.Ctx, spec docker.ExecSpec, body execBody) error {
	as, live := wantsLiveStream(c.Get(fiber.HeaderAccept))
	if live && s.streams.full() {
		return unavailable(30*time.Second, "too many streams are open, come back later; nothing has been run")
	}
	x, err := askEngine(s, callTime, func(ctx context.Context, e *docker.Engine) (*docker.Exec, error) { return e.NewExec(ctx, spec) })
	if err != nil {
		return err
	}
	t, err := s.tasks.Start(task.Spec{
		ID: body.TaskID, Type: "docker_exec", Head: execHead{x.Container().Name, spec.Cmd},
		Run: func(ctx context.Context, t *task.Task) (task.Outcome, error) { return execLines(ctx, x, t) },
		Again: func(ctx context.Context, t *task.Task) (task.Outcome, error) {
			x, err := s.docker.NewExec(ctx, spec)
			if err != nil {
				return task.Outcome{}, err
			}
			return execLines(ctx, x, t)
		},
	})
	switch {
	case errors.Is(err, task.ErrBadID):
		return unprocessable(fault{[]any{"body", "task_id"}, err.Error(), "value_error"})
	case errors.Is(err, task.ErrBadHead):
		return unprocessable(fault{[]any{"body", "cmd"}, "too long: the command of a task has at most about 32 KiB", "value_error"})
	case err != nil:
		return err
	}
	c.Set("X-Task-Id", t.ID())
	if live {
		return s.follow(c, streamRequest{shape: as, topics: []string{"tasks/" + t.ID()}, start: s.beginOf(t.Snapshot())})
	}
	return c.JSON(started(t))
}

// execLines runs a command whose output becomes the lines of a task.
func execLines(ctx context.Context, x *docker.Exec, to docker.Publisher) (task.Outcome, error) {
	outputs := map[string]*lines.Writer{}
	for _, stream := range []string{"stdout", "stderr"} {
		w := lines.NewWriter(to.Publish, lines.Options{Stream: stream, Quiet: quietExec})
		defer w.Close()
		outputs[stream] = w
	}
	exitCode, err := x.Run(ctx, func(stream string, p []byte) {
		_, _ = outputs[stream].Write(p) // the task has logged that an event could not be published
	})
	if err != nil {
		return task.Outcome{}, err
	}
	return task.Outcome{ExitCode: &exitCode}, nil
}
