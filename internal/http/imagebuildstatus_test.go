package http

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"hub/internal/docker/dockertest"
	"hub/internal/legacy"
)

func TestTheStatusOfABuildHasTheEventsOfTheOlderService(t *testing.T) {
	h := startDockerHub(t)
	tag := h.imageName("hub-status")
	h.must("/docker/build/start", map[string]any{
		"task_id": "good", "tag": tag, "app_id": "shop", "build_args": map[string]string{"API_TOKEN": "hush", "WORD": "loud"},
		"dockerfile_content": "FROM " + dockertest.Image(t) + "\nARG API_TOKEN\nARG WORD\nRUN echo $WORD\n",
	})
	s := h.ended("good")
	events := s["events"].([]any)
	about := func(e map[string]any) map[string]any {
		if ts, ok := e["ts"].(float64); !ok || time.Since(time.UnixMicro(int64(ts*1e6))).Abs() > time.Hour {
			t.Errorf("ts is %v", e["ts"])
		}
		delete(e, "ts")
		return e
	}
	const head = `"stage":"build","status":`
	is(t, "the first", about(events[0].(map[string]any)), `{"app_id":"shop","build_args":{"API_TOKEN":"***","WORD":"loud"},"context_path":null,"dockerfile":"Dockerfile","inline":true,`+
		head+`"starting","tag":"`+tag+`","task":"docker_build","task_id":"good"}`)
	is(t, "the second", about(events[1].(map[string]any)), `{"app_id":"shop","chunk":{"stream":"Step 1/4 : FROM `+dockertest.Base+`\n"},`+head+`"stream","task":"docker_build","task_id":"good"}`)
	result := s["result"].(map[string]any)
	is(t, "the last", about(events[len(events)-1].(map[string]any)), `{"app_id":"shop","image_id":"`+result["image_id"].(string)+`",`+head+`"completed","tag":"`+tag+`","task":"docker_build","task_id":"good"}`)
	if _, all := h.raw("GET", "/stream/tasks/good?follow=0", ""); strings.Contains(all, "hush") || !strings.Contains(all, "loud") {
		t.Errorf("its events are %s", all)
	}
	_, logs := h.call("GET", "/tasks/logs/good?tail=1", "")
	is(t, "its last line", logs, `{"lines":["Successfully tagged `+tag+`"],"status":"completed","task_id":"good"}`)
}

func TestTheStatusOfAFailedBuildEndsWithItsError(t *testing.T) {
	h := startDockerHub(t)
	context := t.TempDir()
	_, a := h.post("/docker/build-stream", map[string]any{"context_path": context, "task_id": "bad", "dockerfile_content": "FROM " + dockertest.Image(t) + "\nRUN exit 3\n"})
	s := h.ended("bad")
	events := s["events"].([]any)
	first, last := events[0].(map[string]any), events[len(events)-1].(map[string]any)
	delete(first, "ts")
	delete(last, "ts")
	is(t, "the first", first, `{"app_id":null,"build_args":{},"context_path":"`+context+`","dockerfile":"Dockerfile","inline":true,"stage":"build","status":"starting","tag":null,"task":"docker_build","task_id":"bad"}`)
	quoted, _ := encodeJSON(a["detail"])
	is(t, "the last", last, `{"app_id":null,"error":`+string(quoted)+`,"stage":"build","status":"error","task":"docker_build","task_id":"bad"}`)
	if s["status"] != "error" || s["error"] != a["detail"] || s["result"] != nil {
		t.Errorf("%v", s)
	}
}

// What is sent to log_stream_endpoint is made of the same events.
func TestABuildIsForwardedAsTheOlderServiceDid(t *testing.T) {
	h := startDockerHub(t)
	h.post("/docker/build-stream", map[string]any{"context_path": t.TempDir(), "task_id": "sent", "dockerfile_content": "FROM " + dockertest.Image(t) + "\nRUN exit 3\n", "dockerfile_name": "No.Such", "tag": nil})
	snapshot, _ := h.server.tasks.Get("sent")
	view := legacy.NewView(legacy.Posted, "sent")
	var posted []legacy.Object
	for _, e := range h.server.history(snapshot, 1000) {
		posted = view.Append(posted, e)
	}
	for i, o := range posted {
		var object map[string]any
		if err := json.Unmarshal(o.JSON, &object); err != nil {
			t.Fatal(err)
		}
		want := "app_id null, chunk dict, context_path str, dockerfile str, inline bool, tag null, task str, task_id str"
		if i == len(posted)-1 {
			want = strings.Replace(want, "dockerfile str,", "dockerfile str, error str,", 1)
			want = strings.Replace(want, "chunk dict, ", "", 1)
		}
		if got := typesOf(object); got != want {
			t.Errorf("object %d has %s, want %s", i, got, want)
		}
	}
}
