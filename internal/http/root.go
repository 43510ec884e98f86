package http

import (
	nethttp "net/http"
	"strings"

	"github.com/gofiber/fiber/v2"
)

// greeting is what the older service said at its root.
type greeting struct {
	Hello   string `json:"Hello"`
	Service string `json:"service"`
	Docs    string `json:"docs"`
}

var rootDoc = operation{
	gives: greeting{"From: DEFAULT_ENV", "Docker Manager API", "/docs"},
	also:  []answer{{200, "text/html", "The page, to a client that asks for HTML ahead of JSON.", "<!doctype html>…"}, notModified},
}

// rootHandler is GET /: the page to a browser, the older service's greeting to
// everybody else. env is the environment's name, "" where there is none.
func rootHandler(env string, pages assets) fiber.Handler {
	if env == "" {
		env = "DEFAULT_ENV"
	}
	hello := greeting{"From: " + env, "Docker Manager API", "/docs"}
	return func(c *fiber.Ctx) error {
		c.Append(fiber.HeaderVary, fiber.HeaderAccept)
		if wantsHTML(c.Get(fiber.HeaderAccept)) {
			return pages.send(c, "index.html")
		}
		return c.JSON(hello)
	}
}

var uiDoc = operation{
	also: []answer{{200, "text/html", "The page; which view it shows is its own affair.", "<!doctype html>…"}, notModified},
}

// ui is GET /ui/*: the page, whatever view the address is of.
func (s *Server) ui(c *fiber.Ctx) error { return s.pages.send(c, "index.html") }

// health is the answer of GET /healthz.
type health struct {
	Status string `json:"status" enum:"ok"`
}

var healthDoc = operation{gives: health{"ok"}}

// healthHandler is GET /healthz: the process runs and answers.
func healthHandler(c *fiber.Ctx) error { return c.JSON(health{"ok"}) }

// Check is one thing the hub needs to do its work.
type Check struct {
	Name     string `json:"name"`
	OK       bool   `json:"ok"`
	Reason   string `json:"reason,omitempty" description:"why not, in words"`
	Optional bool   `json:"optional,omitempty" description:"the hub can do without it: it is told, and keeps nobody away"`
}

// readiness is the answer of GET /readyz.
type readiness struct {
	Status string  `json:"status" enum:"ok,not ready"`
	Detail string  `json:"detail,omitempty" description:"why it is not ready"`
	Checks []Check `json:"checks"`
}

var readyDoc = operation{
	gives: readiness{Status: "ok", Checks: []Check{{Name: "hub", OK: true}}},
	also: []answer{{503, "", "Not ready.", readiness{
		"not ready", "not ready: hub: it is shutting down", []Check{{Name: "hub", Reason: "it is shutting down"}},
	}}},
}

// readyHandler is GET /readyz: 200 when all checks are good, else 503 and the
// reasons. A hub that shuts down is not ready from the first moment on.
func readyHandler(checks func() []Check) fiber.Handler {
	return func(c *fiber.Ctx) error {
		all := checks()
		var reasons []string
		for _, check := range all {
			if !check.OK && !check.Optional {
				reasons = append(reasons, check.Name+": "+check.Reason)
			}
		}
		if len(reasons) > 0 {
			return c.Status(nethttp.StatusServiceUnavailable).
				JSON(readiness{"not ready", "not ready: " + strings.Join(reasons, "; "), all})
		}
		return c.JSON(readiness{Status: "ok", Checks: all})
	}
}

// Version says which program this is.
type Version struct {
	Version string `json:"version"`
	Commit  string `json:"commit,omitempty"`
	Built   string `json:"built,omitempty" format:"date-time"`
	Go      string `json:"go"`
}

var versionDoc = operation{gives: Version{Version: "1.4.0", Commit: "3f0c9a7", Built: "2026-11-23T20:11:47Z", Go: "go1.26"}}

// versionHandler is GET /version.
func versionHandler(v Version) fiber.Handler {
	return func(c *fiber.Ctx) error { return c.JSON(v) }
}
