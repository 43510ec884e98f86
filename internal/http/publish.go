package http

import (
	"encoding/json"
	"errors"
	nethttp "net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"hub/internal/broker"
	"hub/internal/mask"
)

// The first segments that are the hub's own; nobody else publishes there.
var ownTopics = []string{"tasks", "containers", "docker", "system", "hub"}

// The types of the hub's own messages; clients may not publish them.
var ownKinds = []string{"hello", "ok", "error", "ping", "bye", "busy", broker.KindGap, broker.KindEnd}

// published is the answer to a publish.
type published struct {
	Count int    `json:"published" description:"how many events: parts of long lines count, the end does not"`
	Last  string `json:"last" description:"id of the newest of them, or of the end; empty when nothing was published"`
}

var publishDoc = operation{
	more: "`application/json` is one event or an array of them, all or nothing; `application/x-ndjson` an event a line, up to the first bad one; " +
		"each line of anything else is a `line` event. Lines are published as they arrive, however long that takes: `make 2>&1 | curl -NsT - …/stream/ci/42`. " +
		"An error says how much had been published.",
	query: []parameter{
		{"end", "completed", "Ends the topic after the body: completed or error."},
		{"exit_code", 0, "With end: what the end says."},
	},
	sends: []answer{
		{about: "several", example: []publishedEvent{{"line", json.RawMessage(`{"line":"compiling"}`)}, {"stage", json.RawMessage(`{"stage":"link"}`)}}},
		{kind: "text/plain", example: "compiling\nlinking\n"},
		{kind: "application/x-ndjson", example: `{"type":"line","data":{"line":"compiling"}}` + "\n"},
		{kind: "*/*", example: "compiling\nlinking\n"},
	},
	takes: publishedEvent{"line", json.RawMessage(`{"line":"compiling"}`)},
	gives: published{2, "k7x2m-1042"},
	fails: []int{503},
}

// publishedEvent is how the document tells of an event that is published.
type publishedEvent struct {
	Type string          `json:"type" check:"required" description:"line, stage, status, progress or a word of the publisher's; none of the hub's own"`
	Data json.RawMessage `json:"data"`
}

// publish is POST and PUT /stream/{topic}.
func (s *Server) publish(c *fiber.Ctx) error {
	topic, err := publishTopic(c)
	if err != nil {
		return err
	}
	end, err := parseEnd(c)
	if err != nil {
		return err
	}
	if err := wantPlain(c); err != nil {
		return err
	}
	p := &publisher{broker: s.broker, topic: topic, limit: s.maxBody, kind: bodyKind(c), end: end, secrets: mask.Stream{Set: s.mask}}
	if c.Request().Header.ContentLength() == chunkedLength && p.kind != fiber.MIMEApplicationJSON {
		return s.publishPiped(c, p)
	}
	if err := p.take(func() error { return s.readBodyInto(p, c) }); err != nil {
		return err
	}
	return c.JSON(p.answer())
}

// readBodyInto publishes a body that fasthttp reads: one of known length, or JSON,
// which counts only as a whole.
func (s *Server) readBodyInto(p *publisher, c *fiber.Ctx) error {
	if p.kind == fiber.MIMEApplicationJSON {
		body, err := readBody(c, p.limit)
		if err != nil {
			return err
		}
		return p.json(body)
	}
	in, done, err := s.arrivals.body(c.Context().RequestBodyStream(), c.Context().Conn(), c.Request().Header.ContentLength())
	if err != nil {
		return err
	}
	defer done()
	return p.read(in)
}

// bodyKind is the media type of a request's body, without its parameters.
func bodyKind(c *fiber.Ctx) string {
	kind, _, _ := strings.Cut(string(c.Request().Header.ContentType()), ";")
	return strings.ToLower(strings.TrimSpace(kind))
}

// publishTopic is the topic of the path, one that clients may publish to.
func publishTopic(c *fiber.Ctx) (string, error) {
	topic, err := topicOf(c)
	if err != nil {
		return "", err
	}
	if topic == "" {
		return "", badRequest("name the topic to publish to: /stream/{topic}")
	}
	if err := broker.CheckName(topic); err != nil {
		return "", badRequest("%s", err)
	}
	if first, _, _ := strings.Cut(topic, "/"); slices.Contains(ownTopics, first) {
		return "", forbidden("topics under %s/ are the hub's own, publish under another first segment", first)
	}
	return topic, nil
}

// parseEnd reads end and exit_code into the data of an end event, nil for none.
func parseEnd(c *fiber.Ctx) ([]byte, error) {
	q, err := parseQuery(c, []string{"end", "exit_code"})
	if err != nil {
		return nil, err
	}
	status, code := q.Get("end"), q.Get("exit_code")
	switch status {
	case "":
		if code != "" {
			return nil, badRequest("exit_code goes with end=completed or end=error")
		}
		return nil, nil
	case "completed", "error":
	default:
		return nil, badRequest("bad end %q: it is completed or error", shorten(status))
	}
	var end struct {
		Status   string `json:"status"`
		ExitCode *int   `json:"exit_code,omitempty"`
	}
	end.Status = status
	if code != "" {
		n, err := strconv.Atoi(code)
		if err != nil {
			return nil, badRequest("bad exit_code %q: it is a number", shorten(code))
		}
		end.ExitCode = &n
	}
	return json.Marshal(end)
}

// failed is the answer to a publish that stopped: the cause, and how much of the
// body had been published by then.
func (p *publisher) failed(err error) error {
	answer := &apiError{Status: nethttp.StatusUnprocessableEntity, Detail: err.Error(), More: map[string]any{"published": p.count, "last": p.lastID()}}
	var own *apiError
	switch {
	case errors.As(err, &own):
		answer.Status, answer.RetryAfter = own.Status, own.RetryAfter
	case errors.Is(err, broker.ErrTooLarge):
		answer.Status = nethttp.StatusRequestEntityTooLarge
	case errors.Is(err, broker.ErrClosed):
		answer.Status, answer.Detail = nethttp.StatusServiceUnavailable, errEnding.Error()
	}
	return answer
}
