package http

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"hub/internal/legacy"
	"hub/internal/mask"
	"hub/internal/task"
)

// runBody is the body of /tasks/run-stream and /tasks/start.
type runBody struct {
	Cmd     string            `json:"cmd" check:"required" description:"run by /bin/sh -c"`
	Cwd     string            `json:"cwd" description:"the folder it runs in"`
	Env     map[string]string `json:"env" check:"loose" description:"variables, beside a small environment of the hub's"`
	Secrets map[string]string `json:"secrets" check:"loose" description:"variables like those of env, whose values are masked in all that the hub tells"`
	TaskID  string            `json:"task_id" description:"the id that it shall have; a made one by itself"`
}

var runExample = runBody{Cmd: "make test", Cwd: "/srv/site", Env: map[string]string{"CI": "1"}}

// runAnswer is the older service's answer when a command has ended.
type runAnswer struct {
	Status   string `json:"status" enum:"completed,error"`
	TaskID   string `json:"task_id"`
	ExitCode string `json:"exit_code,omitempty" description:"a number, as a text"`
	Error    string `json:"error,omitempty"`
	Outcome  string `json:"outcome,omitempty" description:"of an error, what it was: error, cancelled, …"`
}

var runTaskDoc = operation{
	more:  "Who leaves ends nothing: the command runs on. A command that exits with 4 is `completed`, with `exit_code` \"4\".",
	takes: runExample, gives: runAnswer{Status: "completed", TaskID: "generic_task-1f0c9a77be", ExitCode: "4"},
	fails: []int{409, 503}, live: true,
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
	if err := mask.Check(body.Secrets); err != nil {
		return nil, unprocessable(fault{[]any{"body", "secrets"}, err.Error(), "value_error"})
	}
	env := maps.Clone(body.Secrets)
	if env == nil {
		env = map[string]string{}
	}
	maps.Copy(env, body.Env)
	spec, err := task.Command{Cmd: body.Cmd, Cwd: body.Cwd, Env: env}.Spec()
	if err != nil {
		return nil, err
	}
	spec.ID, spec.Secrets = body.TaskID, slices.Collect(maps.Values(body.Secrets))
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
	answer := runAnswer{Status: end.Status, TaskID: t.ID()}
	if end.ExitCode != nil {
		answer.ExitCode = strconv.Itoa(*end.ExitCode)
	}
	if end.Status == task.Error {
		answer.Error, answer.Outcome = end.Error, end.Outcome
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

// startAnswer is what is said of a task that has been started.
type startAnswer struct {
	TaskID   string `json:"task_id"`
	Status   string `json:"status" enum:"started"`
	Stream   string `json:"stream" description:"where its events are"`
	Queued   bool   `json:"queued,omitempty" description:"it waits for others of its type"`
	Position int    `json:"position,omitempty" description:"how many are to begin before it, and itself"`
}

var startTaskDoc = operation{
	takes: runExample, gives: startAnswer{TaskID: "generic_task-1f0c9a77be", Status: "started", Stream: "/stream/tasks/generic_task-1f0c9a77be"},
	fails: []int{409, 503},
}

// started is the answer for t.
func started(t *task.Task) startAnswer {
	now := t.Snapshot()
	answer := startAnswer{TaskID: t.ID(), Status: "started", Stream: "/stream/tasks/" + t.ID()}
	if now.Queued {
		answer.Queued, answer.Position = true, now.Position
	}
	return answer
}

// startTask is POST /tasks/start.
func (s *Server) startTask(c *fiber.Ctx) error {
	t, err := s.start(c)
	if err != nil {
		return err
	}
	return c.JSON(started(t))
}

var cancelTaskDoc = operation{
	more: "Of a command: TERM to its process group, KILL after 5 s. May be repeated; a task that has ended stays as it is.",
	gives: taskInfo{
		ID: "generic_task-1f0c9a77be", Type: "generic_task", Status: task.Error, Outcome: "cancelled", Error: "cancelled",
		Created: exampleTime, Updated: exampleTime, Stream: "/stream/tasks/generic_task-1f0c9a77be",
	},
	fails: []int{404, 504},
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
	Status   string          `json:"status" enum:"running,completed,error"`
	Outcome  string          `json:"outcome,omitempty" description:"of an error, what it was: error, cancelled, …"`
	Queued   bool            `json:"queued,omitempty" description:"it waits for others of its type; its status is running"`
	Position int             `json:"position,omitempty" description:"in the queue, from 1"`
	ExitCode *int            `json:"exit_code,omitempty"`
	Error    string          `json:"error,omitempty"`
	Created  legacy.Seconds  `json:"created_at"`
	Updated  legacy.Seconds  `json:"updated_at"`
	Started  *legacy.Seconds `json:"started_at,omitempty"`
	Ended    *legacy.Seconds `json:"ended_at,omitempty"`
	About    json.RawMessage `json:"about,omitempty" description:"what it was started with; of a command cmd and cwd"`
	Stream   string          `json:"stream" description:"where its events are"`
}

// exampleTime is of the examples in the API's document.
var exampleTime = legacy.Seconds(time.Date(2026, 11, 23, 20, 11, 47, 123e6, time.UTC))

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

// taskList is the answer of GET /tasks.
type taskList struct {
	Tasks []taskInfo `json:"tasks"`
	Total int        `json:"total" description:"how many fit, however many are listed"`
}

var tasksDoc = operation{
	query: []parameter{
		{"status", "running", "Only those of this status or outcome, or queued."},
		{"type", "docker_build", "Only those of this type."},
		{"limit", 1000, "At most so many, from 1 to 10,000."},
	},
	gives: taskList{Total: 1, Tasks: []taskInfo{{
		ID: "generic_task-1f0c9a77be", Type: "generic_task", Status: "running", Created: exampleTime, Updated: exampleTime, Started: &exampleTime,
		About: json.RawMessage(`{"cmd":"make test","cwd":"/srv/site"}`), Stream: "/stream/tasks/generic_task-1f0c9a77be",
	}}},
	fails: []int{400, 422},
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
	return c.JSON(taskList{tasks, len(all)})
}

// param is a parameter of the path, percent-decoded and copied.
func param(c *fiber.Ctx, name string) string {
	raw := strings.Clone(c.Params(name))
	if text, err := url.PathUnescape(raw); err == nil {
		return text
	}
	return raw
}
