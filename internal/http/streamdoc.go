package http

import (
	"encoding/json"
	"time"
)

// streamPage is how the document tells of a page of events.
type streamPage struct {
	Events []streamEvent `json:"events"`
	Next   string        `json:"next" description:"the since of the next call"`
	More   bool          `json:"more" description:"there is more already"`
	Ended  bool          `json:"ended" description:"every topic has ended, and this was the last of it"`
}

// streamEvent is how it tells of an event.
type streamEvent struct {
	ID    string          `json:"id,omitempty" description:"its position in the hub's one timeline; not there in a gap that another stands before"`
	N     uint64          `json:"n,omitempty" description:"number in its topic, dense, from 1; a gap has none"`
	Topic string          `json:"topic"`
	Type  string          `json:"type" description:"line, stage, status, progress, usage, stats, container, gap, end, or a publisher's word"`
	Time  time.Time       `json:"time,omitzero" description:"when it happened; a gap has none"`
	Data  json.RawMessage `json:"data"`
}

const streamWords = "What comes back is what the client asks for: an upgrade to WebSocket (101) gets each event as one text message; `Accept: text/event-stream`, " +
	"`application/x-ndjson` and `text/plain` a stream that goes on; `application/json` one page, for pollers; `text/html` the page, opened on this stream; " +
	"anything else gets text. `format` overrules the head.\n\n" +
	"Over a WebSocket `sub TOPIC… [since]`, `unsub TOPIC`, `ping` and `help`, as words or as JSON (`{\"op\":\"sub\",\"topics\":[…],\"since\":…,\"ref\":…}`), " +
	"change what it reads; each is answered by an `ok` or an `error`.\n\n" +
	"A topic that does not exist is waited for. When every topic has ended, streams close, and who comes back after that end gets a 204. " +
	"Too many open streams are a 503, to an EventSource a 200 with an event `busy`."

// streamsDoc is of GET /stream, streamDoc of GET /stream/{topic}.
var streamsDoc, streamDoc = streamOperation(), streamOperation()

func streamOperation() operation {
	return operation{
		more: streamWords,
		query: []parameter{
			{"topic", []string{"ci/*", "system/usage"}, "Topics, or patterns, to read as well; at most 128 together."},
			{"since", "10m", "Where to begin: after an id, at all, now, so long ago (10m, 7d), or at an RFC 3339 time. By itself each topic's own start."},
			{"tail", 100, "Begin with so many of the last events of each topic."},
			{"follow", "1", "0: end when caught up."},
			{"types", "line,stage", "Only events of these types, gaps and ends beside them."},
			{"limit", 1000, "Of a page: at most so many events, from 1 to 10,000."},
			{"wait", "25s", "Of a page: hold an empty one for so long, at most 60s."},
			{"format", "json", "ws, sse, ndjson, json or text, whatever Accept says."},
			{"last_event_id", "k7x2m-1042", "As the head Last-Event-ID: begin after that id, whatever since and tail say."},
		},
		gives: streamPage{
			Events: []streamEvent{{"k7x2m-1042", 57, "ci/build-42", "line", time.Date(2026, 11, 23, 20, 11, 47, 123e6, time.UTC), json.RawMessage(`{"line":"compiling"}`)}},
			Next:   "k7x2m-1042",
		},
		also: []answer{
			{101, "", "A WebSocket: one text message for each event, its JSON; with format=text bare lines, with format=ndjson one or more lines of NDJSON a message.", nil},
			{200, "text/html", "", "<!doctype html>…"},
			{204, "", "Every topic asked for had ended before where the reader wants to begin.", nil},
		},
		fails: []int{400, 426},
		live:  true,
	}
}
