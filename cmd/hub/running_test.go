package main

import (
	"bufio"
	"encoding/json"
	"io"
	"net/http"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// running is the real program, built and started on a free port.
type running struct {
	t    *testing.T
	cmd  *exec.Cmd
	url  string // http://127.0.0.1:port
	addr string

	mu     sync.Mutex
	log    strings.Builder
	exited chan struct{}
	err    error
}

// startProgram builds and starts a hub, and ends it with the test if it still runs.
func startProgram(t *testing.T, args ...string) *running {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "hub")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
		t.Fatalf("cannot build: %v\n%s", err, out)
	}
	h := &running{t: t, cmd: exec.Command(binary, append([]string{"--listen", "127.0.0.1:0", "--log-format", "json"}, args...)...), exited: make(chan struct{})}
	h.cmd.Dir = t.TempDir()
	stderr, err := h.cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := h.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	up := make(chan string, 1)
	go func() {
		defer close(h.exited)
		for in := bufio.NewScanner(stderr); in.Scan(); {
			h.mu.Lock()
			h.log.WriteString(in.Text() + "\n")
			h.mu.Unlock()
			var line struct{ Msg, Open string }
			if json.Unmarshal(in.Bytes(), &line) == nil && line.Msg == "the hub is up" {
				up <- line.Open
			}
		}
		h.err = h.cmd.Wait()
	}()
	t.Cleanup(func() {
		_ = h.cmd.Process.Kill()
		<-h.exited
		if t.Failed() {
			t.Logf("the hub's log:\n%s", h.logged())
		}
	})
	select {
	case h.url = <-up:
		h.addr = strings.TrimPrefix(h.url, "http://")
	case <-h.exited:
		t.Fatalf("the hub does not start: %v\n%s", h.err, h.logged())
	case <-time.After(30 * time.Second):
		t.Fatal("the hub does not say that it is up")
	}
	return h
}

func (h *running) logged() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.log.String()
}

// exit waits for the program's end, which must come in time, and returns its code.
func (h *running) exit(within time.Duration) int {
	h.t.Helper()
	select {
	case <-h.exited:
	case <-time.After(within):
		h.t.Fatalf("the hub still runs after %v", within)
	}
	return h.cmd.ProcessState.ExitCode()
}

// ask is a request and its answer, whose body the caller reads.
func (h *running) ask(method, target, body string, heads ...string) *http.Response {
	h.t.Helper()
	r, err := http.NewRequestWithContext(h.t.Context(), method, h.url+target, strings.NewReader(body))
	if err != nil {
		h.t.Fatal(err)
	}
	for _, head := range heads {
		name, value, _ := strings.Cut(head, ": ")
		r.Header.Set(name, value)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(func() { answer.Body.Close() })
	return answer
}

// get is an answer's body, whole.
func (h *running) get(target string) string {
	h.t.Helper()
	answer := h.ask("GET", target, "")
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		h.t.Fatal(err)
	}
	return string(text)
}

// await polls until is holds.
func (h *running) await(what string, is func() bool) {
	h.t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !is(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			h.t.Fatalf("it does not come: %s", what)
		}
	}
}
