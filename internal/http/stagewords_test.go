package http

import "testing"

// What a text shows of the stages of a task.
func TestATextTellsOfStagesInASentenceEach(t *testing.T) {
	h := startHub(t, Options{}, brokerOf(0))
	for _, c := range [][2]string{
		{`{"stage":"clone","status":"starting","repo_url":"https://git.example/site"}`, `stage clone: starting, repo_url="https://git.example/site"`},
		{`{"stage":"clone","status":"completed","commit":"9fceb02","duration_sec":0.412,"exit_code":0}`, `stage clone: completed in 0.412 s, commit="9fceb02" exit_code=0`},
		{`{"stage":"test","status":"completed","kind":"shell","duration_sec":12}`, `stage test: completed in 12 s, kind="shell"`},
		{`{"stage":"clone","status":"completed","reused":true,"commit":"9fceb02","duration_sec":0.4}`, `stage clone: completed before, not run again, commit="9fceb02"`},
		{`{"stage":"push","status":"error","duration_sec":0.071,"error":"cannot push\nx: no","repo_tag":"x"}`, `stage push: error after 0.071 s: cannot push x: no`},
		{`{"stage":"x"}`, `stage: stage="x"`},
		{`{"stage":5,"status":"starting"}`, `stage: stage=5 status="starting"`},
		{`[1]`, `stage: [1]`},
	} {
		h.broker.Forget("tasks/x")
		h.publish("tasks/x", "stage", c[0])
		if _, text := h.get("/stream/tasks/x?follow=0"); text != c[1]+"\n" {
			t.Errorf("%s is %q, want %q", c[0], text, c[1])
		}
		if _, text := h.get("/stream?topic=tasks/*&follow=0&since=all"); text != "tasks/x | "+c[1]+"\n" {
			t.Errorf("%s is %q among others", c[0], text)
		}
	}
	h.publish("ci/1", "stage", `{"stage":"a","status":"starting"}`) // a client's own
	if _, text := h.get("/stream/ci/1?follow=0"); text != "stage: stage=\"a\" status=\"starting\"\n" {
		t.Errorf("%q", text)
	}
}
