package http

import (
	"slices"
	"strings"
	"testing"
)

// What a text shows of each event, alone and among several topics.
func TestATextShowsEachEventAsALine(t *testing.T) {
	h := startHub(t, Options{}, brokerOf(3))
	type published struct{ topic, kind, data string }
	for name, c := range map[string]struct {
		events []published
		query  string
		want   string
		gone   int // events that are not there, less their gap
	}{
		"parts are one line": {[]published{{"a", "line", `{"line":"x","part":1}`}, {"a", "line", `{"line":"y","part":2,"last":true}`}}, "topic=a", "xy\n", 0},
		"parts of two streams": {[]published{{"a", "line", `{"stream":"stdout","line":"x","part":1}`},
			{"a", "line", `{"stream":"stderr","line":"E"}`}, {"a", "line", `{"stream":"stdout","line":"y","part":2,"last":true}`}}, "topic=a", "x\nE\ny\n", 0},
		"parts of two topics": {[]published{{"a", "line", `{"line":"x","part":1}`}, {"b", "line", `{"line":"B"}`},
			{"a", "line", `{"line":"y","part":2,"last":true}`}}, "topic=a&topic=b", "a | x\nb | B\na | y\n", 0},
		"redraws": {[]published{{"a", "progress", `{"stream":"stdout","line":"1%","redraw":true}`}, {"a", "progress", `{"stream":"stdout","line":"2%","redraw":true}`},
			{"a", "line", `{"stream":"stdout","line":"done"}`}}, "topic=*", "a | 1%\ra | 2%\ra | done\n", 0},
		"a redraw, then something else": {[]published{{"a", "progress", `{"line":"100%","redraw":true}`}, {"a", "end", `{"status":"error","error":"it\r\nbroke"}`}},
			"topic=a", "100%\r\n--- end: error: it broke\n", 0},
		"progress that is no redraw": {[]published{{"a", "progress", `{"layers":{"x":1}}`}}, "topic=a", `progress: layers={"x":1}` + "\n", 0},
		"fields stay on their line":  {[]published{{"a", "note", `{"a\nb":"c\nd","e f":null}`}}, "topic=a", `note: "a\nb"="c\nd" "e f"=null` + "\n", 0},
		"a value that is no object":  {[]published{{"a", "note", `[1,2]`}}, "topic=a", "note: [1,2]\n", 0},
		"a line that is no text":     {[]published{{"a", "line", `{"line":5}`}}, "topic=a", "line: line=5\n", 0},
		"escapes":                    {[]published{{"a", "line", `{"line":"\t\"\u00e9\u001b[1m\u0000"}`}}, "topic=a", "\t\"é\x1b[1m\x00\n", 0},
		"a gap": {[]published{{"a", "line", `{"line":"1"}`}, {"a", "line", `{"line":"2"}`}, {"a", "line", `{"line":"3"}`}, {"a", "line", `{"line":"4"}`}, {"a", "line", `{"line":"5"}`}},
			"topic=a&since=all", "--- gap: 2 events of a are not coming: gone before you came (evicted)\n3\n4\n5\n", 1},
		"a gap and an end among several": {[]published{{"a", "line", `{"line":"1"}`}, {"a", "line", `{"line":"2"}`}, {"a", "line", `{"line":"3"}`}, {"a", "end", `{"status":"completed","exit_code":0}`}},
			"topic=*&since=all", "--- gap: 1 event of a is not coming: gone before you came (evicted)\na | 2\na | 3\n--- end of a: completed, exit code 0\n", 0},
	} {
		t.Run(name, func(t *testing.T) {
			h.broker.Forget("a")
			h.broker.Forget("b")
			start := h.broker.Position()
			for _, e := range c.events {
				h.publish(e.topic, e.kind, e.data)
			}
			if !strings.Contains(c.query, "since") {
				c.query += "&since=" + start
			}
			_, body := h.get("/stream?follow=0&" + c.query)
			if body != c.want {
				t.Errorf("got %q, want %q", body, c.want)
			}
			// The same as messages: one a line, none empty.
			var messages []string
			ws := h.socket("/stream?follow=0&format=text&" + c.query)
			for op, payload := ws.frame(); op != opClose; op, payload = ws.frame() {
				messages = append(messages, string(payload))
			}
			if slices.Contains(messages, "") || len(messages) != len(c.events)-c.gone {
				t.Errorf("messages %q", messages)
			}
		})
	}
}
