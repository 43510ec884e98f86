package http

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"

	"hub/internal/docker/dockertest"
)

// rawTerminal is a terminal whose client does nothing by itself.
func (h *dockerHub) rawTerminal(name, query string) *raw {
	h.t.Helper()
	r := h.dial("GET /docker/exec/" + name + "/attach?" + query + " HTTP/1.1\nHost: localhost\nConnection: Upgrade\nUpgrade: websocket\n" +
		"Sec-WebSocket-Version: 13\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\nSec-WebSocket-Extensions: permessage-deflate\n\n")
	if head := r.head(); !strings.HasPrefix(head, "HTTP/1.1 101 ") || strings.Contains(head, "deflate") {
		h.t.Fatal(head)
	}
	return r
}

// count is what a command in the container has counted to in /tmp/n.
func (h *dockerHub) count(name string) (n int) {
	h.t.Helper()
	a := h.must("/docker/exec", map[string]any{"id_or_name": name, "cmd": "cat /tmp/n"})
	_, _ = fmt.Sscan(a["output"].(string), &n)
	return n
}

func TestAClientThatDoesNotReadHoldsUpTheCommandAndNothingElse(t *testing.T) {
	h := startDockerHub(t)
	name := h.inside()
	kilobyte := strings.Repeat("x", 1023)
	r := h.rawTerminal(name, "tty=false&"+words("sh", "-c", "i=0; while :; do echo "+kilobyte+"; i=$((i+1)); echo $i >/tmp/n; done"))
	before := -1
	h.await(40*time.Second, "the command stands still", func() bool {
		time.Sleep(500 * time.Millisecond)
		n := h.count(name)
		still := n > 0 && n == before
		before = n
		return still
	})
	if before > 16<<10 {
		t.Errorf("%d KiB were taken from a command whose output nobody reads", before)
	}
	go io.Copy(io.Discard, r)
	h.await(20*time.Second, "it goes on", func() bool { return h.count(name) > before })
}

func TestAClientThatLeavesInputBehindIsNoticed(t *testing.T) {
	h := startDockerHub(t)
	name := h.inside()
	s := h.terminal(name, "tty=false&"+words("sh", "-c", "echo ready; sleep 604; true"))
	s.until("ready")
	sent := make(chan struct{})
	go func() {
		defer close(sent)
		for s.conn.Write(s.ctx, websocket.MessageBinary, bytes.Repeat([]byte("y"), 60_000)) == nil {
		}
	}()
	open := h.server.terminals.list()[0]
	h.await(20*time.Second, "its input stands still", func() bool { return open.busy.Load() > 0 })
	_ = s.conn.CloseNow()
	<-sent
	h.await(30*time.Second, "the command ends", func() bool { return h.processes(name, "604") == 0 })
	h.await(10*time.Second, "the terminal is let go", func() bool { return len(h.server.terminals.list()) == 0 })
}

func TestOnlyAClientThatAnswersPingsIsKept(t *testing.T) {
	h := startDockerHub(t)
	h.server.heartbeat = 200 * time.Millisecond
	name := h.inside()
	s := h.terminal(name, words("cat"))
	go func() {
		for s.next() == nil {
		}
	}()
	r := h.rawTerminal(name, words("sleep", "605"))
	began := time.Now()
	if frames := r.all(); !strings.Contains(frames, "\x89\x00") {
		t.Errorf("no ping in %q", frames)
	}
	if took := time.Since(began); took < 500*time.Millisecond {
		t.Errorf("it was closed after %v, three heartbeats were not over", took)
	}
	h.await(20*time.Second, "its command ends", func() bool { return h.processes(name, "sleep 605") == 0 })
	if h.processes(name, "cat") != 1 {
		t.Error("the one that answers was closed, too")
	}
}

func TestOnlySoManyTerminalsCanBeOpen(t *testing.T) {
	h := startDockerHub(t)
	name := h.inside()
	others := make([]terminal, mostTerminals)
	for i := range others {
		if err := h.server.terminals.add(&others[i]); err != nil {
			t.Fatal(err)
		}
	}
	_, r, err := websocket.Dial(t.Context(), "ws://"+h.addr+"/docker/exec/"+name+"/attach", nil)
	if err == nil || r.StatusCode != 503 || r.Header.Get("Retry-After") == "" || r.Header.Get("Sec-WebSocket-Accept") != "" {
		t.Errorf("%+v, %v", r, err)
	}
	for i := range others {
		h.server.terminals.remove(&others[i])
	}
	s := h.terminal(name, words("true"))
	s.ends(0, websocket.StatusNormalClosure)
}

func TestATerminalsPanicIsLoggedAndEndsThatTerminalAlone(t *testing.T) {
	var log bytes.Buffer
	tm := &terminal{log: slog.New(slog.NewTextHandler(&log, nil))}
	var group sync.WaitGroup
	tm.beside(&group, func() { panic("at the disco") })
	group.Wait()
	if !strings.Contains(log.String(), "at the disco") {
		t.Error(log.String())
	}
}

// Clients that come and go at once must never get what is another's.
func TestManyTerminalsAtOnceKeepApart(t *testing.T) {
	h := startDockerHub(t)
	name := h.inside()
	var clients sync.WaitGroup
	for i := range 12 {
		clients.Go(func() {
			for j := range 3 {
				mark := dockertest.Name(fmt.Sprintf("mark-%d-%d", i, j))
				s := h.terminal(name, "tty=false&"+words("sh", "-c", "cat; echo "+mark))
				s.types(mark + "\n")
				if j == 1 {
					_ = s.conn.CloseNow()
					continue
				}
				s.asks(`{"type":"eof"}`)
				s.ends(0, websocket.StatusNormalClosure)
				if s.read.String() != mark+"\n"+mark+"\n" {
					t.Errorf("%q, want %s twice", s.read.String(), mark)
				}
			}
		})
	}
	clients.Wait()
	h.await(40*time.Second, "all are let go", func() bool { return len(h.server.terminals.list()) == 0 })
}
