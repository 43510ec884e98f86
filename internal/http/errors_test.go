package http

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/google/go-cmp/cmp"
)

func TestEveryErrorAnswersWithItsStatusAndADetail(t *testing.T) {
	buffer, log := debugLog()
	fails := map[string]error{
		"bad":         badRequest("the topic %q is bad", "x"),
		"not-found":   fmt.Errorf("cannot stop task: %w", notFound("no task x")),
		"conflict":    conflict("busy"),
		"large":       tooLarge("too much"),
		"fields":      unprocessable(fault{[]any{"body", "cmd"}, "field required", "value_error.missing"}),
		"unavailable": unavailable(1500*time.Millisecond, "later"),
		"unexpected":  errors.New("cannot open /var/lib/private"),
	}
	l := serveApp(t, appOptions{Log: log}, func(app *fiber.App) {
		app.Get("/fail/:how", func(c *fiber.Ctx) error { return fails[c.Params("how")] })
		app.Post("/fail/:how", okay)
		app.Get("/tasks/:id", okay)
	})
	for _, c := range []struct {
		line   string
		status int
		detail any
	}{
		{"GET /fail/bad", 400, `the topic "x" is bad`},
		{"GET /fail/not-found", 404, "no task x"},
		{"GET /fail/conflict", 409, "busy"},
		{"GET /fail/large", 413, "too much"},
		{"GET /fail/fields", 422, []any{map[string]any{"loc": []any{"body", "cmd"}, "msg": "field required", "type": "value_error.missing"}}},
		{"GET /fail/unavailable", 503, "later"},
		{"GET /nowhere?token=hidden", 404, "no route GET /nowhere (GET /docs lists what there is)"},
		{"GET /" + strings.Repeat("n", 200), 404, "no route GET /" + strings.Repeat("n", 99) + "… (GET /docs lists what there is)"},
		{"DELETE /fail/x", 405, "/fail/x does not take DELETE, only GET, HEAD, POST"},
	} {
		r, body := answerTo(t, l.Addr().String(), request(c.line+" HTTP/1.1", "Host: localhost"))
		var got struct{ Detail any }
		if err := json.Unmarshal([]byte(body), &got); err != nil {
			t.Errorf("%s: %v in %s", c.line, err, body)
		}
		if r.StatusCode != c.status || !sameWords(got.Detail, c.detail) || r.Header.Get("Content-Type") != "application/json" {
			t.Errorf("%s: got %d %s", c.line, r.StatusCode, body)
		}
		if c.status == 503 && r.Header.Get("Retry-After") != "2" {
			t.Errorf("Retry-After is %q, want 2", r.Header.Get("Retry-After"))
		}
		if c.status == 405 && r.Header.Get("Allow") == "" {
			t.Errorf("no Allow head")
		}
	}

	r, body := answerTo(t, l.Addr().String(), request("GET /fail/unexpected HTTP/1.1", "Host: localhost"))
	id := r.Header.Get("X-Request-Id")
	if want := `{"detail":"internal error, request ` + id + `"}`; r.StatusCode != 500 || body != want {
		t.Errorf("got %d %s, want %s", r.StatusCode, body, want)
	}
	if logged := buffer.String(); !strings.Contains(logged, id) || !strings.Contains(logged, "/var/lib/private") || strings.Contains(logged, "hidden") {
		t.Errorf("the log:\n%s", logged)
	}
}

// sameWords compares details; the methods of a 405 come in any order.
func sameWords(got, want any) bool {
	g, ok := got.(string)
	w, _ := want.(string)
	if !ok || !strings.Contains(g, ", only ") {
		return cmp.Equal(got, want)
	}
	return strings.HasPrefix(g, strings.Split(w, ", only ")[0])
}

// A client that breaks its connection off is not an error of the hub's, and
// fills no log.
func TestAClientThatResetsItsConnectionIsNoFailure(t *testing.T) {
	buffer, log := debugLog()
	l := serveApp(t, appOptions{Log: log}, func(app *fiber.App) { app.Get("/", okay) })
	for range 5 {
		c, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.WriteString(c, "GET / HT")
		until(t, "the connection is served", func() bool { return l.Open() > 0 })
		_ = c.(*net.TCPConn).SetLinger(0) // a reset
		_ = c.Close()
		until(t, "it is gone", func() bool { return l.Open() == 0 })
	}
	if logged := buffer.String(); strings.Contains(logged, "level=ERROR") {
		t.Errorf("the log:\n%s", logged)
	}
}
