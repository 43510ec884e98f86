package main

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

func TestTaskEventsAreForwardedInOrderAlsoThatOfTheEnd(t *testing.T) {
	var mu sync.Mutex
	var told []string
	endpoint := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		var o struct{ Line, Status, Outcome string }
		if err := json.Unmarshal(body, &o); err != nil || r.Header.Get("Authorization") != "Bearer s3cret" {
			t.Errorf("%s %v: %v", body, r.Header, err)
		}
		mu.Lock()
		defer mu.Unlock()
		told = append(told, o.Line+o.Status+" "+o.Outcome)
	}))
	defer endpoint.Close()
	h := startProgram(t, "--log-stream-endpoint", endpoint.URL+"/in", "--auth-header", "Authorization: Bearer s3cret")
	h.ask("POST", "/tasks/start", `{"cmd":"echo one; echo two; sleep 100","task_id":"a"}`, "Content-Type: application/json")
	h.await("both lines are forwarded", func() bool { mu.Lock(); defer mu.Unlock(); return len(told) == 2 })
	kill(t, h.cmd.Process.Pid, syscall.SIGTERM)
	if code := h.exit(10 * time.Second); code != 0 {
		t.Errorf("exit code %d", code)
	}
	if got := strings.Join(told, ", "); got != "one , two , error interrupted" {
		t.Errorf("forwarded: %s", got)
	}
	if strings.Contains(h.logged(), "s3cret") {
		t.Errorf("the log shows a secret")
	}
}

func TestAnEndpointThatFailsIsToldOfAndKeepsNobodyAway(t *testing.T) {
	h := startProgram(t, "--log-stream-endpoint", "http://"+freeAddress(t)+"/s3cret")
	h.ask("POST", "/tasks/run-stream", `{"cmd":"echo one"}`, "Content-Type: application/json")
	ready := ""
	h.await("that forwarding fails", func() bool {
		ready = h.get("/readyz")
		return strings.Contains(ready, `"name":"forwarding","ok":false`)
	})
	if answer := h.ask("GET", "/readyz", ""); answer.StatusCode != 200 || !strings.Contains(ready, `"reason":"2 events wait, 0 were given up: `) {
		t.Errorf("%d %s", answer.StatusCode, ready)
	}
	if strings.Contains(ready+h.logged(), "s3cret") {
		t.Error("the endpoint's path is shown")
	}
}
