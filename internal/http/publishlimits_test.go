package http

import (
	"fmt"
	"strings"
	"testing"

	"hub/internal/broker"
)

func TestAPublishThatCannotBeSaysWhyAndPublishesNothing(t *testing.T) {
	h := startHub(t, Options{MaxBody: 100 << 10}, broker.Options{})
	const json, ndjson = "application/json", "application/x-ndjson"
	tooLong := `{"type":"a","data":"` + strings.Repeat("x", 61<<10) + `"}`
	deep := `{"type":"a","data":` + strings.Repeat("[", 40) + strings.Repeat("]", 40) + `}`
	for _, c := range []struct {
		target, kind, body string
		status             int
		says               string
	}{
		// Topics.
		{"tasks/a", "", "x", 403, "topics under tasks/ are the hub's own"},
		{"tasks", "", "x", 403, ""},
		{"tasks%2Fa", "", "x", 403, ""},
		{"containers/a/logs", "", "x", 403, ""},
		{"docker/events", "", "x", 403, ""},
		{"system/usage", json, `{"type":"a"}`, 403, ""},
		{"hub/a", "", "x", 403, ""},
		{"ci/*", "", "x", 400, `"*" is not allowed`},
		{"ci/**", "", "x", 400, ""},
		{"", "", "x", 400, "name the topic"},
		{"a//b", "", "x", 400, "a segment is empty"},
		{"/a", "", "x", 400, ""},
		{"a%20b", "", "x", 400, `" " is not allowed`},
		{"a%252Fb", "", "x", 400, `"%" is not allowed`},
		{"a/b/c/d/e/f/g/h/i", "", "x", 400, "more than 8 segments"},
		{strings.Repeat("a", 201), "", "x", 400, "201 bytes"},
		{"%C3%A4", "", "x", 400, ""},
		{"a%00", "", "x", 400, ""},
		// Parameters.
		{"p?since=all", "", "x", 400, `unknown parameter "since", known are end, exit_code`},
		{"p?end=cancelled", "", "x", 400, "it is completed or error"},
		{"p?end=completed&end=error", "", "x", 400, "2 times"},
		{"p?exit_code=1", "", "x", 400, "exit_code goes with"},
		{"p?end=error&exit_code=x", "", "x", 400, "it is a number"},
		// Events.
		{"p", json, "", 422, "cannot read the event"},
		{"p", json, `{"type":"a"`, 422, "cannot read the event"},
		{"p", json, `{"type":"a"}{"type":"b"}`, 422, "cannot read the event"},
		{"p", json, `"a"`, 422, "cannot read the event"},
		{"p", json, `null`, 422, `needs a "type"`},
		{"p", json, `{"data":1}`, 422, `needs a "type"`},
		{"p", json, `{"type":null}`, 422, `needs a "type"`},
		{"p", json, `{"type":5}`, 422, `needs a "type"`},
		{"p", json, `{"Type":"a"}`, 422, `unknown key "Type"`},
		{"p", json, `{"type":"a","id":"x-1"}`, 422, `unknown key "id"`},
		{"p", json, `{"type":""}`, 422, "bad type"},
		{"p", json, `{"type":"a b"}`, 422, "bad type"},
		{"p", json, `{"type":"` + strings.Repeat("a", 65) + `"}`, 422, "65 bytes"},
		{"p", json, `{"type":"line"}`, 422, "must hold its text"},
		{"p", json, `{"type":"line","data":{"Line":"a"}}`, 422, "must hold its text"},
		{"p", json, `{"type":"line","data":{"line":5}}`, 422, "must hold its text"},
		{"p", json, `{"type":"line","data":"a"}`, 422, "must hold its text"},
		{"p", json, deep, 422, "nested deeper than 32 levels"},
		{"p", ndjson, deep, 422, "line 1: nested deeper"},
		{"p", json, `[{"type":"a"},{"type":"gap"}]`, 422, `event 2 of the array: the type "gap" is the hub's own`},
		{"p", json, `[{"type":"a"},{"type":"b c"}]`, 422, "bad type"},
		{"p", json, `[{"type":"a"},` + tooLong + `]`, 413, "event too large"},
		{"p", json, `[{"type":"a"},]`, 422, "cannot read the array"},
		{"p", json, `[{"type":"a"}] x`, 422, "cannot read the array"},
		// Sizes.
		{"p", json, tooLong, 413, "event too large"},
		{"p", json, `{"type":"a","data":"` + strings.Repeat("x", 100<<10) + `"}`, 413, "the body is over 102400 bytes"},
		{"p", ndjson, tooLong, 413, "line 1: event too large"},
		{"p", ndjson, `{"type":"a","data":"` + strings.Repeat("x", 200<<10) + `"}`, 413, "line 1: it is over 102400 bytes"},
	} {
		a := h.send("POST", "/stream/"+c.target, c.kind, strings.NewReader(c.body))
		if a.status != c.status || !strings.Contains(fmt.Sprint(a.Detail), c.says) {
			t.Errorf("%s %.60s: %s\nwant %d %s", c.target, c.body, a, c.status, c.says)
		}
		if a.Published != nil && (*a.Published != 0 || *a.Last != "") {
			t.Errorf("%s %.60s: %s", c.target, c.body, a)
		}
	}
	for _, own := range ownKinds {
		a := h.send("POST", "/stream/p", json, strings.NewReader(`{"type":"`+own+`","data":{}}`))
		if a.status != 422 || !strings.Contains(fmt.Sprint(a.Detail), "the hub's own") {
			t.Errorf("%s: %s", own, a)
		}
	}
	if a := h.send("POST", "/stream/p", "", strings.NewReader("x"), "Content-Encoding: gzip"); a.status != 415 {
		t.Errorf("a compressed body: %s", a)
	}
	if infos := h.broker.Topics("**"); len(infos) > 0 {
		t.Errorf("there is %+v", infos)
	}
}

func TestNDJSONStopsAtTheFirstBadLineAndSaysHowFarItCame(t *testing.T) {
	h := startHub(t, Options{MaxBody: 100 << 10}, broker.Options{})
	number := 0
	good := "{\"type\":\"a\"}\n\n{\"type\":\"b\"}\n"
	for bad, want := range map[string]struct {
		status int
		says   string
	}{
		`nonsense`:                         {422, "line 4: cannot read the event"},
		`{"type":"end"}`:                   {422, `line 4: the type "end" is the hub's own`},
		`{"type":"a b"}`:                   {422, `line 4: bad type "a b"`},
		`{"type":"a","data":"` + "\x00\"}": {422, "line 4: cannot read the event"},
		`{"type":"a","data":"` + strings.Repeat("x", 61<<10) + `"}`:  {413, "line 4: event too large"},
		`{"type":"a","data":"` + strings.Repeat("x", 101<<10) + `"}`: {413, "line 4: it is over 102400 bytes"},
	} {
		number++
		topic := fmt.Sprint("stops/", number)
		a := h.send("POST", "/stream/"+topic+"?end=completed", "application/x-ndjson", strings.NewReader(good+bad+"\n{\"type\":\"c\"}\n"))
		events := h.keptEvents(topic)
		if a.status != want.status || !strings.HasPrefix(fmt.Sprint(a.Detail), want.says) || *a.Published != 2 || *a.Last != h.broker.ID(events[1].Seq) {
			t.Errorf("%.40s: %s", bad, a)
		}
		h.has(topic, "a {}", "b {}")
	}
}

func TestAFullArrayOrNothingOfIt(t *testing.T) {
	h := startHub(t, Options{}, broker.Options{})
	event := `{"type":"a","data":{}}`
	whole := "[" + strings.Repeat(event+",", 999) + event
	h.published(h.send("POST", "/stream/all", "application/json", strings.NewReader(whole+"]")), "all", 1000)
	if a := h.send("POST", "/stream/none", "application/json", strings.NewReader(whole+`,{"type":"bye"}]`)); a.status != 422 || h.broker.Exists("none") {
		t.Errorf("%s", a)
	}
}
