package http

import (
	"bufio"
	"fmt"
	nethttp "net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hub/internal/broker"
	"hub/internal/task"
)

func TestRunStreamIsTheLiveStreamToWhomNamesItsType(t *testing.T) {
	h := startTaskHub(t, task.Options{}, broker.Options{})
	for accept, want := range map[string]string{
		"text/plain":           "line 1\nline 2\n--- end: completed, exit code 4\n",
		"text/event-stream":    "event: end\n",
		"application/x-ndjson": `"type":"end"`,
	} {
		fifo := filepath.Join(t.TempDir(), "go")
		body := fmt.Sprintf(`{"cmd":"mkfifo %s; echo line 1; read x < %s; echo line 2; exit 4"}`, fifo, fifo)
		r, err := nethttp.NewRequest("POST", "http://"+h.addr+"/tasks/run-stream", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Accept", accept+", application/json;q=0.5")
		r.Header.Set("Content-Type", "application/json")
		answer, err := nethttp.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		if kind := answer.Header.Get("Content-Type"); answer.StatusCode != 200 || !strings.HasPrefix(kind, accept) || answer.Header.Get("X-Task-Id") == "" {
			t.Errorf("%s: %d %v", accept, answer.StatusCode, answer.Header)
		}
		var all strings.Builder
		for in := bufio.NewReader(answer.Body); ; {
			line, err := in.ReadString('\n')
			all.WriteString(line)
			if strings.Contains(line, "line 1") && !strings.Contains(line, "mkfifo") { // live: the command still waits
				if err := os.WriteFile(fifo, []byte("x\n"), 0); err != nil {
					t.Fatal(err)
				}
			}
			if err != nil {
				break
			}
		}
		answer.Body.Close()
		if text := all.String(); !strings.Contains(text, want) || strings.Index(text, "line 1") > strings.LastIndex(text, "line 2") {
			t.Errorf("%s: %s", accept, text)
		}
	}
}

func TestAnUnfinishedLineIsShownAfterAMoment(t *testing.T) {
	h := startTaskHub(t, task.Options{}, broker.Options{})
	fifo := filepath.Join(t.TempDir(), "go")
	h.call("POST", "/tasks/start", fmt.Sprintf(`{"cmd":"mkfifo %s; printf 'Continue? '; read x < %s; echo $x","task_id":"asks"}`, fifo, fifo))
	reader := h.open("ws", map[string][]string{"topic": {"tasks/asks"}, "types": {"line"}})
	if e := reader.want("the question"); e.Data.Line != "Continue? " {
		t.Error(e.raw)
	}
	if err := os.WriteFile(fifo, []byte("yes\n"), 0); err != nil {
		t.Fatal(err)
	}
	if e := reader.want("the answer"); e.Data.Line != "yes" {
		t.Error(e.raw)
	}
}

func TestAReaderThatLeavesCancelsNothing(t *testing.T) {
	h := startTaskHub(t, task.Options{}, broker.Options{})
	for _, accept := range []string{"text/plain", "*/*"} {
		id := "left-by-" + accept[:1] + "x"
		id = strings.ReplaceAll(id, "*", "s")
		fifo := filepath.Join(t.TempDir(), "go")
		body := fmt.Sprintf(`{"cmd":"mkfifo %s; echo up; read x < %s; echo went on","task_id":"%s"}`, fifo, fifo, id)
		c := h.dial(fmt.Sprintf("POST /tasks/run-stream HTTP/1.1\nHost: localhost\nAccept: %s\nContent-Type: application/json\nContent-Length: %d\n\n%s", accept, len(body), body))
		reader := h.open("ndjson", map[string][]string{"topic": {"tasks/" + id}, "types": {"line"}})
		reader.want("the first line")
		_ = c.Close()
		h.await(5*time.Second, "the client is gone", func() bool { return h.listener.Open() == 1 })
		if err := os.WriteFile(fifo, []byte("x\n"), 0); err != nil {
			t.Fatal(err)
		}
		if e := reader.want("the line after"); e.Data.Line != "went on" {
			t.Errorf("%s: %s", accept, e.raw)
		}
		if e := reader.want("the end"); e.Data.Status != "completed" {
			t.Errorf("%s: %s", accept, e.raw)
		}
		reader.close()
		h.await(5*time.Second, "the reader is gone", func() bool { return h.listener.Open() == 0 })
	}
}

func TestReadersSeeTheirPlaceInTheQueue(t *testing.T) {
	h := startTaskHub(t, task.Options{Running: 1}, broker.Options{})
	for _, id := range []string{"first", "second", "third"} {
		h.call("POST", "/tasks/start", `{"cmd":"sleep 60","task_id":"`+id+`"}`)
	}
	reader := h.open("sse", map[string][]string{"topic": {"tasks/third"}})
	if e := reader.want("its place"); !strings.Contains(e.raw, `"status":"queued","position":2`) {
		t.Error(e.raw)
	}
	h.call("POST", "/tasks/first/cancel", "")
	if e := reader.want("its place"); !strings.Contains(e.raw, `"status":"queued","position":1`) {
		t.Error(e.raw)
	}
	_, a := h.call("GET", "/tasks/status/third", "")
	if a["status"] != "running" || a["queued"] != true || a["position"] != 1.0 {
		t.Errorf("%v", a)
	}
	h.call("POST", "/tasks/second/cancel", "")
	if e := reader.want("its turn"); !strings.Contains(e.raw, `"status":"running"`) {
		t.Error(e.raw)
	}
}

func TestNothingIsRunForALiveStreamThatCannotBeOpened(t *testing.T) {
	h := startTaskHub(t, task.Options{}, broker.Options{})
	h.server.streams.most = 1
	h.open("sse", map[string][]string{"topic": {"x"}})
	h.await(5*time.Second, "the stream is open", func() bool { return h.server.streams.full() })
	for _, accept := range []string{"text/plain", "text/event-stream"} {
		r, text := h.raw("POST", "/tasks/run-stream", `{"cmd":"true"}`, "Accept: "+accept)
		if r.StatusCode != 503 || r.Header.Get("Retry-After") == "" || len(h.server.tasks.List(task.Filter{})) > 0 {
			t.Errorf("%s: %d %s", accept, r.StatusCode, text)
		}
	}
}
