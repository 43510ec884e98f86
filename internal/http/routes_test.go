package http

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"hub/internal/broker"
	"hub/internal/system"
	"hub/internal/task"
)

// startWholeHub has everything that routes ask.
func startWholeHub(t *testing.T) *testHub {
	t.Helper()
	h := startTaskHub(t, task.Options{}, broker.Options{})
	h.server.system = system.New(system.Options{})
	return h
}

// example is the route's path with its parameters filled in.
func (r route) example() string {
	return strings.NewReplacer(
		"/stream/*", "/stream/ci/1", "/ui/*", "/ui/tasks", "/assets/*", "/assets/index.html", "/docs/*", "/docs/docs.js", ":task_id", "a", ":id_or_name", "a", ":name", "a",
	).Replace(r.path)
}

// looks are the routes that change nothing, though they take a body; a terminal
// is a GET, and changes what it likes.
var looks = map[string]bool{"POST /docker/container/fs/list": true, "POST /docker/container/fs/read": true, "GET /docker/exec/:name/attach": false}

func TestEveryRouteNamesItsRoleAndSaysWhatItIs(t *testing.T) {
	h := startWholeHub(t)
	for _, r := range h.server.routes {
		if r.role != viewer && r.role != operator && r.role != admin || r.about == "" || r.handle == nil {
			t.Errorf("%s %s: %+v", r.method, r.path, r)
		}
		look, said := looks[r.method+" "+r.path]
		if !said {
			look = r.method == "GET"
		}
		if look != (r.role == viewer) || (r.method == "GET") != (r.body == noBody) {
			t.Errorf("%s %s is for a %s, with body %d", r.method, r.path, r.role, r.body)
		}
	}
	for _, r := range h.server.app.GetRoutes(true) {
		if !slices.ContainsFunc(h.server.routes, func(known route) bool { return known.path == r.Path }) {
			t.Errorf("%s %s is not in the table", r.Method, r.Path)
		}
	}
}

func TestEveryRouteTakesItsMethodsAndNoOthersAndIsProtected(t *testing.T) {
	h := startWholeHub(t)
	taken := map[string]string{}
	for _, r := range h.server.routes {
		taken[r.example()] += " " + r.method
	}
	taken["/stream"] += " POST PUT" // which say that they need a topic
	for _, path := range []string{"/pipeline/start", "/pipeline/html-site"} {
		taken[path] += " GET" // of a pipeline that is called so
	}
	for target, methods := range taken {
		for _, method := range []string{"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"} {
			known := strings.Contains(methods, method) || method == "HEAD" && strings.Contains(methods, "GET")
			if known && method == "GET" && strings.HasPrefix(target, "/stream/") {
				continue // it never ends
			}
			r, text := h.request(method, target)
			if known == (r.StatusCode == 405) || !known && r.Header.Get("Allow") == "" {
				t.Errorf("%s %s: %d, Allow %q, %.100s", method, target, r.StatusCode, r.Header.Get("Allow"), text)
			}
			if method == "HEAD" && text != "" {
				t.Errorf("HEAD %s has a body: %.100s", target, text)
			}
			for _, head := range protective {
				if strings.HasPrefix(target, "/docs") && r.StatusCode == 200 && head[0] == "Content-Security-Policy" {
					head[1] = docsCSP
				}
				if r.Header.Get(head[0]) != head[1] {
					t.Errorf("%s %s: %s is %q", method, target, head[0], r.Header.Get(head[0]))
				}
			}
			if len(r.Header.Get(headerRequestID)) != 12 {
				t.Errorf("%s %s has no request id", method, target)
			}
		}
	}
}

func TestAHEADLeavesTheNextAnswerOfItsConnectionIntact(t *testing.T) {
	h := startWholeHub(t)
	for _, r := range h.server.routes {
		if r.method != "GET" {
			continue
		}
		for _, accept := range []string{"*/*", "text/event-stream", "application/x-ndjson", "application/json"} {
			c := h.dial("HEAD " + r.example() + " HTTP/1.1\nHost: localhost\nAccept: " + accept + "\n\nGET /version HTTP/1.1\nHost: localhost\n\n")
			c.head()
			if head := c.head(); !strings.HasPrefix(head, "HTTP/1.1 200 OK\r\n") {
				t.Errorf("%s %s: then %s", r.path, accept, head)
			}
			var v Version
			if err := json.NewDecoder(c.in).Decode(&v); err != nil {
				t.Errorf("%s %s: %v", r.path, accept, err)
			}
			_ = c.Close()
		}
	}
}

func TestAFormOrAScriptThatDoesNotAskChangesNothing(t *testing.T) {
	h := startWholeHub(t)
	made := filepath.Join(t.TempDir(), "made")
	running, err := h.server.tasks.Start(task.Spec{ID: "a", Type: "t", Run: func(ctx context.Context, _ *task.Task) (task.Outcome, error) {
		<-ctx.Done()
		return task.Outcome{}, ctx.Err()
	}})
	if err != nil {
		t.Fatal(err)
	}
	body := `{"cmd":"touch ` + made + `"}`
	for _, r := range h.server.routes {
		if r.method == "GET" || r.body == anyBody {
			continue
		}
		for _, kind := range []string{
			"", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/json", "application/json-patch+json",
			"application/jsonp", "text/plain; application/json", "application/json, text/plain",
		} {
			if a := h.send(r.method, r.example(), kind, strings.NewReader(body)); a.status != 415 {
				t.Errorf("%s %s as %q: %s", r.method, r.path, kind, a)
			}
		}
		for _, heads := range [][]string{
			{"Origin: http://localhost:9999"}, {"Origin: null"}, {"Origin: http://evil.test"}, {"Sec-Fetch-Site: cross-site"}, {"Sec-Fetch-Site: same-site"},
		} {
			if a := h.send(r.method, r.example(), "application/json", strings.NewReader(body), heads...); a.status != 403 {
				t.Errorf("%s %s with %v: %s", r.method, r.path, heads, a)
			}
		}
	}
	if _, err := os.Stat(made); err == nil || len(h.server.tasks.List(task.Filter{})) != 1 {
		t.Error("a command has run")
	}
	select {
	case <-running.Done():
		t.Error("the task has been cancelled")
	default:
	}
}

func TestAForeignPagePublishesNothing(t *testing.T) {
	h := startWholeHub(t)
	for _, method := range []string{"POST", "PUT"} {
		for _, heads := range [][]string{
			{"Origin: http://localhost:9999"}, {"Origin: null"}, {"Origin: https://evil.test"}, {"Sec-Fetch-Site: cross-site"}, {"Sec-Fetch-Site: same-site"},
		} {
			for _, kind := range []string{"", "text/plain", "application/json", "application/x-ndjson"} {
				if a := h.send(method, "/stream/foreign", kind, strings.NewReader(`{"type":"a"}`), heads...); a.status != 403 {
					t.Errorf("%s with %v: %s", method, heads, a)
				}
			}
		}
	}
	if h.broker.Exists("foreign") {
		t.Errorf("there is %q", h.kept("foreign"))
	}
	if a := h.send("POST", "/stream/own", "", strings.NewReader("x"), "Origin: http://"+h.addr, "Sec-Fetch-Site: same-origin"); a.status != 200 {
		t.Errorf("the hub's own page: %s", a)
	}
}

func TestARequestHiddenInAPublishIsNeverAnswered(t *testing.T) {
	h := startWholeHub(t)
	hidden := "POST /stream/hidden HTTP/1.1\nHost: localhost\nContent-Length: 1\n\nx"
	for target, status := range map[string]string{"/stream/tasks/x": "403", "/stream/a%20b": "400", "/stream/a?x=1": "400", "/stream/ok": "200"} {
		for kind, heads := range map[string]string{
			"length": fmt.Sprintf("Content-Length: %d\n\n%s", len(hidden)+strings.Count(hidden, "\n"), hidden),
			"chunks": fmt.Sprintf("Transfer-Encoding: chunked\n\n%x\n%s\n0\n\n", len(hidden)+strings.Count(hidden, "\n"), hidden),
			"json":   fmt.Sprintf("Content-Type: application/json\nContent-Length: %d\n\n%s", len(hidden)+strings.Count(hidden, "\n"), hidden),
		} {
			want := status
			if kind == "json" && status == "200" {
				want = "422"
			}
			c := h.dial("POST " + target + " HTTP/1.1\nHost: localhost\n" + heads + "GET /healthz HTTP/1.1\nHost: localhost\nConnection: close\n\n")
			answers := c.all()
			statuses := strings.Count(answers, "HTTP/1.1 ")
			if !strings.HasPrefix(answers, "HTTP/1.1 "+want) || statuses > 2 || statuses == 2 && !strings.Contains(answers, `{"status":"ok"}`) {
				t.Errorf("%s %s: %s", target, kind, answers)
			}
		}
	}
	if h.broker.Exists("hidden") {
		t.Error("the hidden request was carried out")
	}
}
