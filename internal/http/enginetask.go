package http

import (
	"context"
	"errors"
	"fmt"
	nethttp "net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gofiber/fiber/v2"

	"hub/internal/docker"
	"hub/internal/task"
)

// work is what the engine does for long, as a task: a build, a push, … Its result
// R, as JSON, is that of the task.
type work[R any] struct {
	kind string // the task's type
	id   string // the task's, "" for one that is made
	name string // as it stands in sentences: "the build"
	head any    // what the task's status events say of it
	// secrets are values of the request that nobody is to see.
	secrets []string
	// check, where it is not nil, says what is wrong with the request before a task is made.
	check func(*docker.Engine) error
	run   func(ctx context.Context, to docker.Publisher) (R, error)
	// brief, where it is not nil, is the result as the task's last event holds it,
	// which is bounded.
	brief func(R) any
}

// job is a work that has been started. err and result are its own's, and are
// there once the task has ended by itself.
type job[R any] struct {
	*task.Task
	name   string
	told   *teller
	result R
	err    error
}

// teller passes on what a task says and takes note of it.
type teller struct {
	to    docker.Publisher
	lines atomic.Int64 // that were ended
	once  sync.Once
	begun chan struct{} // closed at the first event
}

func (t *teller) Publish(kind string, data []byte) error {
	if kind == "line" && endsLine(data) {
		t.lines.Add(1)
	}
	t.once.Do(func() { close(t.begun) })
	return t.to.Publish(kind, data)
}

// begin starts the task of a work, if nothing is wrong with that and there is an
// engine for it.
func begin[R any](s *Server, w work[R]) (*job[R], error) {
	e, err := s.engine()
	if err == nil && w.check != nil {
		err = w.check(e)
	}
	if err == nil {
		err = answers(e)
	}
	if err != nil {
		return nil, err
	}
	j := &job[R]{name: w.name, told: &teller{begun: make(chan struct{})}}
	t, err := s.tasks.Start(task.Spec{ID: w.id, Type: w.kind, Head: w.head, Secrets: w.secrets, Again: w.again, Run: func(ctx context.Context, t *task.Task) (task.Outcome, error) {
		j.told.to = t
		j.result, j.err = w.run(ctx, j.told)
		return w.outcome(j.result, j.err)
	}})
	switch {
	case errors.Is(err, task.ErrBadID):
		return nil, unprocessable(fault{[]any{"body", "task_id"}, err.Error(), "value_error"})
	case errors.Is(err, task.ErrBadHead):
		return nil, unprocessable(fault{[]any{"body"}, "too long: what the task's events tell of the request must be at most 32 KiB", "value_error"})
	case err != nil:
		return nil, err
	}
	j.Task = t
	return j, nil
}

// again does the work once more, for nobody who waits for its answer.
func (w work[R]) again(ctx context.Context, t *task.Task) (task.Outcome, error) {
	return w.outcome(w.run(ctx, t))
}

func (w work[R]) outcome(result R, err error) (task.Outcome, error) {
	switch {
	case err != nil:
		return task.Outcome{}, err
	case w.brief != nil:
		return task.Outcome{Result: w.brief(result)}, nil
	}
	return task.Outcome{Result: result}, nil
}

// carryOut starts a work and answers with its live stream to a client that names
// a stream's type, to all others with what answer makes of it when it has ended.
func carryOut[R any](s *Server, c *fiber.Ctx, w work[R], answer func(*job[R]) any) error {
	as, live := wantsLiveStream(c.Get(fiber.HeaderAccept))
	if live && s.streams.full() { // said before anything runs
		return unavailable(30*time.Second, "too many streams are open, come back later; nothing has been done")
	}
	j, err := begin(s, w)
	if err != nil {
		return err
	}
	c.Set("X-Task-Id", j.ID())
	switch {
	case live && !j.failsAtOnce():
		return s.follow(c, streamRequest{shape: as, topics: []string{"tasks/" + j.ID()}, start: s.beginOf(j.Snapshot())})
	case !s.wait(c, j.Task):
		return errGone
	}
	if err := j.failure(c); err != nil {
		return err
	}
	return c.JSON(answer(j))
}

// failsAtOnce waits a moment for the task's first word. One that fails without a
// word, such as the push of an image that is not there, is answered with that
// failure's status even to a client that asked for a stream.
func (j *job[R]) failsAtOnce() bool {
	if j.Snapshot().Queued {
		return false
	}
	const moment = time.Second
	timer := time.NewTimer(moment)
	defer timer.Stop()
	select {
	case <-j.told.begun:
	case <-timer.C:
	case <-j.Done():
		select {
		case <-j.told.begun:
		default:
			return j.Snapshot().Status == task.Error
		}
	}
	return false
}

// failure is what a task that has ended without success is answered with: what
// its error stands for; a 409 where somebody has cancelled it; a 503 where the hub
// shuts down. The body names the task.
func (j *job[R]) failure(c *fiber.Ctx) error {
	end := j.Snapshot()
	var answer *apiError
	switch end.Outcome {
	case task.Completed:
		return nil
	case task.Cancelled:
		answer = conflict("%s was cancelled", j.name)
	case task.Interrupted:
		answer = newError(nethttp.StatusServiceUnavailable, "%s was interrupted: the hub is shutting down", j.name)
	default:
		answer = toAnswer(c, j.err, stamp(c))
	}
	answer.More = map[string]any{"task_id": end.ID, "outcome": end.Outcome}
	if answer.Status == nethttp.StatusInternalServerError { // the log is to say what the client is not told
		return fmt.Errorf("%w: task %s: %s", answer, end.ID, end.Error)
	}
	return answer
}
