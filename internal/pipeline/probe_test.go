package pipeline

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"hub/internal/docker"
	"hub/internal/docker/dockertest"
)

func TestWhatAProbeTakesForAnAnswer(t *testing.T) {
	t.Setenv("HTTP_PROXY", "http://127.0.0.1:1") // which is not asked
	mux := http.NewServeMux()
	answers := func(path string, status int, body string) {
		mux.HandleFunc(path, func(w http.ResponseWriter, q *http.Request) {
			if q.Host != "localhost:8080" || q.Header.Get("Accept-Encoding") != "" {
				t.Errorf("%s is asked for of %q with %v", path, q.Host, q.Header)
			}
			w.Header().Set("Location", "/missing")
			w.WriteHeader(status)
			_, _ = io.WriteString(w, body)
		})
	}
	answers("/fine", 200, "hello")
	answers("/empty", 204, "")
	answers("/moved", 302, "")
	answers("/missing", 404, "no")
	answers("/broken", 500, "")
	mux.HandleFunc("/cut", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "100")
		_, _ = io.WriteString(w, "short")
	})
	mux.HandleFunc("/endless", func(w http.ResponseWriter, q *http.Request) {
		_, _ = io.WriteString(w, "one")
		w.(http.Flusher).Flush()
		<-q.Context().Done()
	})
	mux.HandleFunc("/silent", func(_ http.ResponseWriter, q *http.Request) { <-q.Context().Done() })
	mux.HandleFunc("/huge", func(w http.ResponseWriter, _ *http.Request) {
		for block := make([]byte, 1<<20); ; {
			if _, err := w.Write(block); err != nil {
				return
			}
		}
	})
	server := httptest.NewServer(mux)
	defer server.Close()
	for _, c := range []struct {
		path   string
		wanted int
		want   answer
	}{
		{"/fine", 0, answer{true, 200, "200 OK", 5}},
		{"/fine", 200, answer{true, 200, "200 OK", 5}},
		{"/fine", 204, answer{false, 200, "200 OK", 5}},
		{"/empty", 0, answer{true, 204, "204 No Content", 0}},
		{"/moved", 0, answer{true, 302, "302 Found", 0}},
		{"/missing", 0, answer{false, 404, "404 Not Found", 2}},
		{"/missing", 404, answer{true, 404, "404 Not Found", 2}},
		{"/broken", 0, answer{false, 500, "500 Internal Server Error", 0}},
		{"/cut", 0, answer{false, 200, "200 OK, broken off: the connection was closed without an answer", 5}},
		{"/endless", 0, answer{true, 200, "200 OK", 3}},
		{"/silent", 0, answer{false, 0, "no answer in time", 0}},
		{"/huge", 0, answer{true, 200, "200 OK", mostBody}},
	} {
		patience := 20 * time.Second
		if c.path == "/endless" || c.path == "/silent" {
			patience = 300 * time.Millisecond
		}
		q := question{url: server.URL + c.path, host: "localhost:8080", status: c.wanted}
		if got := q.try(t.Context(), patience); got != c.want {
			t.Errorf("%s, %d wanted: %+v, want %+v", c.path, c.wanted, got, c.want)
		}
	}
	server.Close()
	if got := (question{url: server.URL}).try(t.Context(), time.Minute); got != (answer{text: "connection refused"}) {
		t.Errorf("nobody there: %+v", got)
	}
}

func TestAProbeSaysWhatChanges(t *testing.T) {
	t.Parallel()
	w := newWorld(t, options{})
	port := sitePort(t)
	slow := page("slow", port)
	slow.Command[2] = `mkdir /www; httpd -f -p 80 -h /www & sleep 2; echo slow > /www/index.html; wait`
	k := w.completes(w.runs(slow, Probe{}))
	out := w.events.lines(k.ID(), "probe")
	if strings.Count(out, ": 404 Not Found\n") != 1 || strings.Count(out, ": 200 OK\n") != 1 {
		t.Errorf("the probe says:\n%s", out)
	}
	path := w.runs(page("slow", port), Probe{Path: "/index.html?a=1", Status: 200})
	k = w.completes(path)
	if said := w.events.stage(k.ID(), "probe", "completed"); said["url"] != fmt.Sprintf("http://localhost:%d/index.html?a=1", port) {
		t.Errorf("%v", said)
	}
}

func TestASecondProbeAsksWhatServesByThen(t *testing.T) {
	t.Parallel()
	w := newWorld(t, options{})
	port := sitePort(t)
	twice := func(text string, second Probe) Definition {
		return w.own(Stage{Step: page(text, port)}, Stage{Step: Probe{}}, Stage{"again", second})
	}
	w.completes(twice("one", Probe{Path: "/index.html"}))
	second := soon
	second.Path = "/none"
	w.fails(twice("two", second), "again", "/none", `"404 Not Found"`)
	w.shows(port, "two") // it had its answer
	w.noMarks()
}

func TestOnlyTheFirstLinesOfAContainerAreTheStages(t *testing.T) {
	t.Parallel()
	w := newWorld(t, options{})
	loud := page("loud", sitePort(t))
	loud.Command[2] = `i=0; while [ $i -lt 300 ]; do echo "line $i"; i=$((i+1)); done; ` + loud.Command[2]
	k := w.completes(w.runs(loud, Probe{}))
	out := w.events.lines(k.ID(), "probe")
	if strings.Count(out, "line ") != mostLines || !strings.Contains(out, fmt.Sprintf("line %d\n…\n", mostLines-1)) || strings.Count(out, "…") != 1 {
		t.Errorf("the probe says:\n%s", out)
	}
}

func TestWhatCannotBeRunOrProbed(t *testing.T) {
	good := Run{Image: dockertest.Base, HostPort: 8080}
	with := func(change func(*Run)) Step {
		r := good
		change(&r)
		return r
	}
	for what, c := range map[string]struct {
		field  string
		stages []Step
	}{
		"no host port":            {"stages.0.host_port", []Step{with(func(r *Run) { r.HostPort = 0 })}},
		"a host port too high":    {"stages.0.host_port", []Step{with(func(r *Run) { r.HostPort = 65536 })}},
		"one port twice":          {"stages.1.host_port", []Step{good, good}},
		"a negative port":         {"stages.0.port", []Step{with(func(r *Run) { r.Port = -1 })}},
		"no image":                {"stages.0.image", []Step{with(func(r *Run) { r.Image = "" })}},
		"an image that is none":   {"stages.0.image", []Step{with(func(r *Run) { r.Image = "A B" })}},
		"a name that is none":     {"stages.0.container_name", []Step{with(func(r *Run) { r.Name = "-a" })}},
		"a name that is a path":   {"stages.0.container_name", []Step{with(func(r *Run) { r.Name = "a/../b" })}},
		"a name without end":      {"stages.0.container_name", []Step{with(func(r *Run) { r.Name = strings.Repeat("a", 129) })}},
		"a variable that is none": {"stages.0.env", []Step{with(func(r *Run) { r.Env = map[string]string{"A=B": ""} })}},
		"a restart that is none":  {"stages.0.restart", []Step{with(func(r *Run) { r.Restart = "sometimes" })}},
		"a probe of nothing":      {"stages.0.kind", []Step{Probe{}}},
		"a relative path":         {"stages.1.path", []Step{good, Probe{Path: "a"}}},
		"a path with a space":     {"stages.1.path", []Step{good, Probe{Path: "/a b"}}},
		"a path with a newline":   {"stages.1.path", []Step{good, Probe{Path: "/a\nb"}}},
		"a path that breaks":      {"stages.1.path", []Step{good, Probe{Path: "/%zz"}}},
		"a negative timeout":      {"stages.1.timeout", []Step{good, Probe{Timeout: -1}}},
		"a timeout too long":      {"stages.1.timeout", []Step{good, Probe{Timeout: longestProbe + 1}}},
		"a status that is none":   {"stages.1.status", []Step{good, Probe{Status: 99}}},
	} {
		d := Definition{Type: TypeOwn}
		for i, s := range c.stages {
			d.Stages = append(d.Stages, Stage{fmt.Sprintf("s%d", i), s})
		}
		var bad *docker.Error
		if err := d.Check(); !errors.As(err, &bad) || !errors.Is(err, docker.ErrInvalid) || bad.Field != c.field {
			t.Errorf("%s: %+v, want field %s", what, bad, c.field)
		}
	}
	fine := Definition{Type: TypeOwn, Stages: []Stage{{Step: with(func(r *Run) { r.Restart, r.Name = "on-failure:3", "web" })}, {Step: Probe{Path: "/a?b=c", Status: 599, Timeout: longestProbe}}}}
	if err := fine.Check(); err != nil {
		t.Error(err)
	}
}
