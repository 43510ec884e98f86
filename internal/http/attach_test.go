package http

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"hub/internal/docker/dockertest"
)

// shell is a terminal as a client has it.
type shell struct {
	t    testing.TB
	ctx  context.Context
	conn *websocket.Conn
	read bytes.Buffer // of binary messages
	said []string     // text messages
}

// terminal opens one in a container.
func (h *dockerHub) terminal(name, query string) *shell {
	h.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	h.t.Cleanup(cancel)
	conn, _, err := websocket.Dial(ctx, "ws://"+h.addr+"/docker/exec/"+name+"/attach?"+query, nil)
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(func() { conn.CloseNow() })
	conn.SetReadLimit(1 << 20)
	return &shell{t: h.t, ctx: ctx, conn: conn}
}

func words(cmd ...string) string { return url.Values{"cmd": cmd}.Encode() }

func (s *shell) send(kind websocket.MessageType, text string) {
	s.t.Helper()
	if err := s.conn.Write(s.ctx, kind, []byte(text)); err != nil {
		s.t.Fatal(err)
	}
}

func (s *shell) types(text string) { s.t.Helper(); s.send(websocket.MessageBinary, text) }

func (s *shell) asks(text string) { s.t.Helper(); s.send(websocket.MessageText, text) }

// next reads one message, and is the close's error at the end.
func (s *shell) next() error {
	kind, p, err := s.conn.Read(s.ctx)
	switch {
	case err != nil:
		return err
	case kind == websocket.MessageBinary:
		s.read.Write(p)
	default:
		s.said = append(s.said, string(p))
	}
	return nil
}

// until reads until the output holds the text.
func (s *shell) until(text string) {
	s.t.Helper()
	for !strings.Contains(s.read.String(), text) {
		if err := s.next(); err != nil {
			s.t.Fatalf("no %q in %q, %q: %v", text, s.read.String(), s.said, err)
		}
	}
}

// reply is the next text message.
func (s *shell) reply() string {
	s.t.Helper()
	for n := len(s.said); n == len(s.said); {
		if err := s.next(); err != nil {
			s.t.Fatalf("after %q: %v", s.read.String(), err)
		}
	}
	return s.said[len(s.said)-1]
}

// ends reads to the end, and wants the exit code and the close code.
func (s *shell) ends(exitCode int, code websocket.StatusCode) {
	s.t.Helper()
	var err error
	for err == nil {
		err = s.next()
	}
	want := fmt.Sprintf(`{"exit_code":%d,"type":"exit"}`, exitCode)
	if len(s.said) == 0 || s.said[len(s.said)-1] != want || websocket.CloseStatus(err) != code {
		s.t.Errorf("%q, then %v; want %s and %d", s.said, err, want, code)
	}
}

func TestATerminalIsAShellOneCanWorkIn(t *testing.T) {
	h := startDockerHub(t)
	name := h.inside()
	s := h.terminal(name, "cols=101&rows=17&env=A%3Dx+y&workdir=/tmp&user=1234")
	s.until("$ ")
	s.types("echo \"<$A>\" `pwd` $(id -u); tty; echo $TERM\n")
	s.until("<x y> /tmp 1234\r\n")
	s.until("/dev/pts/")
	s.until("xterm-256color")
	s.types("stty size\n")
	s.until("17 101")
	s.asks(`{"type":"resize","cols":133,"rows":44}`)
	s.asks(`{"type":"stdin","data":"stty size\n"}`)
	s.until("44 133")
	s.types("sleep 601; echo code $?\n")
	h.await(20*time.Second, "it runs", func() bool { return h.processes(name, "sleep 601") > 0 })
	s.types("\x03")
	s.types("echo back\n")
	s.until("back\r\n")
	s.types("exit 6\n")
	s.ends(6, websocket.StatusNormalClosure)
	h.await(10*time.Second, "the connection is let go", func() bool { return len(h.server.terminals.list()) == 0 })
}

func TestATerminalsBytesAreWhatTheyAre(t *testing.T) {
	h := startDockerHub(t)
	name := h.inside()
	all := make([]byte, 100_000)
	for i := range all {
		all[i] = byte(i * 7)
	}
	s := h.terminal(name, "tty=false&"+words("cat"))
	for part := range slices.Chunk(all, 30_000) {
		s.types(string(part))
	}
	s.asks(`{"type":"eof"}`)
	s.ends(0, websocket.StatusNormalClosure)
	if !bytes.Equal(s.read.Bytes(), all) {
		t.Errorf("%d bytes came back of %d, or others", s.read.Len(), len(all))
	}
	raw := h.terminal(name, words("sh", "-c", `stty raw -echo; printf '\000\377\r\n'`))
	raw.ends(0, websocket.StatusNormalClosure)
	if raw.read.String() != "\x00\xff\r\n" {
		t.Errorf("%q", raw.read.String())
	}
}

func TestWhatATerminalCannotFollowIsSaidAndItStays(t *testing.T) {
	h := startDockerHub(t)
	s := h.terminal(h.inside(), "")
	for ask, want := range map[string]string{
		`ls`: "JSON object", `[1]`: "JSON object", `{"type":"fly"}`: `unknown type "fly"`, `{"type":"eof"}`: "control-D",
		`{"type":"resize","cols":0,"rows":5}`: "from 1 to", `{"type":"resize","cols":-1,"rows":5}`: "JSON object",
	} {
		s.asks(ask)
		var reply struct{ Type, Detail string }
		if err := json.Unmarshal([]byte(s.reply()), &reply); err != nil || reply.Type != "error" || !strings.Contains(reply.Detail, want) {
			t.Errorf("%s: %+v, %v", ask, reply, err)
		}
	}
	s.types("exit\n")
	s.ends(0, websocket.StatusNormalClosure)
}

func TestTheTerminalsCloseCodesSayWhy(t *testing.T) {
	h := startDockerHub(t)
	name := h.inside()
	for text, code := range map[string]websocket.StatusCode{
		strings.Repeat("x", mostMessage+1): websocket.StatusMessageTooBig, "\xff\xfe": websocket.StatusInvalidFramePayloadData,
	} {
		s := h.terminal(name, "")
		s.send(websocket.MessageText, text)
		var err error
		for err == nil {
			err = s.next()
		}
		if websocket.CloseStatus(err) != code {
			t.Errorf("%.10q: %v", text, err)
		}
	}
	s := h.terminal(name, words("no-such-program"))
	var err error
	for err == nil {
		err = s.next()
	}
	if !strings.Contains(fmt.Sprint(s.said), `"exit_code":12`) || !strings.Contains(s.read.String(), "no-such-program") {
		t.Errorf("%q, %q, %v", s.read.String(), s.said, err)
	}
}

func TestWhenTheClientLeavesTheShellEnds(t *testing.T) {
	h := startDockerHub(t)
	name := h.inside()
	for how, leave := range map[string]func(*shell){
		"with a close":   func(s *shell) { _ = s.conn.Close(websocket.StatusNormalClosure, "") },
		"without a word": func(s *shell) { _ = s.conn.CloseNow() },
	} {
		s := h.terminal(name, words("sh", "-c", "echo ready; sleep 602; true"))
		s.until("ready")
		if h.processes(name, "sleep 602") == 0 {
			t.Fatal("nothing runs")
		}
		leave(s)
		h.await(20*time.Second, how+": the shell and what it runs end", func() bool { return h.processes(name, "602") == 0 })
		h.await(20*time.Second, "the terminal is let go", func() bool { return len(h.server.terminals.list()) == 0 })
	}
}

func TestAShellThatIsKilledIsAnExit(t *testing.T) {
	h := startDockerHub(t)
	name := h.inside()
	s := h.terminal(name, "")
	s.types("echo pid=$((0+$$)).\n")
	s.until(".\r\n/")
	_, pid, _ := strings.Cut(s.read.String(), "\npid=")
	pid, _, _ = strings.Cut(pid, ".")
	h.must("/docker/exec", map[string]any{"id_or_name": name, "cmd": "kill -9 " + pid})
	s.ends(137, websocket.StatusNormalClosure)
}

func TestBeforeTheUpgradeATerminalsErrorsAreAnswers(t *testing.T) {
	h := startDockerHub(t)
	name := h.inside()
	upgrade := "Connection: Upgrade\nUpgrade: websocket\nSec-WebSocket-Version: 13\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\n"
	answer := func(target, heads string) string {
		r := h.dial("GET " + target + " HTTP/1.1\nHost: localhost\n" + heads + "Connection: close\n\n")
		status, _, _ := strings.Cut(r.head(), "\r\n")
		return strings.TrimPrefix(status, "HTTP/1.1 ")[:3] + " " + r.all()
	}
	at := "/docker/exec/" + name + "/attach"
	for what, c := range map[string]struct{ target, heads, want string }{
		"no WebSocket":      {at, "", "400 {\"detail\":\"a terminal is a WebSocket"},
		"another version":   {at, strings.Replace(upgrade, "13", "8", 1), "426 "},
		"no key":            {at, "Connection: Upgrade\nUpgrade: websocket\nSec-WebSocket-Version: 13\n", "400 "},
		"no container":      {"/docker/exec/no-such/attach", upgrade, "404 {\"detail\":\"cannot run a command in container no-such: No such container"},
		"unknown parameter": {at + "?colls=3", upgrade, "400 {\"detail\":\"unknown parameter \\\"colls\\\""},
		"a bad size":        {at + "?cols=0", upgrade, "400 {\"detail\":\"bad cols"},
		"a bad folder":      {at + "?workdir=x", upgrade, "422 "},
		"another's page":    {at, upgrade + "Origin: http://evil.example\n", "403 "},
		"another port":      {at, upgrade + "Origin: http://localhost:9999\n", "403 "},
		"no origin at all":  {at, upgrade + "Origin: null\n", "403 "},
		"another site":      {at, upgrade + "Sec-Fetch-Site: same-site\n", "403 "},
	} {
		if got := answer(c.target, c.heads); !strings.HasPrefix(got, c.want) {
			t.Errorf("%s: %s, want %s", what, got, c.want)
		}
	}
	if n := h.processes(name, "HUB_EXEC") + h.processes(name, "sh") + len(h.server.terminals.list()); n != 0 {
		t.Errorf("something was run by them")
	}
	h.must("/docker/stop", map[string]any{"id_or_name": name, "timeout": 0})
	if got := answer(at, upgrade); !strings.HasPrefix(got, "409 ") || !strings.Contains(got, "does not run") {
		t.Error(got)
	}
	away := startDockerHubWith(t, dockerSetup{Host: "unix://" + t.TempDir() + "/none.sock"})
	_, r, err := websocket.Dial(t.Context(), "ws://"+away.addr+at, nil)
	if err == nil || r.StatusCode != 503 {
		t.Errorf("no engine: %v, %v", r, err)
	}
}

func TestAShutdownClosesTerminalsAndEndsTheirShells(t *testing.T) {
	h := startDockerHub(t)
	name := h.inside()
	s := h.terminal(name, words("sh", "-c", "echo ready; sleep 603; true"))
	s.until("ready")
	done := make(chan struct{})
	go func() { defer close(done); h.shutdown(20 * time.Second) }()
	var err error
	for err == nil {
		err = s.next()
	}
	if websocket.CloseStatus(err) != websocket.StatusGoingAway {
		t.Error(err)
	}
	<-done
	if n := h.processes(name, "603"); n > 0 {
		t.Errorf("%d processes live on", n)
	}
}

func TestAnEngineThatIsKilledIsSaidInTheTerminal(t *testing.T) {
	engine := dockertest.StartEngine(t)
	h := startDockerHubWith(t, dockerSetup{Host: engine.Host})
	s := h.terminal(h.inside(), "")
	s.until("# ")
	engine.Kill()
	var err error
	for err == nil {
		err = s.next()
	}
	if websocket.CloseStatus(err) != closeLost || len(s.said) != 1 || !strings.Contains(s.said[0], engine.Host) {
		t.Errorf("%q, %v", s.said, err)
	}
	var closed websocket.CloseError
	if !errors.As(err, &closed) {
		t.Error(err)
	}
	if err := engine.Start(); err != nil {
		t.Fatal(err)
	}
}
