package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/coder/websocket"
)

const everything = "/stream?topic=ci/1&topic=tasks/*&since=all"

// told is what a stream has had by its end, and how it ended.
type told struct {
	text string
	err  error
}

// stream follows everything in one shape until the hub ends it.
func (h *running) stream(shape string) func() told {
	if shape == "ws" {
		c, _, err := websocket.Dial(h.t.Context(), h.url+everything, nil)
		if err != nil {
			h.t.Error(err)
			return nil
		}
		return func() told {
			defer c.CloseNow()
			var all strings.Builder
			for {
				_, message, err := c.Read(h.t.Context())
				if err != nil {
					return told{all.String(), err}
				}
				all.Write(append(message, '\n'))
			}
		}
	}
	answer := h.ask("GET", everything+"&format="+shape, "")
	return func() told {
		text, err := io.ReadAll(answer.Body)
		return told{string(text), err}
	}
}

func TestAtTheEndEverybodyIsToldAfterAllThatWasPublished(t *testing.T) {
	h := startProgram(t)
	json5 := "Content-Type: application/json"
	for i := range 5 {
		h.ask("POST", "/tasks/start", fmt.Sprintf(`{"cmd":"echo up; sleep 100","task_id":"t%d"}`, i), json5)
	}
	waiter := make(chan *http.Response, 1)
	go func() { waiter <- h.ask("POST", "/tasks/run-stream", `{"cmd":"sleep 100","task_id":"waited"}`, json5) }()
	pipe, write := io.Pipe()
	piped := make(chan *http.Response, 1)
	go func() {
		r, _ := http.NewRequestWithContext(t.Context(), "PUT", h.url+"/stream/ci/1", pipe)
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Error(err)
		}
		piped <- answer
	}()
	if _, err := write.Write([]byte("piped\n")); err != nil {
		t.Fatal(err)
	}
	if _, err := net.Dial("tcp", h.addr); err != nil { // asks nothing, as a browser's spare connection
		t.Fatal(err)
	}
	poller := make(chan *http.Response, 1)
	go func() { poller <- h.ask("GET", "/stream/nothing?format=json&wait=60s", "") }()

	shapes := []string{"sse", "ws", "ndjson", "text"}
	ends := make([]told, 200)
	var streams sync.WaitGroup
	for i := range ends {
		read := h.stream(shapes[i%len(shapes)])
		if read == nil {
			t.FailNow()
		}
		streams.Go(func() { ends[i] = read() })
	}
	h.await("200 streams and the waiting page", func() bool {
		return strings.Contains(h.get("/topics?match=ci/1"), `"readers":200,`) && strings.Contains(h.get("/tasks/status/waited"), `"running"`)
	})
	h.ask("POST", "/stream/ci/1", strings.Repeat("line\n", 1000)+"the last")
	kill(t, h.cmd.Process.Pid, syscall.SIGTERM)
	streams.Wait()
	if code := h.exit(5 * time.Second); code != 0 || strings.Contains(h.logged(), `"ERROR"`) || strings.Contains(h.logged(), `"WARN"`) {
		t.Errorf("exit code %d", code)
	}
	if took := h.stoppedIn(); took > 10*time.Second { // the default shutdown_timeout
		t.Errorf("it stopped in %v", took)
	}
	for i, end := range ends {
		checkTold(t, shapes[i%len(shapes)], end)
	}
	var a map[string]any
	answer := <-waiter
	if err := json.NewDecoder(answer.Body).Decode(&a); err != nil || a["status"] != "error" || a["outcome"] != "interrupted" {
		t.Errorf("who waited for a task: %v %v", a, err)
	}
	if answer := <-piped; answer == nil || answer.StatusCode != 503 {
		t.Errorf("the piped publish: %v", answer)
	}
	if answer := <-poller; answer.StatusCode != 200 {
		t.Errorf("the poller: %v", answer)
	}
}

func checkTold(t *testing.T, shape string, end told) {
	t.Helper()
	interrupted := strings.Count(end.text, "interrupted: the hub is shutting down")
	if lines := strings.Count(end.text, "line"); interrupted != 6 || lines < 1000 || !strings.Contains(end.text, "the last") || !strings.Contains(end.text, "piped") {
		t.Errorf("%s: %d ends of tasks, %d lines, %v", shape, interrupted, lines, end.err)
	}
	tail := end.text[strings.LastIndex(strings.TrimRight(end.text, "\n"), "\n")+1:]
	var good bool
	switch shape {
	case "sse":
		at := strings.LastIndex(end.text, "retry: ")
		good = end.err == nil && at > 0 && strings.Contains(end.text[at:], "event: bye\n") && strings.Contains(tail, `"type":"bye"`)
	case "ndjson":
		good = end.err == nil && strings.HasPrefix(tail, `{"type":"bye","data":{`)
	case "ws":
		good = websocket.CloseStatus(end.err) == websocket.StatusGoingAway && strings.Contains(tail, `"type":"bye"`)
	case "text": // cut, so that curl exits with 18
		good = errors.Is(end.err, io.ErrUnexpectedEOF)
	}
	if !good {
		t.Errorf("%s ended with %v after %q", shape, end.err, tail)
	}
}

// stubborn runs a task that takes no notice of TERM.
func (h *running) stubborn() {
	h.t.Helper()
	h.ask("POST", "/tasks/start", `{"cmd":"trap '' TERM; echo deaf; while :; do sleep 1; done","task_id":"stubborn"}`, "Content-Type: application/json")
	h.await("the task is deaf", func() bool { return strings.Contains(h.get("/tasks/logs/stubborn"), `["deaf"]`) })
}

func TestASecondSignalEndsAtOnce(t *testing.T) {
	h := startProgram(t)
	h.stubborn()
	kill(t, h.cmd.Process.Pid, syscall.SIGTERM)
	h.await("the first signal is heard", func() bool { return strings.Contains(h.logged(), `"stopping"`) })
	kill(t, h.cmd.Process.Pid, syscall.SIGTERM)
	if code := h.exit(2 * time.Second); code != 128+int(syscall.SIGTERM) {
		t.Errorf("exit code %d", code)
	}
}

func TestAStopTakesNoLongerThanItMay(t *testing.T) {
	silent, err := net.Listen("tcp", "127.0.0.1:0") // never answers
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	h := startProgram(t, "--shutdown-timeout", "1s", "--log-stream-endpoint", "http://"+silent.Addr().String())
	h.stubborn()
	if ready := h.get("/readyz"); !strings.Contains(ready, `"name":"forwarding"`) {
		t.Errorf("/readyz: %s", ready)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	c, _, err := websocket.Dial(ctx, h.url+"/stream/tasks/stubborn", nil)
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	kill(t, h.cmd.Process.Pid, syscall.SIGTERM)
	for err == nil {
		_, _, err = c.Read(ctx)
	}
	if websocket.CloseStatus(err) != websocket.StatusGoingAway {
		t.Error(err)
	}
	if code := h.exit(10 * time.Second); code != 0 {
		t.Errorf("exit code %d", code)
	}
	if took := time.Since(began); took > 3*time.Second {
		t.Errorf("it took %v", took)
	}
}

// stoppedIn is how long the hub says that its stop took: a test that reads 200 streams may be slower.
func (h *running) stoppedIn() time.Duration {
	for line := range strings.Lines(h.logged()) {
		var said struct{ Msg, Took string }
		if took := time.Duration(0); json.Unmarshal([]byte(line), &said) == nil && said.Msg == "stopped" {
			took, _ = time.ParseDuration(said.Took)
			return took
		}
	}
	h.t.Error("the hub does not say that it stopped")
	return 0
}
