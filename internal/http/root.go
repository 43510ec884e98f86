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

// healthHandler is GET /healthz: the process runs and answers.
func healthHandler(c *fiber.Ctx) error {
	return c.JSON(fiber.Map{"status": "ok"})
}

// Check is one thing the hub needs to do its work.
type Check struct {
	Name   string `json:"name"`
	OK     bool   `json:"ok"`
	Reason string `json:"reason,omitempty"` // why not, in words
	// Optional is of what the hub can do without: it is told, and keeps nobody away.
	Optional bool `json:"optional,omitempty"`
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
				JSON(fiber.Map{"status": "not ready", "detail": "not ready: " + strings.Join(reasons, "; "), "checks": all})
		}
		return c.JSON(fiber.Map{"status": "ok", "checks": all})
	}
}

// Version says which program this is.
type Version struct {
	Version string `json:"version"`
	Commit  string `json:"commit,omitempty"`
	Built   string `json:"built,omitempty"` // RFC 3339
	Go      string `json:"go"`
}

// versionHandler is GET /version.
func versionHandler(v Version) fiber.Handler {
	return func(c *fiber.Ctx) error { return c.JSON(v) }
}
