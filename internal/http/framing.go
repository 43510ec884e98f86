package http

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"hub/internal/broker"
)

// framing is how a stream's events and the hub's own messages are laid on the
// wire, one value for each connection.
type framing interface {
	// event appends an event.
	event(dst []byte, e *broker.Event) []byte
	// message appends one of the hub's own objects: hello, ok, error, ping, bye.
	message(dst []byte, kind string, object []byte) []byte
}

// batching is a framing that lays the events of one write in one frame.
type batching interface {
	// batch frames the events that event has appended to buf from start on.
	batch(buf []byte, start int) []byte
}

// message is one of the hub's own objects, as one line of JSON.
func message(kind string, data any) []byte {
	object, err := json.Marshal(struct {
		Type string `json:"type"`
		Data any    `json:"data"`
	}{kind, data})
	if err != nil { // data is made of our own small structs
		panic(err)
	}
	return object
}

type sse struct{}

func (sse) event(dst []byte, e *broker.Event) []byte { return append(dst, e.SSE()...) }

func (sse) message(dst []byte, kind string, object []byte) []byte {
	dst = append(append(dst, "event: "...), kind...)
	dst = append(append(dst, "\ndata: "...), object...)
	return append(dst, "\n\n"...)
}

// appendRetry tells an EventSource how long to wait before it comes back.
func appendRetry(dst []byte, milliseconds int) []byte {
	dst = strconv.AppendInt(append(dst, "retry: "...), int64(milliseconds), 10)
	return append(dst, "\n\n"...)
}

type ndjson struct{}

func (ndjson) event(dst []byte, e *broker.Event) []byte { return append(dst, e.Line()...) }

func (ndjson) message(dst []byte, _ string, object []byte) []byte {
	return append(append(dst, object...), '\n')
}

type webSocket struct{}

func (webSocket) event(dst []byte, e *broker.Event) []byte { return e.AppendWebSocket(dst) }

func (webSocket) message(dst []byte, _ string, object []byte) []byte {
	return appendFrame(dst, opText, object)
}

// webSocketLines has messages of one or more lines of NDJSON: what is written at
// once is one message. A browser spends far more on each message than on each
// line in it, so a page reads a log of a million lines this way, or a busy one.
type webSocketLines struct{ ndjson }

func (webSocketLines) message(dst []byte, kind string, object []byte) []byte {
	return appendFrame(dst, opText, ndjson{}.message(nil, kind, object))
}

func (webSocketLines) batch(buf []byte, start int) []byte {
	if len(buf) == start {
		return buf
	}
	head := appendFrameHead(make([]byte, 0, mostFrameHead), opText, len(buf)-start)
	return slices.Insert(buf, start, head...)
}

// plain is text for people and pipes: lines as they were written.
type plain struct{ *printer }

func (p plain) event(dst []byte, e *broker.Event) []byte { return p.print(dst, e) }

func (plain) message(dst []byte, _ string, _ []byte) []byte { return dst }

// webSocketText has a message for each line.
type webSocketText struct{ *printer }

func (t webSocketText) event(dst []byte, e *broker.Event) []byte {
	if _, isLine := lineOf(e); moves(e, isLine) {
		return dst
	}
	text := t.line(e)
	if len(text) == 0 {
		text = append(text, ' ') // an empty message ends some clients
	}
	return appendFrame(dst, opText, text)
}

// message answers commands; nothing else of the hub's own is text.
func (webSocketText) message(dst []byte, kind string, object []byte) []byte {
	var m struct {
		Data struct {
			Detail, Op, Help string
			Topics           []string
		}
	}
	if kind != "error" && kind != "ok" || json.Unmarshal(object, &m) != nil {
		return dst
	}
	words := append([]string{"---", kind + ":", m.Data.Op, m.Data.Detail, m.Data.Help}, m.Data.Topics...)
	return appendFrame(dst, opText, []byte(oneLine(strings.Join(words, " "))))
}
