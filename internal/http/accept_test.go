package http

import (
	"errors"
	"testing"
)

func TestWhatAStreamRequestGets(t *testing.T) {
	const browser = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
	for _, c := range []struct {
		upgrade        bool
		format, accept string
		want           shape
		status         int
	}{
		{false, "", "", shapeText, 0}, {false, "", "*/*", shapeText, 0}, {false, "", "image/png", shapeText, 0}, {false, "", "text/plain", shapeText, 0},
		{false, "", "text/event-stream", shapeSSE, 0}, {false, "", "TEXT/Event-Stream; charset=utf-8", shapeSSE, 0},
		{false, "", "application/x-ndjson", shapeNDJSON, 0}, {false, "", "application/json", shapePage, 0}, {false, "", "application/json, text/plain, */*", shapePage, 0},
		{false, "", browser, shapeHTML, 0}, {false, "", "application/xhtml+xml", shapeHTML, 0},
		{false, "", "application/json;q=0.5, text/event-stream", shapeSSE, 0}, {false, "", "application/json;q=0.5,text/event-stream;q=0.4", shapePage, 0},
		{false, "", "text/event-stream;q=0, */*", shapeText, 0}, {false, "", "*/*, text/event-stream", shapeSSE, 0}, {false, "", "text/*", shapeText, 0},
		{false, "", "application/*", shapePage, 0}, {false, "", "text/event-stream;q=abc", shapeText, 0}, {false, "", "text/event-stream;q=NaN", shapeText, 0}, {false, "", ",;,=;q", shapeText, 0},
		{false, "", "application/json ; Q=0.1 , text/event-stream ; q=0.2", shapeSSE, 0},
		{true, "", "", shapeWS, 0}, {true, "", browser, shapeWS, 0}, {true, "ws", "", shapeWS, 0}, {true, "text", "", shapeWS, 0},
		{false, "sse", browser, shapeSSE, 0}, {false, "ndjson", "text/event-stream", shapeNDJSON, 0}, {false, "json", "", shapePage, 0}, {false, "text", browser, shapeText, 0},
		{false, "ws", "", "", 426}, {false, "html", "", "", 400}, {false, "SSE", "", "", 400}, {false, "xml", "", "", 400},
	} {
		got, err := negotiate(c.upgrade, c.format, c.accept)
		var answer *apiError
		if got != c.want || errors.As(err, &answer) != (c.status != 0) || answer != nil && answer.Status != c.status {
			t.Errorf("upgrade %v, format %q, accept %q: got %q, %v", c.upgrade, c.format, c.accept, got, err)
		}
	}
}

func TestTheOldRoutesStreamOnlyToWhomNamesAStream(t *testing.T) {
	for accept, want := range map[string]shape{
		"": "", "*/*": "", "application/json": "", "application/json, text/plain, */*": "", "text/html,*/*;q=0.8": "", "text/*": "",
		"application/*, text/plain;q=0.5": "", "application/json, text/event-stream": "", "text/plain;q=0.3, application/json;q=0.4": "", "text/plain;q=0": "",
		"text/plain": shapeText, "text/event-stream": shapeSSE, "application/x-ndjson": shapeNDJSON, "text/plain, */*": shapeText, "*/*, text/plain": shapeText,
		"text/event-stream, application/json;q=0.9": shapeSSE, "application/json;q=0, text/plain;q=0.1": shapeText,
	} {
		if got, live := wantsLiveStream(accept); got != want || live != (want != "") {
			t.Errorf("%q: got %q, %v, want %q", accept, got, live, want)
		}
	}
}

func FuzzAccept(f *testing.F) {
	f.Add("text/html;q=0.8, */*")
	f.Fuzz(func(t *testing.T, accept string) {
		if s, err := negotiate(false, "", accept); err != nil || s == "" || s == shapeWS {
			t.Errorf("%q: %q, %v", accept, s, err)
		}
	})
}
