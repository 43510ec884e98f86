package pipeline

import (
	"cmp"
	"context"
	"net"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Probe asks what the run stage before it has started, over HTTP, until it answers with a status under 400.
type Probe struct {
	Path    string        // "" is /
	Timeout time.Duration // 0 is 30 s, at most 10 minutes
	Status  int           // that the answer must have; 0 is any under 400
}

const (
	defaultProbe = 30 * time.Second
	longestProbe = 10 * time.Minute
	// leastProbe is what a container has to answer once it has the port, its candidate having answered.
	leastProbe = 5 * time.Second
)

// Kind is "probe".
func (Probe) Kind() string { return "probe" }

func (s Probe) check(before []Stage) error {
	_, err := url.Parse("http://localhost" + s.path())
	switch {
	case !has(before, "run"):
		return invalid("kind", "there is nothing to probe: a run comes first")
	case err != nil, s.path()[0] != '/', strings.ContainsFunc(s.path(), func(c rune) bool { return c <= ' ' || c == 0x7f }):
		return invalid("path", "%q cannot be asked for: a path begins with / and has no spaces", shorten(s.Path))
	case s.Timeout < 0 || s.Timeout > longestProbe:
		return invalid("timeout", "%s is not possible: a probe lasts at most %s", s.Timeout, longestProbe)
	case s.Status != 0 && (s.Status < 100 || s.Status > 599):
		return invalid("status", "%d is no status of an answer: it is from 100 to 599", s.Status)
	}
	return nil
}

func (s Probe) path() string { return cmp.Or(s.Path, "/") }

func (s Probe) about(r *run) facts { return facts{"url": s.url(r, r.hostPort())} }

// url is the probe's at a port of the host.
func (s Probe) url(r *run, port int) string {
	return "http://" + net.JoinHostPort(r.o.Engine.PublishedHost(), strconv.Itoa(port)) + s.path()
}

// hostPort is that of the run stage before the current one.
func (r *run) hostPort() (port int) {
	for _, s := range r.def.Stages[:r.stage] {
		if run, ok := s.Step.(Run); ok {
			port = run.HostPort
		}
	}
	return port
}

func (s Probe) do(ctx context.Context, r *run) (facts, error) {
	port := r.hostPort()
	deadline := time.Now().Add(cmp.Or(s.Timeout, defaultProbe))
	q := question{url: s.url(r, port), host: net.JoinHostPort("localhost", strconv.Itoa(port)), status: s.Status}
	d := r.deploy
	if d == nil { // a second probe of what serves by now
		a, err := r.ask(ctx, q, deadline)
		return s.found(r, q, a, err), err
	}
	first := q
	first.url, first.container = s.url(r, d.askedPort()), d.asked()
	a, err := r.ask(ctx, first, deadline)
	if err != nil {
		return s.found(r, q, a, err), err
	}
	err = r.takeOver(ctx, d, func() (err error) {
		q.container = d.final
		a, err = r.ask(ctx, q, later(deadline, time.Now().Add(leastProbe)))
		return err
	})
	return s.found(r, q, a, err), err
}

// found are the facts of an answer, which is the summary's too.
func (s Probe) found(r *run, q question, a answer, err error) facts {
	f := facts{"ok": err == nil}
	if a.status != 0 {
		f["status_code"], f["length"] = a.status, a.length
	}
	r.result("probe", map[string]any{"status_code": a.status, "length": a.length, "ok": err == nil})
	r.result("url", q.url)
	return f
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
