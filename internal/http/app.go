package http

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	nethttp "net/http"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"hub/internal/mask"
)

const (
	headLimit        = 16 << 10
	defaultBodyLimit = 1 << 20
	readTimeout      = 10 * time.Second
	idleTimeout      = 2 * time.Minute
)

// appOptions are what every request meets before its route.
type appOptions struct {
	MaxConns       int      // the listener's limit
	BodyLimit      int      // bytes of an ordinary body, 0: 1 MiB
	AllowedHosts   []string // names the hub answers to besides its own address: "name" or "name:port"
	AllowedOrigins []string // foreign pages that may use the hub: "https://name[:port]"
	Log            *slog.Logger
	Mask           *mask.Set // what no answer shows; nil for nothing

	readTimeout time.Duration // 0: 10 s; tests shorten it
}

// newApp is a Fiber application with the edge in place and no routes yet.
//
// A request's head, and an ordinary body, must have arrived 10 s after their
// first byte; who reads a body for longer renews the connection's read deadline
// before each read. A keep-alive connection may be idle for two minutes. None of
// these touches a hijacked connection. Writes have no deadline here: the
// listener's connections end them when a reader takes nothing (conn.Write).
func newApp(o appOptions) (*fiber.App, error) {
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.BodyLimit <= 0 {
		o.BodyLimit = defaultBodyLimit
	}
	if o.readTimeout <= 0 {
		o.readTimeout = readTimeout
	}
	edge, err := newEdge(o.AllowedHosts, o.AllowedOrigins)
	if err != nil {
		return nil, err
	}
	app := fiber.New(fiber.Config{
		DisableStartupMessage: true,
		CaseSensitive:         true,
		BodyLimit:             o.BodyLimit,
		Concurrency:           concurrency(o.MaxConns),
		ReadBufferSize:        headLimit,
		ReadTimeout:           o.readTimeout,
		IdleTimeout:           idleTimeout,
		StreamRequestBody:     true,
		ErrorHandler:          errorHandler(o.Log),
		JSONEncoder:           encodeJSON,
		// Else a multipart body of any size goes to memory and temporary files
		// before a handler sees the request.
		DisablePreParseMultipartForm: true,
	})
	server := app.Server()
	server.HeaderReceived = soon
	server.Handler = knownMethods(server.Handler, o.Log)
	app.Use(withoutSecrets(o.Mask), requests(o.Log), recovered(o.Log), drain(o.readTimeout), edge.host, edge.origin)
	return app, nil
}

// encodeJSON is json.Marshal without its escapes for HTML, so that an answer holds
// a line as its event does.
func encodeJSON(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// concurrency leaves saying no to the listener, which says it better.
func concurrency(maxConns int) int {
	if maxConns <= 0 {
		return fasthttp.DefaultConcurrency
	}
	return maxConns + refusalsAtOnce
}

// soon makes a handler start with the first byte of its body. fasthttp waits for
// 8 KiB of a body whose length is known, or this limit if it is less; the limit
// has no other effect on streamed bodies, whoever reads them applies their own.
func soon(*fasthttp.RequestHeader) fasthttp.RequestConfig {
	return fasthttp.RequestConfig{MaxRequestBodySize: 1}
}

// knownMethods answers methods HTTP does not know, which Fiber would answer by
// itself, in plain text and without the protective heads.
func knownMethods(next fasthttp.RequestHandler, log *slog.Logger) fasthttp.RequestHandler {
	return func(ctx *fasthttp.RequestCtx) {
		if slices.Contains(fiber.DefaultMethods, string(ctx.Method())) {
			next(ctx)
			return
		}
		id := newRequestID()
		for _, h := range protective {
			ctx.Response.Header.Set(h[0], h[1])
		}
		ctx.Response.Header.Set(headerRequestID, id)
		ctx.SetConnectionClose()
		ctx.SetStatusCode(nethttp.StatusNotImplemented)
		ctx.SetContentType(fiber.MIMEApplicationJSON)
		ctx.SetBodyString(`{"detail":"no such method"}`)
		log.Debug("request", "request", id, "status", nethttp.StatusNotImplemented)
	}
}

// requests stamps each answer, turns errors into answers, and logs: the route's
// template, never the path or the query, which may hold what is secret.
func requests(log *slog.Logger) fiber.Handler {
	return func(c *fiber.Ctx) error {
		began, id := time.Now(), stamp(c)
		if err := c.Next(); err != nil {
			if err := c.App().ErrorHandler(c, err); err != nil {
				return err
			}
		}
		if log.Enabled(c.Context(), slog.LevelDebug) {
			log.Debug("request", "request", id, "method", strings.Clone(c.Method()), "route", routeOf(c),
				"status", c.Response().StatusCode(), "took", time.Since(began).Round(time.Microsecond))
		}
		return nil
	}
}

// routeOf is the template of the route that was matched, such as
// /tasks/status/:task_id.
func routeOf(c *fiber.Ctx) string {
	if r := c.Route(); r != nil {
		return strings.Clone(r.Path)
	}
	return ""
}

// recovered makes a panic in a handler an internal error. The stack goes to the
// log; what the request held does not.
func recovered(log *slog.Logger) fiber.Handler {
	return func(c *fiber.Ctx) (err error) {
		defer func() {
			if r := recover(); r != nil {
				log.Error("a handler panicked", "request", stamp(c), "route", routeOf(c), "panic", fmt.Sprintf("%.200v", r), "stack", string(debug.Stack()))
				err = fmt.Errorf("a handler panicked")
			}
		}()
		return c.Next()
	}
}

// drain sees to what a handler left unread of its body, which must never be read
// as the next request. fasthttp answers first, then reads up to 256 KiB of it or
// closes; this bounds that reading in time, whatever deadline the handler had
// set, and makes the close gentle so that the answer arrives.
func drain(within time.Duration) fiber.Handler {
	return func(c *fiber.Ctx) error {
		connection, ours := c.Context().Conn().(*conn)
		hasBody := c.Context().RequestBodyStream() != nil
		if ours {
			connection.lingerOnClose(hasBody)
		}
		err := c.Next()
		switch {
		case c.Context().Hijacked():
			if ours {
				connection.lingerOnClose(false)
			}
		case hasBody:
			if e := c.Context().Conn().SetReadDeadline(time.Now().Add(within)); e != nil && err == nil {
				return e
			}
		}
		return err
	}
}
