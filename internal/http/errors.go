package http

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	nethttp "net/http"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"hub/internal/docker"
	"hub/internal/task"
)

// apiError is an answer that is not a success: its status, and what the body's
// "detail" says, a sentence or a list of faults. Handlers return it (or an error
// that wraps it); errorHandler alone writes it.
type apiError struct {
	Status int
	Detail any // a sentence, or []fault
	// RetryAfter, where it is not 0, is sent in whole seconds, at least 1.
	RetryAfter time.Duration
	// More stands in the body beside the detail.
	More map[string]any
}

// body is what the answer holds.
func (e *apiError) body() fiber.Map {
	body := fiber.Map{"detail": e.Detail}
	maps.Copy(body, e.More)
	return body
}

// Error is the detail as words, for logs.
func (e *apiError) Error() string {
	if s, ok := e.Detail.(string); ok {
		return s
	}
	return fmt.Sprint(e.Detail)
}

// fault is one thing that is wrong with a request's fields: where (for example
// ["body", "cmd"]), what in words, and a type that programs can tell apart.
type fault struct {
	Loc  []any  `json:"loc"`
	Msg  string `json:"msg"`
	Type string `json:"type"`
}

// locOf is where a field stands in a body; a path such as "stages.2.repo_tag" leads
// to one further in.
func locOf(field string) []any {
	loc := []any{"body"}
	for step := range strings.SplitSeq(field, ".") {
		if i, err := strconv.Atoi(step); err == nil {
			loc = append(loc, i)
		} else {
			loc = append(loc, step)
		}
	}
	return loc
}

func badRequest(format string, args ...any) *apiError {
	return newError(nethttp.StatusBadRequest, format, args...)
}

func forbidden(format string, args ...any) *apiError {
	return newError(nethttp.StatusForbidden, format, args...)
}

func notFound(format string, args ...any) *apiError {
	return newError(nethttp.StatusNotFound, format, args...)
}

func conflict(format string, args ...any) *apiError {
	return newError(nethttp.StatusConflict, format, args...)
}

func tooLarge(format string, args ...any) *apiError {
	return newError(nethttp.StatusRequestEntityTooLarge, format, args...)
}

func unsupportedType(format string, args ...any) *apiError {
	return newError(nethttp.StatusUnsupportedMediaType, format, args...)
}

// unprocessable is the 422 that lists every fault found.
func unprocessable(faults ...fault) *apiError {
	return &apiError{Status: nethttp.StatusUnprocessableEntity, Detail: faults}
}

// unavailable asks the client to come back after that long.
func unavailable(after time.Duration, format string, args ...any) *apiError {
	e := newError(nethttp.StatusServiceUnavailable, format, args...)
	e.RetryAfter = after
	return e
}

func newError(status int, format string, args ...any) *apiError {
	return &apiError{Status: status, Detail: fmt.Sprintf(format, args...)}
}

// statusGone is what a log shows of a request whose client left before its answer.
const statusGone = 499

// statuses says what each kind of error is in HTTP. An error's own words are
// its detail, so a kind that stands here must have words fit for a client.
var statuses = []struct {
	kind   error
	status int
}{
	{context.DeadlineExceeded, nethttp.StatusGatewayTimeout},
	{errGone, statusGone},
	{task.ErrBadID, nethttp.StatusUnprocessableEntity},
	{task.ErrBadHead, nethttp.StatusUnprocessableEntity},
	{task.ErrBadCommand, nethttp.StatusBadRequest},
	{task.ErrRunning, nethttp.StatusConflict},
	{task.ErrOnce, nethttp.StatusConflict},
	{task.ErrNotFound, nethttp.StatusNotFound},
	{task.ErrFull, nethttp.StatusServiceUnavailable},
	{task.ErrClosed, nethttp.StatusServiceUnavailable},
	{docker.ErrUnavailable, nethttp.StatusServiceUnavailable},
	{docker.ErrNotFound, nethttp.StatusNotFound},
	{docker.ErrConflict, nethttp.StatusConflict},
	{docker.ErrBadInput, nethttp.StatusBadRequest},
	{docker.ErrInvalid, nethttp.StatusUnprocessableEntity},
	{docker.ErrUnauthorized, nethttp.StatusUnauthorized},
	{docker.ErrForbidden, nethttp.StatusForbidden},
	{docker.ErrRegistry, nethttp.StatusBadGateway},
	{docker.ErrTooLarge, nethttp.StatusRequestEntityTooLarge},
	{docker.ErrBuild, nethttp.StatusUnprocessableEntity},
	{docker.ErrUnsupported, nethttp.StatusConflict},
}

// errorHandler writes every error answer there is: {"detail": …} and the status
// that the error stands for. What nobody expected is a 500 that says only the
// request's id; the log line of that id has the rest.
func errorHandler(log *slog.Logger) fiber.ErrorHandler {
	return func(c *fiber.Ctx, err error) error {
		id := stamp(c)
		answer := toAnswer(c, err, id)
		if answer.Status >= nethttp.StatusInternalServerError && answer.Status != nethttp.StatusServiceUnavailable {
			level := slog.LevelError
			if answer.Status == nethttp.StatusBadGateway { // somebody else's failure
				level = slog.LevelWarn
			}
			log.Log(c.UserContext(), level, "request failed", "request", id, "method", strings.Clone(c.Method()), "route", routeOf(c), "status", answer.Status, "error", err)
		}
		if answer.RetryAfter > 0 {
			c.Set(fiber.HeaderRetryAfter, strconv.Itoa(max(1, int((answer.RetryAfter+time.Second-1)/time.Second))))
		}
		return c.Status(answer.Status).JSON(answer.body())
	}
}

func toAnswer(c *fiber.Ctx, err error, id string) *apiError {
	var own *apiError
	if errors.As(err, &own) {
		return own
	}
	var framework *fiber.Error
	if errors.As(err, &framework) {
		return fromFramework(c, framework)
	}
	var engine *docker.Error
	switch {
	case !errors.As(err, &engine):
	case engine.Field != "":
		return unprocessable(fault{locOf(engine.Field), err.Error(), "value_error"})
	case engine.Kind == nil: // it failed for a reason of its own, in words of its own
		return newError(nethttp.StatusBadGateway, "%s", err)
	}
	for _, s := range statuses {
		if errors.Is(err, s.kind) {
			return newError(s.status, "%s", err)
		}
	}
	return newError(nethttp.StatusInternalServerError, "internal error, request %s", id)
}

// fromFramework gives the answers that Fiber and fasthttp make up by themselves
// (no such route, a head that cannot be read) words that help.
func fromFramework(c *fiber.Ctx, e *fiber.Error) *apiError {
	switch e.Code {
	case nethttp.StatusNotFound:
		return notFound("no route %s %s (GET /docs lists what there is)", c.Method(), shorten(c.Path()))
	case nethttp.StatusMethodNotAllowed:
		return newError(e.Code, "%s does not take %s, only %s", shorten(c.Path()), c.Method(), c.GetRespHeader(fiber.HeaderAllow))
	case nethttp.StatusRequestEntityTooLarge:
		return tooLarge("the body is too large")
	case nethttp.StatusRequestHeaderFieldsTooLarge:
		return newError(e.Code, "the request's head is over %d KiB", headLimit>>10)
	case nethttp.StatusRequestTimeout:
		return newError(e.Code, "the request took too long to arrive")
	case nethttp.StatusBadGateway: // Fiber's word for a client that broke off in its head
		return newError(statusGone, "the client has gone")
	case nethttp.StatusBadRequest:
		return badRequest("cannot read the request: %s", shorten(e.Message))
	}
	return newError(e.Code, "%s", shorten(e.Message))
}

// shorten is a copy of a client's text, small enough to be part of a sentence.
func shorten(s string) string {
	const most = 100
	if len(s) > most {
		return strings.ToValidUTF8(s[:most], "") + "…"
	}
	return strings.Clone(s)
}
