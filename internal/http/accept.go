package http

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// shape is the form in which a stream is given out. The words are those of the
// parameter format.
type shape string

const (
	shapeWS     shape = "ws"     // WebSocket
	shapeSSE    shape = "sse"    // text/event-stream
	shapeNDJSON shape = "ndjson" // application/x-ndjson
	shapePage   shape = "json"   // one JSON page, for pollers
	shapeText   shape = "text"   // the lines as they were written
	shapeHTML   shape = "html"   // the dashboard; no format of its own
)

// shapes says which form each media type stands for.
var shapes = map[string]shape{
	"text/event-stream":     shapeSSE,
	"application/x-ndjson":  shapeNDJSON,
	"application/json":      shapePage,
	"application/*":         shapePage,
	"text/html":             shapeHTML,
	"application/xhtml+xml": shapeHTML,
	"text/plain":            shapeText,
	"text/*":                shapeText,
	"*/*":                   shapeText,
}

// negotiate says what a request for a stream gets. An upgrade to WebSocket is one
// whatever else is said (format is then the form of its messages); format comes
// next, then Accept; who asks for nothing in particular gets text.
func negotiate(upgrade bool, format, accept string) (shape, error) {
	switch s := shape(format); {
	case upgrade:
		return shapeWS, nil
	case s == shapeWS:
		return "", newError(426, "format=ws needs a WebSocket request (Upgrade: websocket)")
	case s == shapeSSE, s == shapeNDJSON, s == shapePage, s == shapeText:
		return shape(strings.Clone(format)), nil
	case s != "":
		return "", badRequest("unknown format %q, known are ws, sse, ndjson, json, text", shorten(format))
	}
	for _, wanted := range parseAccept(accept) {
		if s, ok := shapes[wanted.media]; ok {
			return s, nil
		}
	}
	return shapeText, nil
}

// wantsLiveStream says whether, and as what, a route of the older service gives
// out its live stream: only to a client that names a stream's type ahead of JSON.
// "*/*" and nothing at all are the old JSON answer.
func wantsLiveStream(accept string) (shape, bool) {
	for _, wanted := range parseAccept(accept) {
		switch wanted.media {
		case "text/event-stream", "application/x-ndjson", "text/plain":
			return shapes[wanted.media], true
		case "application/json", "application/*":
			return "", false
		}
	}
	return "", false
}

// wantsHTML says whether the client names HTML, and ahead of JSON.
func wantsHTML(accept string) bool {
	for _, wanted := range parseAccept(accept) {
		switch shapes[wanted.media] {
		case shapeHTML:
			return true
		case shapePage:
			return false
		}
	}
	return false
}

// mediaRange is one entry of an Accept head.
type mediaRange struct {
	media string
	q     float64
}

// parseAccept is the entries of an Accept head that are wanted at all, the most
// wanted first: by q, then the named before the wildcards, then as written.
func parseAccept(accept string) []mediaRange {
	const most = 32 // more than any client sends
	var ranges []mediaRange
	for entry := range strings.SplitSeq(accept, ",") {
		media, parameters, _ := strings.Cut(entry, ";")
		r := mediaRange{strings.ToLower(strings.TrimSpace(media)), 1}
		for p := range strings.SplitSeq(parameters, ";") {
			if name, value, _ := strings.Cut(p, "="); strings.EqualFold(strings.TrimSpace(name), "q") {
				r.q = quality(strings.TrimSpace(value))
			}
		}
		if r.media != "" && r.q > 0 && len(ranges) < most {
			ranges = append(ranges, r)
		}
	}
	slices.SortStableFunc(ranges, func(a, b mediaRange) int {
		return cmp.Or(cmp.Compare(b.q, a.q), cmp.Compare(strings.Count(a.media, "*"), strings.Count(b.media, "*")))
	})
	return ranges
}

// quality is a q value; what is none counts as unwanted.
func quality(s string) float64 {
	q, err := strconv.ParseFloat(s, 64)
	if err != nil || !(q >= 0 && q <= 1) {
		return 0
	}
	return q
}
