package http

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"hub/internal/legacy"
	"hub/internal/task"
)

// runBody is the body of /tasks/run-stream and /tasks/start.
type runBody struct {
	Cmd    string            `json:"cmd" check:"required"`
	Cwd    string            `json:"cwd"`
	Env    map[string]string `json:"env" check:"loose"`
	TaskID string            `json:"task_id"`
}

// start takes a command from the request and starts its task.
func (s *Server) start(c *fiber.Ctx) (*task.Task, error) {
	if !s.allowTasks {
		return nil, forbidden("this hub runs no shell commands (allow_tasks is false)")
	}
	var body runBody
	if err := decode(c, &body); err != nil {
		return nil, err
	}
	spec, err := task.Command{Cmd: body.Cmd, Cwd: body.Cwd, Env: body.Env}.Spec()
	if err != nil {
		return nil, err
	}
	spec.ID = body.TaskID
	t, err := s.tasks.Start(spec)
	if errors.Is(err, task.ErrBadID) {
		return nil, unprocessable(fault{[]any{"body", "task_id"}, err.Error(), "value_error"})
	}
	return t, err
}

// runTask is POST /tasks/run-stream: the live stream to a client that names its
// type, to all others the older service's answer when the command has ended.
func (s *Server) runTask(c *fiber.Ctx) error {
	as, live := wantsLiveStream(c.Get(fiber.HeaderAccept))
	if live && s.streams.full() { // said before anything runs
		return unavailable(30*time.Second, "too many streams are open, come back later; nothing has been run")
	}
	t, err := s.start(c)
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
	end := t.Snapshot()
	answer := fiber.Map{"status": end.Status, "task_id": t.ID()}
	if end.ExitCode != nil {
		answer["exit_code"] = strconv.Itoa(*end.ExitCode)
	}
	if end.Status == task.Error {
		answer["error"], answer["outcome"] = end.Error, end.Outcome
	}
	return c.JSON(answer)
}

// wait waits for the end of a task. It is false when the client has gone, which
// ends nothing else.
func (s *Server) wait(c *fiber.Ctx, t *task.Task) bool {
	look := time.NewTicker(time.Second)
	defer look.Stop()
	for {
		select {
		case <-t.Done():
			return true
		case <-look.C:
			if hungUp(c.Context().Conn()) {
				return false
			}
		}
	}
}

// startTask is POST /tasks/start.
func (s *Server) startTask(c *fiber.Ctx) error {
	t, err := s.start(c)
	if err != nil {
		return err
	}
	answer := fiber.Map{"task_id": t.ID(), "status": "started", "stream": "/stream/tasks/" + t.ID()}
	if now := t.Snapshot(); now.Queued {
		answer["queued"], answer["position"] = true, now.Position
	}
	return c.JSON(answer)
}

// cancelTask is POST /tasks/{task_id}/cancel. It is done when the task is gone,
// and it may be called again.
func (s *Server) cancelTask(c *fiber.Ctx) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	end, err := s.tasks.Cancel(ctx, param(c, "task_id"))
	if err != nil {
		return err
	}
	return c.JSON(newTaskInfo(end))
}

// taskInfo is a task as GET /tasks lists it.
type taskInfo struct {
	ID       string          `json:"task_id"`
	Type     string          `json:"task_type"`
	Status   string          `json:"status"`
	Outcome  string          `json:"outcome,omitempty"`
	Queued   bool            `json:"queued,omitempty"`
	Position int             `json:"position,omitempty"`
	ExitCode *int            `json:"exit_code,omitempty"`
	Error    string          `json:"error,omitempty"`
	Created  legacy.Seconds  `json:"created_at"`
	Updated  legacy.Seconds  `json:"updated_at"`
	Started  *legacy.Seconds `json:"started_at,omitempty"`
	Ended    *legacy.Seconds `json:"ended_at,omitempty"`
	About    json.RawMessage `json:"about,omitempty"` // of a command: cmd and cwd
	Stream   string          `json:"stream"`          // where its events are
}

func newTaskInfo(s task.Snapshot) taskInfo {
	return taskInfo{
		ID: s.ID, Type: s.Type, Status: s.Status, Outcome: s.Outcome, Queued: s.Queued, Position: s.Position,
		ExitCode: s.ExitCode, Error: s.Error, Created: legacy.Seconds(s.Created), Updated: legacy.Seconds(s.Updated),
		Started: seconds(s.Started), Ended: seconds(s.Ended), About: s.Head, Stream: "/stream/tasks/" + s.ID,
	}
}

func seconds(t time.Time) *legacy.Seconds {
	if t.IsZero() {
		return nil
	}
	s := legacy.Seconds(t)
	return &s
}

// listTasks is GET /tasks.
func (s *Server) listTasks(c *fiber.Ctx) error {
	q, err := parseQuery(c, []string{"status", "type", "limit"})
	if err != nil {
		return err
	}
	limit, err := queryInt(c, "limit", 1000, 1, mostPage)
	if err != nil {
		return err
	}
	tasks := []taskInfo{}
	all := s.tasks.List(task.Filter{Status: q.Get("status"), Type: q.Get("type")})
	for _, snapshot := range all[:min(len(all), limit)] {
		tasks = append(tasks, newTaskInfo(snapshot))
	}
	return c.JSON(fiber.Map{"tasks": tasks, "total": len(all)})
}

// param is a parameter of the path, copied.
func param(c *fiber.Ctx, name string) string { return strings.Clone(c.Params(name)) }
