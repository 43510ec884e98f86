package http

import (
	"context"
	nethttp "net/http"

	"github.com/gofiber/fiber/v2"

	"hub/internal/system"
)

// role is who may use a route. There is no login yet, so everybody has every
// role; the table names them all the same.
type role string

const (
	viewer   role = "viewer"   // looks
	operator role = "operator" // publishes, and runs what is defined
	admin    role = "admin"    // may do on the host what the hub may
)

// bodies says what a route takes of a request's body.
type bodies int

const (
	noBody   bodies = iota // GET and the like
	jsonBody               // application/json, and nothing else
	anyBody                // any type: /stream
	maybe                  // application/json, or no body at all
)

// route is one line of the table.
type route struct {
	method string
	path   string
	role   role
	body   bodies
	about  string
	handle fiber.Handler
}

// table is every route there is.
func (s *Server) table() []route {
	const get, post, put = nethttp.MethodGet, nethttp.MethodPost, nethttp.MethodPut
	return []route{
		{get, "/", viewer, noBody, "the page, or to programs the older service's greeting", rootHandler(s.env, s.pages)},
		{get, "/docs", viewer, noBody, "this list", s.docs},
		{get, "/assets/*", viewer, noBody, "the page's files", s.pages.file},
		{get, "/healthz", viewer, noBody, "200 while the process answers", healthHandler},
		{get, "/readyz", viewer, noBody, "200 while the hub can work, else 503 and why not", readyHandler(s.checks)},
		{get, "/version", viewer, noBody, "which program this is", versionHandler(s.version)},

		{get, "/stream", viewer, noBody, "follow several topics: ?topic=…&topic=…", s.openStream},
		{get, "/stream/*", viewer, noBody, "follow a topic, as WebSocket, SSE, NDJSON, text or pages", s.openStream},
		{post, "/stream/*", operator, anyBody, "publish the body, as it arrives", s.publish},
		{put, "/stream/*", operator, anyBody, "publish the body, as it arrives", s.publish},
		{get, "/topics", viewer, noBody, "the topics there are: ?match=PATTERN", s.listTopics},

		{post, "/tasks/run-stream", admin, jsonBody, "run a shell command and wait, or follow it live", s.runTask},
		{post, "/tasks/start", admin, jsonBody, "run a shell command; answers at once with its id", s.startTask},
		{post, "/tasks/:task_id/cancel", operator, maybe, "end a task; answers when it is gone", s.cancelTask},
		{get, "/tasks", viewer, noBody, "the tasks, newest first: ?status=…&type=…&limit=…", s.listTasks},
		{get, "/tasks/status/:task_id", viewer, noBody, "a task and its events: ?limit=1000", s.taskStatus},
		{get, "/tasks/logs/:task_id", viewer, noBody, "a task's last lines: ?tail=200", s.taskLogs},

		{get, "/system/info", viewer, noBody, "the machine", infoHandler(func(context.Context) (system.Info, error) { return s.system.Info() })},
		{get, "/system/usage", viewer, noBody, "what is in use of it", infoHandler(func(context.Context) (system.Usage, error) { return s.system.Usage(), nil })},
		{get, "/system/top", viewer, noBody, "the busiest processes: ?sort=cpu|memory&limit=10", topHandler(s.top)},
	}
}

// register gives the table to the app. What takes a GET takes a HEAD.
func (s *Server) register() {
	s.routes = s.table()
	for _, r := range s.routes {
		handlers := []fiber.Handler{r.handle}
		switch r.body {
		case jsonBody:
			handlers = append([]fiber.Handler{wantJSON}, handlers...)
		case maybe:
			handlers = append([]fiber.Handler{wantJSONOrNothing}, handlers...)
		}
		if r.method == nethttp.MethodGet {
			s.app.Head(r.path, handlers...)
		}
		s.app.Add(r.method, r.path, handlers...)
	}
}

// wantJSONOrNothing stands before routes that need no body.
func wantJSONOrNothing(c *fiber.Ctx) error {
	if len(c.Request().Header.ContentType()) == 0 && c.Request().Header.ContentLength() == 0 {
		return c.Next()
	}
	return wantJSON(c)
}

func (s *Server) top(ctx context.Context, sort string, limit int) ([]system.Process, error) {
	return s.system.Top(ctx, system.Sort(sort), limit)
}
