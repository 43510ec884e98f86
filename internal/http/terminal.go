package http

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gofiber/contrib/websocket"

	"hub/internal/docker"
)

// closeLost closes a terminal whose command the hub knows nothing of any more.
// Codes from 4500 on ask the client not to come back by itself.
const closeLost = 4500

// terminal is a command in a container with a WebSocket for its input and output.
//
// Its goroutines: serve reads what the client sends, pump writes what the command
// says, watch looks whether the client is there. The library lends the connection
// for serve's time only, so serve ends last. What the library calls closing does
// not close a connection that was taken from the server, and is never called: the
// connection beneath is.
type terminal struct {
	exec      *docker.Exec
	spec      docker.ExecSpec
	log       *slog.Logger
	heartbeat time.Duration
	all       *terminals
	keep      *time.Timer // forgets a terminal that never came to be

	mu     sync.Mutex // guards conn and parted
	conn   net.Conn   // beneath the WebSocket; nil before
	parted bool       // it was told to go before it had begun

	ws      *websocket.Conn
	writing sync.Mutex   // held while a message is written
	busy    atomic.Int32 // writes under way, to the client or to the command
	alive   atomic.Int64 // when the client last said anything, Unix nanoseconds
}

// forget counts out a terminal whose client went before the WebSocket was there.
func (t *terminal) forget() {
	t.exec.Close()
	t.all.remove(t)
}

// serve is the terminal's life.
func (t *terminal) serve(ws *websocket.Conn) {
	t.ws = ws
	t.mu.Lock()
	t.conn = ws.NetConn().(interface{ UnsafeConn() net.Conn }).UnsafeConn()
	parted := t.parted
	t.mu.Unlock()
	defer t.cut()
	if !t.keep.Stop() {
		return // too late: it has been forgotten
	}
	defer t.all.remove(t)
	t.heard()
	if err := t.start(); err != nil {
		t.lost(err)
		t.listen()
		return
	}
	defer t.exec.HangUp()
	var others sync.WaitGroup
	defer others.Wait()
	here, gone := context.WithCancel(context.Background())
	defer func() { // what the others wait for ends
		gone()
		t.exec.Close()
		t.cut()
	}()
	t.beside(&others, func() { t.pump(here) })
	t.beside(&others, func() { t.watch(here) })
	if parted {
		t.bye()
	}
	if t.spec.TTY {
		t.resize(t.spec.Cols, t.spec.Rows) // engines before API 1.42 do not take it at the start
	}
	t.listen()
}

func (t *terminal) start() error {
	ctx, cancel := context.WithTimeout(context.Background(), callTime)
	defer cancel()
	return t.exec.Start(ctx)
}

// beside runs f in a goroutine of the terminal's; a panic in it ends that alone.
func (t *terminal) beside(group *sync.WaitGroup, f func()) {
	group.Go(func() {
		defer func() {
			if p := recover(); p != nil {
				t.recovered(p)
				t.cut()
			}
		}()
		f()
	})
}

// recovered logs a panic. What it holds is nothing for the client, to whom the
// library would send it.
func (t *terminal) recovered(p any) {
	if p != nil {
		t.log.Error("a terminal panicked", "panic", fmt.Sprintf("%.200v", p), "stack", string(debug.Stack()))
	}
}

// pump gives the command's output to the client, and in the end its exit code. A
// client that does not read holds it up, and it the command. here ends when the
// client has gone.
func (t *terminal) pump(here context.Context) {
	defer t.part()
	defer t.exec.Close()
	for {
		_, p, err := t.exec.Next()
		if err == nil {
			if err := t.say(websocket.BinaryMessage, p); err != nil {
				return
			}
			continue
		}
		if err != io.EOF {
			t.log.Debug("a terminal's output broke off", "error", err)
		}
		break
	}
	code, err := t.exec.Wait(here)
	if err != nil {
		t.lost(err)
		return
	}
	text, _ := json.Marshal(map[string]any{"type": "exit", "exit_code": code})
	if t.say(websocket.TextMessage, text) == nil {
		t.close(closeNormal, "the command has ended")
	}
}

// lost tells the client that there is no command, or that nothing is known of it.
func (t *terminal) lost(err error) {
	t.complain("%s", err)
	t.close(closeLost, "the command is lost")
	t.part()
}

func (t *terminal) complain(format string, args ...any) {
	text, _ := encodeJSON(map[string]any{"type": "error", "detail": fmt.Sprintf(format, args...)})
	_ = t.say(websocket.TextMessage, text)
}

// say writes one message; it waits while the client does not read.
func (t *terminal) say(kind int, p []byte) error {
	t.writing.Lock()
	defer t.writing.Unlock()
	t.busy.Add(1)
	defer t.busy.Add(-1)
	return t.ws.WriteMessage(kind, p)
}

// close sends a close frame; nothing can be said after it.
func (t *terminal) close(code int, reason string) {
	_ = t.ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, reason), time.Now().Add(farewell))
}

// part gives the client a moment to hang up.
func (t *terminal) part() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.conn != nil {
		_ = t.conn.SetReadDeadline(time.Now().Add(farewell))
	}
}

// bye is the close of a hub that shuts down.
func (t *terminal) bye() {
	t.mu.Lock()
	t.parted = true
	begun := t.conn != nil
	t.mu.Unlock()
	if begun {
		t.close(closeGoingAway, "the hub is shutting down")
		t.part()
	}
}

// cut closes the connection.
func (t *terminal) cut() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.conn != nil {
		_ = t.conn.Close()
	}
}

func (t *terminal) heard() { t.alive.Store(time.Now().UnixNano()) }
