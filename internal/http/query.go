package http

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"hub/internal/broker"
)

const (
	mostTopics  = 128 // of one subscription
	defaultPage = 1000
	mostPage    = 10_000
	mostWait    = time.Minute
)

// streamRequest is what a request for a stream asks for, copied from it.
type streamRequest struct {
	shape  shape
	topics []string
	start  broker.Start
	kinds  []string
	once   bool // follow=0
	limit  int
	wait   time.Duration
	format string // of the messages of a WebSocket: "", "text" or "ndjson"
}

// streamParameters are those that every form of a stream takes.
var streamParameters = []string{"topic", "since", "tail", "follow", "types", "limit", "wait", "format", "last_event_id"}

// parseStream reads a request for a stream. Everything wrong is a 400 that says
// what is known.
func parseStream(c *fiber.Ctx) (streamRequest, error) {
	r := streamRequest{limit: defaultPage}
	q, err := parseQuery(c, streamParameters)
	if err != nil {
		return r, err
	}
	upgrade := strings.EqualFold(c.Get(fiber.HeaderUpgrade), "websocket")
	r.format = q.Get("format")
	messages := ""
	if upgrade && slices.Contains([]string{"", "ws", "text", "ndjson"}, r.format) {
		messages, r.format = r.format, ""
	} else if upgrade {
		return r, badRequest("format=%s does not go with a WebSocket, whose messages are JSON, with format=text bare lines, or with format=ndjson several lines of JSON", shorten(r.format))
	}
	if r.shape, err = negotiate(upgrade, r.format, c.Get(fiber.HeaderAccept)); err != nil {
		return r, err
	}
	r.format = messages
	if r.topics, err = streamTopics(c, q); err != nil {
		return r, err
	}
	if r.start, err = parseStart(q.Get("since"), q.Get("tail")); err != nil {
		return r, badRequest("%s", err)
	}
	if id := c.Get("Last-Event-ID", q.Get("last_event_id")); id != "" {
		if err := broker.CheckID(id); err != nil {
			return r, badRequest("bad last event id: %s", err)
		}
		r.start = broker.After(strings.Clone(id))
	}
	return r, r.parseRest(q)
}

func (r *streamRequest) parseRest(q url.Values) (err error) {
	switch follow := q.Get("follow"); follow {
	case "", "1", "true":
	case "0", "false":
		r.once = true
	default:
		return badRequest("bad follow %q: it is 0 (end when caught up) or 1", shorten(follow))
	}
	if types := q.Get("types"); types != "" {
		r.kinds = strings.Split(types, ",")
		if err := checkKinds(r.kinds); err != nil {
			return badRequest("%s", err)
		}
	}
	if limit := q.Get("limit"); limit != "" {
		if r.limit, err = strconv.Atoi(limit); err != nil || r.limit < 1 || r.limit > mostPage {
			return badRequest("bad limit %q: it is a number from 1 to %d", shorten(limit), mostPage)
		}
	}
	if wait := q.Get("wait"); wait != "" {
		if r.wait, err = parseDuration(wait); err != nil || r.wait > mostWait {
			return badRequest("bad wait %q: it is a duration such as 25s, at most 60s", shorten(wait))
		}
	}
	return nil
}

// checkKinds reports why kinds are no types of events.
func checkKinds(kinds []string) error {
	for _, k := range kinds {
		if len(k) > broker.MaxKind || strings.Contains(k, "/") || broker.CheckName(k) != nil {
			return fmt.Errorf("bad type %q in types: it is a comma-separated list such as line,stage", shorten(k))
		}
	}
	return nil
}

// streamTopics is the topic of the path, or those of the query.
func streamTopics(c *fiber.Ctx, q url.Values) ([]string, error) {
	topics := q["topic"]
	if path, err := topicOf(c); err != nil {
		return nil, err
	} else if path != "" {
		topics = append([]string{path}, topics...)
	}
	if len(topics) > mostTopics {
		return nil, badRequest("%d topics are asked for, at most %d are allowed in one subscription", len(topics), mostTopics)
	}
	for _, topic := range topics {
		if err := broker.CheckPattern(topic); err != nil {
			return nil, badRequest("%s", err)
		}
	}
	return topics, nil
}

// topicOf is the topic that the path names, percent-decoded once, or "".
func topicOf(c *fiber.Ctx) (string, error) {
	raw := string(c.Context().URI().PathOriginal())
	_, rest, _ := strings.Cut(raw, "/stream")
	topic, err := url.PathUnescape(strings.TrimPrefix(rest, "/"))
	if err != nil {
		return "", badRequest("cannot read the path: %s", err)
	}
	return topic, nil
}

// parseQuery is the query with its values copied; a parameter that is not known
// is an error that names those that are.
func parseQuery(c *fiber.Ctx, known []string) (url.Values, error) {
	q, err := url.ParseQuery(string(c.Request().URI().QueryString()))
	if err != nil {
		return nil, badRequest("cannot read the query: %s", err)
	}
	for name, values := range q {
		if !slices.Contains(known, name) {
			return nil, badRequest("unknown parameter %q, known are %s", shorten(name), strings.Join(known, ", "))
		}
		if len(values) > 1 && name != "topic" {
			return nil, badRequest("parameter %s is given %d times", name, len(values))
		}
	}
	return q, nil
}

// parseStart reads since and tail as the stream contract has them.
func parseStart(since, tail string) (broker.Start, error) {
	start, err := parseSince(since)
	if err != nil || tail == "" {
		return start, err
	}
	n, err := strconv.Atoi(tail)
	if err != nil || n < 0 {
		return start, fmt.Errorf("bad tail %q: it is a number of events", shorten(tail))
	}
	return start.Tail(n), nil
}

func parseSince(since string) (broker.Start, error) {
	switch since {
	case "":
		return broker.Start{}, nil
	case "all":
		return broker.All, nil
	case "now":
		return broker.Now, nil
	}
	if broker.CheckID(since) == nil {
		return broker.After(since), nil
	}
	if at, err := time.Parse(time.RFC3339Nano, since); err == nil {
		return broker.Since(at), nil
	}
	if d, err := parseDuration(since); err == nil {
		return broker.Since(time.Now().Add(-d)), nil
	}
	return broker.Start{}, fmt.Errorf("bad since %q: it is an id, all, now, a duration such as 10m, or a time such as 2026-11-23T20:11:47Z", shorten(since))
}

// parseDuration takes Go's durations and whole days ("7d"), not negative.
func parseDuration(s string) (time.Duration, error) {
	if days, ok := strings.CutSuffix(s, "d"); ok {
		n, err := strconv.ParseUint(days, 10, 16)
		return time.Duration(n) * 24 * time.Hour, err
	}
	d, err := time.ParseDuration(s)
	if err == nil && d < 0 {
		err = fmt.Errorf("it is negative")
	}
	return d, err
}

// queryInt is a number of the query from least to most, or standard where it is
// not given. Anything else is a 422, as the older service's routes have it.
func queryInt(c *fiber.Ctx, name string, standard, least, most int) (int, error) {
	given := c.Query(name)
	if given == "" {
		return standard, nil
	}
	n, err := strconv.Atoi(given)
	switch loc := []any{"query", name}; {
	case err != nil:
		return 0, unprocessable(fault{loc, "int type expected", "type_error.int"})
	case n < least || n > most:
		return 0, unprocessable(fault{loc, fmt.Sprintf("must be from %d to %d, not %d", least, most, n), "value_error"})
	}
	return n, nil
}
