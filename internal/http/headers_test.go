package http

import (
	"regexp"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"
)

// Every answer, also those that no handler of ours made, carries the protective
// heads and a request id, and never the name of the software.
func TestEveryAnswerIsProtected(t *testing.T) {
	l := serveApp(t, appOptions{}, func(app *fiber.App) {
		app.Get("/", okay)
		app.Post("/fails", func(*fiber.Ctx) error { return badRequest("no") })
		app.Get("/panics", func(*fiber.Ctx) error { panic("no") })
	})
	addr := l.Addr().String()
	seen := map[string]bool{}
	for _, raw := range []string{
		request("GET / HTTP/1.1", "Host: localhost"),
		request("HEAD / HTTP/1.1", "Host: localhost"),
		request("GET /none HTTP/1.1", "Host: localhost"),
		request("DELETE / HTTP/1.1", "Host: localhost"),
		request("POST /fails HTTP/1.1", "Host: localhost", "Content-Length: 0"),
		request("GET /panics HTTP/1.1", "Host: localhost"),
		request("GET / HTTP/1.1", "Host: evil.test"),
		request("GET / HTTP/1.1", "Host: localhost", "Origin: null"),
		request("BREW / HTTP/1.1", "Host: localhost"),
		request("GET / HTTP/1.1", "Host: localhost", "X: "+strings.Repeat("x", 20<<10)),
		request("GET / HTTP/1.1", "Host: localhost", "nonsense"),
	} {
		r, _ := answerTo(t, addr, raw)
		for name, want := range map[string]string{
			"Content-Security-Policy": "default-src 'none'", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
			"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
		} {
			if got := r.Header.Get(name); !strings.HasPrefix(got, want) {
				t.Errorf("%.40q (%d): %s is %q, want %q", raw, r.StatusCode, name, got, want)
			}
		}
		id := r.Header.Get("X-Request-Id")
		if !regexp.MustCompile(`^[0-9a-f]{12}$`).MatchString(id) || seen[id] {
			t.Errorf("%.40q: request id %q", raw, id)
		}
		seen[id] = true
		if got := r.Header.Get("Server"); got != "" {
			t.Errorf("%.40q: Server is %q", raw, got)
		}
	}
}

// A hijacked connection's own head carries what every other answer does.
func TestAppendHeadersRepeatsWhatTheEdgeHasSet(t *testing.T) {
	var lines string
	l := serveApp(t, appOptions{AllowedOrigins: []string{"https://friend.test"}}, func(app *fiber.App) {
		app.Get("/", func(c *fiber.Ctx) error {
			lines = string(appendHeaders(nil, c))
			return okay(c)
		})
	})
	r, _ := answerTo(t, l.Addr().String(), request("GET / HTTP/1.1", "Host: localhost", "Origin: https://friend.test"))
	for _, name := range []string{"Content-Security-Policy", "X-Content-Type-Options", "X-Request-Id", "Access-Control-Allow-Origin", "Vary"} {
		if want := name + ": " + r.Header.Get(name) + "\r\n"; !strings.Contains(lines, want) {
			t.Errorf("%q is not in\n%s", want, lines)
		}
	}
	if strings.Contains(lines, "Content-Type:") || strings.Contains(lines, "Content-Length") {
		t.Errorf("heads of the body are there:\n%s", lines)
	}
}
