package pipeline

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"syscall"
	"time"

	"hub/internal/docker"
)

// question is what a probe asks.
type question struct {
	url       string
	host      string // as the request names it
	status    int    // that is wanted; 0 is any under 400
	container docker.Container
}

// answer is what came back at one try.
type answer struct {
	ok     bool
	status int    // 0 where there was no answer
	text   string // "200 OK", "connection refused"
	length int64  // of the body, up to mostBody
}

const (
	oneTry    = 5 * time.Second
	lastTry   = time.Second // also when the deadline is nearer
	mostBody  = 64 << 20
	firstWait = 250 * time.Millisecond
	longWait  = time.Second
)

// ask asks until the answer is as it should be. It gives up at the deadline, or when the container has ended. The stage has a line
// whenever the answer is another one than before, and the container's first lines.
func (r *run) ask(ctx context.Context, q question, deadline time.Time) (a answer, err error) {
	began := time.Now()
	if q.container.ID != "" {
		said := r.follow(ctx, q.container)
		defer said.end(quiet)
		if err := r.stillUp(ctx, q.container, "before it answered"); err != nil {
			return a, err
		}
	}
	last := ""
	for wait := firstWait; ; wait = min(wait*3/2, longWait) {
		a = q.try(ctx, min(oneTry, max(lastTry, time.Until(deadline))))
		if ctx.Err() != nil {
			return a, context.Cause(ctx)
		}
		if a.text != last {
			r.tell("%s: %s", q.url, a.text)
			last = a.text
		}
		if a.ok {
			return a, nil
		}
		if q.container.ID != "" {
			if err := r.stillUp(ctx, q.container, "before it answered"); err != nil {
				return a, err
			}
		}
		left := time.Until(deadline)
		if left <= 0 {
			return a, r.noAnswer(q, a, deadline.Sub(began))
		}
		select {
		case <-ctx.Done():
			return a, context.Cause(ctx)
		case <-time.After(min(wait, left)):
		}
	}
}

// noAnswer is the error of a probe that has waited for long enough.
func (r *run) noAnswer(q question, a answer, waited time.Duration) error {
	prefix := ""
	if r.def.Type == TypeHTMLSite {
		prefix = "probe_"
	}
	who := q.url
	if d := r.deploy; d != nil && q.container.ID == d.candidate.ID && q.container.ID != "" {
		who = fmt.Sprintf("%s, the candidate for port %d,", q.url, d.port)
	}
	return fail(docker.ErrBuild, "%s did not answer as it should within %s, the last time with %q: look at the container's lines above, or give a %spath that answers, or a longer %stimeout",
		who, waited.Round(time.Second), a.text, prefix, prefix)
}

// prober asks as nobody in particular: straight, without cookies, each time anew, and going nowhere that it is sent.
var prober = &http.Client{
	Transport:     &http.Transport{DisableKeepAlives: true, DisableCompression: true, MaxResponseHeaderBytes: 64 << 10},
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

// try asks once.
func (q question) try(ctx context.Context, patience time.Duration) (a answer) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, q.url, nil)
	if err != nil {
		return answer{text: err.Error()}
	}
	request.Host = q.host
	response, err := prober.Do(request)
	if err != nil {
		return answer{text: noResponse(err)}
	}
	defer response.Body.Close()
	a.status, a.text = response.StatusCode, response.Status
	a.length, err = io.Copy(io.Discard, io.LimitReader(response.Body, mostBody))
	switch {
	case err != nil && ctx.Err() == nil: // one that goes on for ever is an answer
		a.text += ", broken off: " + noResponse(err)
	case q.status == 0:
		a.ok = a.status < 400
	default:
		a.ok = a.status == q.status
	}
	return a
}

// noResponse says in few words why there is no response.
func noResponse(err error) string {
	var number syscall.Errno
	var timeout net.Error
	switch {
	case errors.As(err, &number):
		return number.Error()
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "the connection was closed without an answer"
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return "no answer in time"
	}
	if strings.Contains(err.Error(), "readLoopPeekFailLocked") { // net/http's own, which is not for people
		return "an answer that did not wait for its question"
	}
	var deepest = err
	for errors.Unwrap(deepest) != nil {
		deepest = errors.Unwrap(deepest)
	}
	return deepest.Error()
}
