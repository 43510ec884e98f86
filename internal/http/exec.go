package http

import (
	"context"
	"encoding/json"
	"fmt"
	nethttp "net/http"
	"time"

	"github.com/gofiber/fiber/v2"

	"hub/internal/docker"
)

// mostExecOutput is how many bytes of a command's output an answer holds; what
// comes after is read and let go.
const mostExecOutput = 8 << 20

// execBody is the body of /docker/exec.
type execBody struct {
	containerBody
	Cmd     json.RawMessage   `json:"cmd" check:"required" types:"string,array" description:"one string, split as a shell splits words (no shell sees it), or a list of words"`
	Env     map[string]string `json:"env" check:"loose" description:"in addition to the container's"`
	Workdir string            `json:"workdir" description:"absolute; the container's where none is given"`
	User    string            `json:"user" check:"loose" description:"name, uid or uid:gid; the container's where none is given"`
	TTY     bool              `json:"tty" description:"with a terminal, which joins the outputs and makes \\r\\n of \\n"`
	Stream  bool              `json:"stream" description:"answer at once with the id of a task, whose stream is the output"`
	TaskID  string            `json:"task_id" description:"of the task; one is made where none is given"`
}

func (b execBody) spec() (s docker.ExecSpec, err error) {
	s = docker.ExecSpec{Container: b.IDOrName, Env: b.Env, Workdir: b.Workdir, User: b.User, TTY: b.TTY}
	s.Cmd, err = argv("cmd", b.Cmd)
	return s, err
}

// execAnswer is what a command came to.
type execAnswer struct {
	ExitCode  int    `json:"exit_code" description:"126 or 127 for a program that cannot be run, or is not there"`
	Output    string `json:"output" description:"stdout and stderr in the order received; a byte that is not UTF-8 is U+FFFD"`
	Truncated bool   `json:"truncated,omitempty" description:"whether it wrote more than 8 MiB, of which the first are here"`
}

var execDoc = operation{
	more: "The answer comes when the command ends; a client that leaves earlier ends nothing, the command runs on in the container. " +
		"With `stream`, or an explicit Accept of a stream's type, it is a task of type docker_exec instead, which can be cancelled: the command gets TERM, " +
		"and KILL five seconds later, by a shell in its container; where there is none the task's end says that it may still run.",
	takes: execBody{containerBody: exampleContainer, Cmd: json.RawMessage(`"ls -l /srv"`)},
	gives: execAnswer{ExitCode: 0, Output: "total 0\n"},
	also: []answer{{nethttp.StatusOK, "", "With `stream`.", startAnswer{
		TaskID: "docker_exec-1f0c9a77be", Status: "started", Stream: "/stream/tasks/docker_exec-1f0c9a77be",
	}}},
	fails: []int{404, 409},
	live:  true,
}

// execInContainer is POST /docker/exec.
func (s *Server) execInContainer(c *fiber.Ctx) error {
	var body execBody
	if err := decode(c, &body); err != nil {
		return err
	}
	spec, err := body.spec()
	if err != nil {
		return err
	}
	if _, live := wantsLiveStream(c.Get(fiber.HeaderAccept)); live || body.Stream {
		return s.execTask(c, spec, body)
	}
	return s.execAndWait(c, spec)
}

// execAndWait answers when the command has ended.
func (s *Server) execAndWait(c *fiber.Ctx, spec docker.ExecSpec) error {
	spec.RunsOn = true
	x, err := askEngine(s, callTime, func(ctx context.Context, e *docker.Engine) (*docker.Exec, error) { return e.NewExec(ctx, spec) })
	if err != nil {
		return err
	}
	ctx, leave := context.WithCancel(s.closing)
	defer leave()
	type ending struct {
		answer execAnswer
		err    error
	}
	ended := make(chan ending, 1)
	go func() {
		var end ending
		defer func() {
			if p := recover(); p != nil {
				end.err = fmt.Errorf("a command's reader panicked: %v", p)
			}
			ended <- end
		}()
		end.answer, end.err = execToEnd(ctx, x)
	}()
	look := time.NewTicker(time.Second)
	defer look.Stop()
	for {
		select {
		case end := <-ended:
			switch {
			case s.closing.Err() != nil && end.err != nil:
				return newError(nethttp.StatusServiceUnavailable, "the hub is shutting down; the command runs on in the container")
			case end.err != nil:
				return end.err
			}
			return c.JSON(end.answer)
		case <-look.C:
			if hungUp(c.Context().Conn()) {
				return errGone
			}
		}
	}
}

// execToEnd runs a command and keeps what it says, within bounds.
func execToEnd(ctx context.Context, x *docker.Exec) (answer execAnswer, err error) {
	var output []byte
	answer.ExitCode, err = x.Run(ctx, func(_ string, p []byte) {
		room := mostExecOutput - len(output)
		if answer.Truncated = answer.Truncated || len(p) > room; len(p) > room {
			p = p[:room]
		}
		output = append(output, p...)
	})
	answer.Output = string(output)
	return answer, err
}
