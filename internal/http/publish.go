package http

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	nethttp "net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"hub/internal/broker"
	"hub/internal/lines"
)

// The first segments that are the hub's own; nobody else publishes there.
var ownTopics = []string{"tasks", "containers", "docker", "system", "hub"}

// The types of the hub's own messages; clients may not publish them.
var ownKinds = []string{"hello", "ok", "error", "ping", "bye", "busy", broker.KindGap, broker.KindEnd}

// published is the answer to a publish, and what an error says of one that
// stopped on its way.
type published struct {
	Count int    `json:"published"` // events, parts of long lines counted, the end not
	Last  string `json:"last"`      // id of the last one
}

// publisher takes a request's body into a topic.
type publisher struct {
	broker *broker.Broker
	topic  string
	limit  int // bytes of a JSON body, or of a line of NDJSON
	count  int
	last   uint64
}

// publish is POST and PUT /stream/{topic}.
func (s *Server) publish(c *fiber.Ctx) error {
	topic, err := topicOf(c)
	if err != nil {
		return err
	}
	if err := broker.CheckName(topic); err != nil {
		return badRequest("%s", err)
	}
	if first, _, _ := strings.Cut(topic, "/"); slices.Contains(ownTopics, first) {
		return forbidden("topics under %s/ are the hub's own, publish under another first segment", first)
	}
	end, err := parseEnd(c)
	if err != nil {
		return err
	}
	p := &publisher{broker: s.broker, topic: topic, limit: s.maxBody}
	if err := p.body(c); err != nil {
		return p.failed(err)
	}
	if end != nil {
		if p.last, err = s.broker.Publish(topic, broker.KindEnd, end); err != nil {
			return p.failed(err)
		}
	}
	answer := published{Count: p.count}
	if p.last > 0 {
		answer.Last = s.broker.ID(p.last)
	}
	return c.JSON(answer)
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
	data := map[string]any{"status": status}
	if code != "" {
		n, err := strconv.Atoi(code)
		if err != nil {
			return nil, badRequest("bad exit_code %q: it is a number", shorten(code))
		}
		data["exit_code"] = n
	}
	return json.Marshal(data)
}

// failed is the answer to a publish that stopped: the cause, and how much of the
// body had been published by then.
func (p *publisher) failed(err error) error {
	status := nethttp.StatusUnprocessableEntity
	var own *apiError
	switch {
	case errors.As(err, &own):
		status = own.Status
	case errors.Is(err, broker.ErrTooLarge):
		status = nethttp.StatusRequestEntityTooLarge
	case errors.Is(err, broker.ErrClosed):
		err, status = errors.New("the hub is shutting down"), nethttp.StatusServiceUnavailable
	}
	answer := &apiError{Status: status, Detail: err.Error(), More: map[string]any{"published": p.count}}
	if p.last > 0 {
		answer.More["last"] = p.broker.ID(p.last)
	}
	return answer
}

// body publishes the request's body, as its type says.
func (p *publisher) body(c *fiber.Ctx) error {
	essence, _, _ := mime.ParseMediaType(string(c.Request().Header.ContentType()))
	if essence == fiber.MIMEApplicationJSON {
		body, err := readBody(c, p.limit)
		if err != nil {
			return err
		}
		return p.json(body)
	}
	stream := c.Context().RequestBodyStream()
	if stream == nil {
		return nil
	}
	// A piped command may be silent for hours, so no read has a deadline; TCP's
	// own keepalive finds a publisher that has gone.
	in := patientReader{stream, c.Context().Conn()}
	if essence == "application/x-ndjson" {
		return p.ndjson(bufio.NewReaderSize(in, 64<<10))
	}
	return p.text(in)
}

// patientReader lifts the deadline that the server sets for a whole request.
type patientReader struct {
	io.Reader
	conn interface{ SetReadDeadline(time.Time) error }
}

func (r patientReader) Read(b []byte) (int, error) {
	if err := r.conn.SetReadDeadline(time.Time{}); err != nil {
		return 0, err
	}
	return r.Reader.Read(b)
}

// text publishes each line of the body as it arrives.
func (p *publisher) text(in io.Reader) error {
	w := lines.NewWriter(func(kind string, data []byte) error {
		return p.send(broker.Message{Kind: kind, Data: data})
	}, lines.Options{})
	_, err := io.CopyBuffer(struct{ io.Writer }{w}, in, make([]byte, 32<<10))
	return errors.Join(err, w.Close())
}

func (p *publisher) send(messages ...broker.Message) error {
	last, err := p.broker.PublishAll(p.topic, messages...)
	if err == nil && len(messages) > 0 {
		p.count += len(messages)
		p.last = last
	}
	return err
}

// json publishes one event or an array of them, all or none.
func (p *publisher) json(body []byte) error {
	body = bytes.ToValidUTF8(bytes.TrimSpace(body), []byte("\uFFFD"))
	if at := tooDeep(body); at >= 0 {
		return fmt.Errorf("nested deeper than %d levels at byte %d", maxDepth, at)
	}
	if len(body) == 0 || body[0] != '[' {
		m, err := parseEvent(body)
		if err != nil {
			return err
		}
		return p.send(m)
	}
	var events []json.RawMessage
	if err := json.Unmarshal(body, &events); err != nil {
		return fmt.Errorf("cannot read the array: %w", err)
	}
	messages := make([]broker.Message, len(events))
	for i, event := range events {
		m, err := parseEvent(event)
		if err != nil {
			return fmt.Errorf("event %d of the array: %w", i+1, err)
		}
		messages[i] = m
	}
	return p.send(messages...)
}

// ndjson publishes an event a line, those that have arrived together in one go.
// It stops at the first bad line; what came before stays published.
func (p *publisher) ndjson(in *bufio.Reader) error {
	var waiting []broker.Message
	var numbers []int // of their lines
	for number := 1; ; number++ {
		line, err := readLine(in, p.limit)
		ended := errors.Is(err, io.EOF)
		if ended {
			err = nil
		}
		if line = bytes.TrimSpace(line); err == nil && len(line) > 0 {
			var m broker.Message
			if m, err = parseLine(line); err == nil {
				waiting, numbers = append(waiting, m), append(numbers, number)
			}
		}
		if err != nil || ended || in.Buffered() == 0 || len(waiting) >= batchEvents {
			if bad, err := p.sendEach(waiting); err != nil {
				return fmt.Errorf("line %d: %w", numbers[bad], err)
			}
			waiting, numbers = waiting[:0], numbers[:0]
		}
		if err != nil {
			return fmt.Errorf("line %d: %w", number, err)
		}
		if ended {
			return nil
		}
	}
}

// sendEach publishes the messages together; where one of them is bad, those
// before it, and says which it is.
func (p *publisher) sendEach(messages []broker.Message) (bad int, err error) {
	if p.send(messages...) == nil {
		return 0, nil
	}
	for i, m := range messages {
		if err := p.send(m); err != nil {
			return i, err
		}
	}
	return 0, nil
}

func parseLine(line []byte) (broker.Message, error) {
	if tooDeep(line) >= 0 {
		return broker.Message{}, fmt.Errorf("nested deeper than %d levels", maxDepth)
	}
	// The line lies in the reader's buffer, and the message waits for others.
	return parseEvent(bytes.ToValidUTF8(bytes.Clone(line), []byte("\uFFFD")))
}

// readLine is the next line; with io.EOF it is the last. It is valid until the
// next read.
func readLine(in *bufio.Reader, limit int) ([]byte, error) {
	line, err := in.ReadSlice('\n')
	if !errors.Is(err, bufio.ErrBufferFull) {
		return line, err
	}
	long := bytes.Clone(line)
	for errors.Is(err, bufio.ErrBufferFull) {
		line, err = in.ReadSlice('\n')
		if long = append(long, line...); len(long) > limit {
			return nil, tooLarge("it is over %d bytes", limit)
		}
	}
	return long, err
}

// parseEvent reads {"type": …, "data": …}.
func parseEvent(text []byte) (broker.Message, error) {
	var e struct {
		Type *string         `json:"type"`
		Data json.RawMessage `json:"data"`
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&e); err != nil {
		if errors.Is(err, io.EOF) {
			err = errors.New("it is empty")
		}
		return broker.Message{}, fmt.Errorf(`cannot read the event, which is {"type":…,"data":…}: %s`, strings.TrimPrefix(err.Error(), "json: "))
	}
	if d.InputOffset() < int64(len(bytes.TrimRight(text, " \t\r\n"))) {
		return broker.Message{}, errors.New("more than one JSON value")
	}
	if e.Type == nil {
		return broker.Message{}, errors.New(`the event has no "type"`)
	}
	if slices.Contains(ownKinds, *e.Type) {
		return broker.Message{}, fmt.Errorf("the type %q is the hub's own", *e.Type)
	}
	if *e.Type == "line" {
		var l struct{ Line *string }
		if err := json.Unmarshal(e.Data, &l); err != nil || l.Line == nil {
			return broker.Message{}, errors.New(`the data of a line must hold its text: {"type":"line","data":{"line":"…"}}`)
		}
	}
	return broker.Message{Kind: *e.Type, Data: e.Data}, nil
}
