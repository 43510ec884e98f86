package http

import (
	"context"
	"encoding/json"
	"time"
	"unicode/utf8"

	"github.com/gofiber/contrib/websocket"
)

// control is what a client says beside what it types.
type control struct {
	Type string `json:"type"` // resize, stdin, eof
	Cols uint   `json:"cols"`
	Rows uint   `json:"rows"`
	Data string `json:"data"`
}

// listen carries out what the client sends, one message after the other, until it
// has gone. A command that does not read its input holds up the client.
func (t *terminal) listen() {
	t.ws.SetReadLimit(mostMessage)
	t.ws.SetPongHandler(func(string) error { t.heard(); return nil })
	t.ws.SetPingHandler(func(data string) error {
		t.heard()
		_ = t.ws.WriteControl(websocket.PongMessage, []byte(data), time.Time{})
		return nil
	})
	for {
		kind, p, err := t.ws.ReadMessage()
		if err != nil {
			return
		}
		t.heard()
		switch {
		case kind == websocket.BinaryMessage:
			t.input(p)
		case !utf8.Valid(p):
			t.close(closeNotUTF8, "a text message is not UTF-8")
			t.part()
		default:
			t.obey(p)
		}
		t.heard() // however long the command took for it
	}
}

// input gives bytes to the command. One that has ended takes none, which the end
// of its output tells better.
func (t *terminal) input(p []byte) {
	t.busy.Add(1)
	defer t.busy.Add(-1)
	if len(p) > 0 {
		_, _ = t.exec.Write(p)
	}
}

func (t *terminal) obey(text []byte) {
	var c control
	if err := json.Unmarshal(text, &c); err != nil {
		t.complain(`a text message is a JSON object such as {"type":"resize","cols":120,"rows":40}; what is typed goes in binary messages`)
		return
	}
	switch c.Type {
	case "stdin":
		t.input([]byte(c.Data))
	case "resize":
		switch {
		case !t.spec.TTY:
			t.complain("there is no terminal to resize, it was opened with tty=false")
		case c.Cols < 1 || c.Cols > mostSide || c.Rows < 1 || c.Rows > mostSide:
			t.complain("a terminal has from 1 to %d cols and rows", mostSide)
		default:
			t.resize(c.Cols, c.Rows)
		}
	case "eof":
		if t.spec.TTY {
			t.complain("a terminal's input ends with control-D, the byte 4")
		} else if err := t.exec.CloseInput(); err != nil {
			t.complain("cannot end the input: %s", err)
		}
	default:
		t.complain("unknown type %q, known are resize, stdin, eof", shorten(c.Type))
	}
}

// resize sets the size, as far as the command is there to have one.
func (t *terminal) resize(cols, rows uint) {
	t.busy.Add(1)
	defer t.busy.Add(-1)
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if err := t.exec.Resize(ctx, cols, rows); err != nil {
		t.log.Debug("cannot resize a terminal", "error", err)
	}
}
