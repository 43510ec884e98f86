package http

import (
	"net"
	"net/url"
	"strings"
	"testing"

	"hub/internal/docker/dockertest"
)

func TestABuildTakesWhatTheOlderServiceHadNot(t *testing.T) {
	h := startDockerHub(t)
	tag, base := h.imageName("hub-extra"), dockertest.Image(t)
	a := h.must("/docker/build", map[string]any{
		"path": folder(t, map[string]string{"sub/Other": "FROM " + base + " AS first\nARG WORD\nENV SAID=$WORD\nFROM first\nRUN exit 3\n"}),
		"tag":  tag, "dockerfile": "sub/Other", "target": "first", "build_args": map[string]any{"WORD": 1.5}, "labels": map[string]any{"team": "shop", "count": 2},
		"no_cache": true, "platform": "linux/amd64",
	})
	if a["dockerfile_used"] != "sub/Other" || a["steps_completed"].(float64) < 3 || len(a["steps"].([]any)) != 5 {
		t.Errorf("%v", a)
	}
	found, err := h.api.ImageInspect(t.Context(), tag)
	if err != nil {
		t.Fatal(err)
	}
	is(t, "its labels", found.Config.Labels, `{"count":"2","team":"shop"}`)
	if env := strings.Join(found.Config.Env, " "); !strings.Contains(env, "SAID=1.5") {
		t.Errorf("its environment is %s", env)
	}
}

func TestWhatLogsInToARepositoryIsNotShown(t *testing.T) {
	h := startDockerHubWith(t, dockerSetup{Log: quiet()})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close() // nobody is there
	status, a := h.post("/docker/build-stream", map[string]any{"git_url": "http://me:hush@" + l.Addr().String() + "/site.git", "ref": "main", "task_id": "git"})
	if status != 502 || !strings.Contains(a["detail"].(string), l.Addr().String()) || strings.Contains(a["detail"].(string), "hush") {
		t.Errorf("%d %v", status, a)
	}
	for _, target := range []string{"/stream/tasks/git?follow=0", "/tasks/status/git", "/tasks", "/tasks/logs/git"} {
		if _, text := h.raw("GET", target, ""); strings.Contains(text, "hush") || strings.HasPrefix(target, "/stream") && !strings.Contains(text, `git_url="http://`+l.Addr().String()+`/site.git" ref="main"`) {
			t.Errorf("%s: %s", target, text)
		}
	}
}

// An end event has room for 32 KiB.
func TestStepsTooLongForTheEndEventAreInTheAnswerAlone(t *testing.T) {
	h := startDockerHub(t)
	a := h.must("/docker/build-stream", map[string]any{
		"context_path": t.TempDir(), "task_id": "steps", "tag": h.imageName("hub-steps"), "dockerfile_content": "FROM " + dockertest.Image(t) + "\nENV LONG=" + strings.Repeat("x", 40<<10) + "\n",
	})
	if steps := a["steps"].([]any); len(steps) != 2 || len(steps[1].(map[string]any)["args"].(string)) < 40<<10 {
		t.Errorf("%d steps", len(steps))
	}
	end := h.open("ndjson", url.Values{"topic": {"tasks/steps"}, "types": {"end"}}).want("the end")
	if !strings.Contains(end.raw, `"result":{"status":"ok","image_id":"`+a["image_id"].(string)+`"`) {
		t.Error(end.raw)
	}
	events := h.ended("steps")["events"].([]any)
	if last := events[len(events)-1].(map[string]any); last["image_id"] != a["image_id"] {
		t.Errorf("%v", last)
	}
}

// A registry that takes the connection and says nothing.
func TestACancelledPullEndsInTheEngineToo(t *testing.T) {
	h := startDockerHub(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	came, gone := make(chan struct{}), make(chan struct{})
	go func() {
		c, err := l.Accept()
		if err != nil {
			return
		}
		defer c.Close()
		close(came)
		for buf := make([]byte, 1024); err == nil; {
			_, err = c.Read(buf)
		}
		close(gone)
	}()
	type answer struct {
		status int
		body   map[string]any
	}
	answered := make(chan answer, 1)
	go func() {
		status, a := h.post("/docker/pull", map[string]any{"name": l.Addr().String() + "/site", "task_id": "slow"})
		answered <- answer{status, a}
	}()
	<-came
	if a := h.must("/tasks/slow/cancel", "{}"); a["outcome"] != "cancelled" {
		t.Errorf("%v", a)
	}
	<-gone // the engine has hung up
	a := <-answered
	if a.status != 409 {
		t.Errorf("%d", a.status)
	}
	is(t, "the answer", a.body, `{"detail":"the pull was cancelled","outcome":"cancelled","task_id":"slow"}`)
}
