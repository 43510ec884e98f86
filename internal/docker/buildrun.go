package docker

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"time"

	cerrdefs "github.com/containerd/errdefs"

	"hub/internal/lines"
)

// build is one run of [Engine.Build].
type build struct {
	spec           BuildSpec
	built          Built
	stdout, stderr *lines.Writer
	transfer       *transfer // of base images; its report has the progress of the whole build
	buildProgress

	temporary string // folder of a clone, or ""
	succeeded bool   // the engine said so
}

// quietLine is the silence after which an unfinished line is shown as a part.
const quietLine = 200 * time.Millisecond

func newBuild(s BuildSpec, to Publisher) *build {
	b := &build{spec: s}
	b.built.Tag, b.built.Warnings = s.Tag, []string{}
	b.transfer = &transfer{scrub: func(text string) string { return text }}
	b.transfer.report = newReport(to, func() Progress { return b.progress(&b.transfer.layers) })
	b.transfer.last = time.Now() // what is over in a moment needs no progress on its way
	emit := func(kind string, data []byte) error {
		_ = b.transfer.to.Publish(kind, data)
		return nil
	}
	b.stdout = lines.NewWriter(emit, lines.Options{Stream: "stdout", Quiet: quietLine})
	b.stderr = lines.NewWriter(emit, lines.Options{Stream: "stderr", Quiet: quietLine})
	return b
}

// end says what is unsaid. The engine's words about a failure are its last line.
func (b *build) end(err error) {
	_ = b.stdout.Flush()
	if errors.Is(err, ErrBuild) {
		b.warn(err.Error())
	}
	_ = b.stdout.Close()
	_ = b.stderr.Close()
	if err == nil {
		b.built.StepsCompleted = b.steps
	}
	if known := len(b.built.Steps); known > 0 { // the engine makes a step of labels that were asked for
		b.built.StepsCompleted = min(b.built.StepsCompleted, known)
	}
	b.transfer.end(err == nil)
}

func (b *build) warn(text string) { _, _ = io.WriteString(b.stderr, text+"\n") }

// take takes one message of the engine.
func (b *build) take(m message) {
	switch {
	case m.Stream != "":
		b.say(m.Stream)
	case len(m.Aux) > 0:
		var image struct{ ID string }
		if json.Unmarshal(m.Aux, &image) == nil && image.ID != "" {
			b.built.ImageID = image.ID // of a stage; the last is the build's
		}
	default:
		b.transfer.say(m)
	}
}

// What the engine puts around a piece of a step's stderr.
const red, plain = "\x1b[91m", "\x1b[0m"

func (b *build) say(text string) {
	if inner, ok := strings.CutPrefix(text, red); ok && strings.HasSuffix(inner, plain) {
		_, _ = io.WriteString(b.stderr, strings.TrimSuffix(inner, plain))
		return
	}
	_, _ = io.WriteString(b.stdout, text)
	if about, ok := strings.CutPrefix(text, "[Warning] "); ok {
		b.addWarning(strings.TrimSpace(about))
	}
	if n, of, ok := stepHead(text); ok {
		if len(b.transfer.layers.all) > 0 {
			b.transfer.flush() // what the layers of the step before came to
		}
		b.transfer.change(func() {
			if b.begin(n, of, &b.transfer.layers) {
				b.built.StepsCompleted = n - 1
			}
		})
	}
	if id, ok := strings.CutPrefix(text, "Successfully built "); ok && b.built.ImageID != "" {
		b.succeeded = b.succeeded || strings.HasPrefix(strings.TrimPrefix(b.built.ImageID, "sha256:"), strings.TrimSpace(id))
	}
}

// mostWarnings bounds them: a step may print as many as it likes.
const mostWarnings = 100

func (b *build) addWarning(text string) {
	if len(b.built.Warnings) < mostWarnings {
		b.built.Warnings = append(b.built.Warnings, text)
	}
}

// stepHead reads what the engine prints before a step: "Step 2/7 : RUN make".
func stepHead(text string) (n, of int, ok bool) {
	text, ok = strings.CutPrefix(text, "Step ")
	count, _, found := strings.Cut(text, " : ")
	first, last, slash := strings.Cut(count, "/")
	if !ok || !found || !slash {
		return 0, 0, false
	}
	n, err1 := strconv.Atoi(first)
	of, err2 := strconv.Atoi(last)
	return n, of, err1 == nil && err2 == nil && 0 < n && n <= of
}

var lost = fail(ErrUnavailable, "the Docker engine went away during the build (daemon_lost)")

// ends reports whether the engine goes away within a moment. One that is told to
// end kills first what runs, so that a step seems to have failed.
func (e *Engine) ends(ctx context.Context) bool {
	ctx, stop := context.WithTimeout(ctx, 3*time.Second)
	defer stop()
	for {
		if _, err := e.api().Ping(ctx); err != nil {
			return ctx.Err() == nil
		}
		select {
		case <-ctx.Done():
			return false
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// explain turns what a build failed with into an error of ours.
func (b *build) explain(ctx context.Context, e *Engine, err error) error {
	const tried = "cannot build image"
	var ours *Error
	var request *url.Error // its text holds the arguments of the build
	switch {
	case err == nil, errors.As(err, &ours), ctx.Err() != nil:
		return e.explain(ctx, tried, err)
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF), errors.Is(err, syscall.EPIPE), errors.Is(err, syscall.ECONNRESET):
		return lost
	case e.away(err), cerrdefs.IsUnauthorized(err), cerrdefs.IsPermissionDenied(err), cerrdefs.IsNotImplemented(err):
		return e.explain(ctx, tried, err)
	case errors.As(err, &request):
		return e.explain(ctx, tried, request.Err)
	}
	if killed := strings.HasSuffix(err.Error(), "returned a non-zero code: 137"); killed && e.ends(ctx) {
		return lost
	}
	return &Error{Kind: ErrBuild, Text: b.transfer.scrub(requestQuery.ReplaceAllString(words(err), "/build"))}
}

// requestQuery is where the SDK tells which request it made, with all build arguments.
var requestQuery = regexp.MustCompile(`/build\?\S*`)
