package http

import (
	"context"
	nethttp "net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/contrib/websocket"
	"github.com/gofiber/fiber/v2"

	"hub/internal/docker"
)

// defaultShell is bash where the container has it, else sh.
var defaultShell = []string{"/bin/sh", "-c", "if command -v bash >/dev/null; then exec bash; else exec sh; fi"}

var attachDoc = operation{
	more: "Binary messages are the terminal's bytes, both ways. Text messages are JSON objects. The client sends " +
		"`{\"type\":\"resize\",\"cols\":120,\"rows\":40}`, `{\"type\":\"stdin\",\"data\":\"ls\\n\"}` for input as text, and, without a terminal, " +
		"`{\"type\":\"eof\"}` for the input's end. The hub sends `{\"type\":\"exit\",\"exit_code\":0}` when the command has ended, then closes with 1000; " +
		"`{\"type\":\"error\",\"detail\":\"…\"}` for a message that it cannot follow, and the connection stays; the same and a close with 4500 when the command is lost. " +
		"At shutdown it closes with 1001.\n\n" +
		"A message has at most 64 KiB (1009). A client that does not read holds up the command, and is closed when it has taken nothing for 150 s; " +
		"one that does not answer pings (every 15 s) for 45 s is closed. When the client is gone, the command and what it started get HUP, as from a terminal that is closed, " +
		"and KILL if the command still runs five seconds later. That needs a shell in the container; where there is none the command runs on.\n\n" +
		"What goes wrong before the upgrade is an ordinary answer.",
	query: []parameter{
		{"cmd", []string{"bash", "-l"}, "The command's words, one for each `cmd`; by itself bash where the container has it, else sh."},
		{"tty", "true", "false: without a terminal, its outputs joined as they come."},
		{"cols", 80, "The terminal's width, 1 to 10,000."},
		{"rows", 24, "Its height, 1 to 10,000."},
		{"user", "app", "Name, uid or uid:gid; the container's by itself."},
		{"workdir", "/srv", "Absolute; the container's by itself."},
		{"env", []string{"LANG=C.UTF-8"}, "`NAME=value`, in addition to the container's; repeatable."},
	},
	also:  []answer{{nethttp.StatusSwitchingProtocols, "", "A WebSocket.", nil}},
	fails: []int{400, 404, 409, 422, 426},
}

// attachExec is GET /docker/exec/{name}/attach. Who may ask is settled before it:
// the edge has looked at Host and Origin, as for every route.
func (s *Server) attachExec(c *fiber.Ctx) error {
	if !hasToken(c.Get(fiber.HeaderUpgrade), "websocket") {
		return badRequest("a terminal is a WebSocket: the request needs Upgrade: websocket")
	}
	spec, err := terminalSpec(c)
	if err != nil {
		return err
	}
	if err := acceptUpgrade(c); err != nil {
		return err
	}
	x, err := askEngine(s, callTime, func(ctx context.Context, e *docker.Engine) (*docker.Exec, error) { return e.NewExec(ctx, spec) })
	t := &terminal{exec: x, spec: spec, log: s.log, heartbeat: s.heartbeat, all: &s.terminals}
	if err == nil {
		err = s.terminals.add(t)
	}
	if err != nil {
		c.Response().Header.Del(fiber.HeaderUpgrade) // it is an ordinary answer after all
		c.Response().Header.Del("Sec-WebSocket-Accept")
		return inQuery(err)
	}
	t.keep = time.AfterFunc(farewellOfUpgrade, t.forget)
	return websocket.New(t.serve, websocket.Config{RecoverHandler: func(*websocket.Conn) { t.recovered(recover()) }})(c)
}

// farewellOfUpgrade is how long the server may take from the answer to an upgrade
// to the WebSocket: a client that has gone between has none.
const farewellOfUpgrade = 30 * time.Second

// terminalSpec reads what is to be run from the query.
func terminalSpec(c *fiber.Ctx) (s docker.ExecSpec, err error) {
	q, err := url.ParseQuery(string(c.Request().URI().QueryString()))
	if err != nil {
		return s, badRequest("cannot read the query: %s", err)
	}
	known := []string{"cmd", "tty", "cols", "rows", "user", "workdir", "env"}
	for name, values := range q {
		if !slices.Contains(known, name) {
			return s, badRequest("unknown parameter %q, known are %s", shorten(name), strings.Join(known, ", "))
		}
		if len(values) > 1 && name != "cmd" && name != "env" {
			return s, badRequest("parameter %s is given %d times", name, len(values))
		}
	}
	s = docker.ExecSpec{Container: param(c, "name"), Cmd: q["cmd"], User: q.Get("user"), Workdir: q.Get("workdir"), Stdin: true, TTY: true}
	if len(s.Cmd) == 0 {
		s.Cmd = defaultShell
	}
	if tty := q.Get("tty"); tty != "" {
		if s.TTY, err = strconv.ParseBool(tty); err != nil {
			return s, badRequest("bad tty %q: it is true or false", shorten(tty))
		}
	}
	if s.Env, err = variables(q["env"]); err != nil {
		return s, err
	}
	if s.Cols, err = side("cols", q.Get("cols"), 80); err != nil {
		return s, err
	}
	s.Rows, err = side("rows", q.Get("rows"), 24)
	return s, err
}

func variables(list []string) (map[string]string, error) {
	env := map[string]string{}
	for _, v := range list {
		name, value, ok := strings.Cut(v, "=")
		if !ok || name == "" {
			return nil, badRequest("bad env %q: it is NAME=value", shorten(v))
		}
		env[name] = value
	}
	return env, nil
}

// mostSide is how many columns or rows a terminal has at most.
const mostSide = 10_000

func side(name, text string, standard uint) (uint, error) {
	if text == "" {
		return standard, nil
	}
	n, err := strconv.ParseUint(text, 10, 32)
	if err != nil || n < 1 || n > mostSide {
		return 0, badRequest("bad %s %q: it is a number from 1 to %d", name, shorten(text), mostSide)
	}
	return uint(n), nil
}
