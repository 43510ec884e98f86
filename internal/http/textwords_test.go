package http

import (
	"testing"
)

// What a text shows of a task's own events: lines, and the result with the end.
func TestATextOfATaskHasItsResultAndNoProgress(t *testing.T) {
	h := startHub(t, Options{}, brokerOf(0))
	for _, e := range [][2]string{
		{"progress", `{"percent":0,"layers":[{"id":"a3ed95caeb02","status":"Waiting"}]}`},
		{"line", `{"stream":"stdout","line":"a3ed95","part":1}`},
		{"progress", `{"percent":50}`},
		{"line", `{"stream":"stdout","line":"caeb02: Pushed","part":2,"last":true}`},
		{"progress", `{"stream":"stdout","line":"99%","redraw":true}`},
		{"progress", `{"percent":100}`},
		{"line", `{"stream":"stdout","line":"100%"}`},
		{"end", `{"status":"completed","exit_code":0,"result":{"status":"ok","exit_code":0,"pushed":"a/b:1","steps":[{"line":1}],"tag":null,"size":528,"inline":false}}`},
	} {
		h.publish("tasks/x", e[0], e[1])
	}
	const end = `--- end: completed, exit code 0, pushed="a/b:1" size=528 inline=false`
	if _, text := h.get("/stream/tasks/x"); text != "a3ed95caeb02: Pushed\n99%\r100%\n"+end+"\n" {
		t.Errorf("%q", text)
	}
	messages := h.textMessages("/stream/tasks/x?format=text")
	is(t, "the messages", messages, `["a3ed95","caeb02: Pushed","99%","100%","--- end: completed, exit code 0, pushed=\"a/b:1\" size=528 inline=false"]`)
}

func TestATextSaysWhatBecameOfAFailure(t *testing.T) {
	for data, want := range map[string]string{
		`{"status":"error","outcome":"rolled_back","error":"it answered 500"}`:                       "--- end: error, rolled back: it answered 500",
		`{"status":"error","outcome":"interrupted","error":"interrupted: the hub is shutting down"}`: "--- end: error: interrupted: the hub is shutting down",
		`{"status":"cancelled","error":"cancelled"}`:                                                 "--- end: cancelled: cancelled",
	} {
		if got := string(appendEnd(nil, "", []byte(data))); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}
