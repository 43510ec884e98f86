package http

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	nethttp "net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
)

func TestAWebSocketIsClosedWithTheCodeOfItsReason(t *testing.T) {
	h := startHub(t, Options{}, brokerOf(0))
	h.lines("ci/1", 1, 3)
	long := strings.Repeat("x", 64<<10+1)
	for name, bad := range map[string]struct {
		frames string
		want   string
	}{
		"a text that is not UTF-8":              {string(masked(0x81, "ping \xff")), "1007"},
		"a rune cut by the message's end":       {string(masked(0x81, "ping \xc3")), "1007"},
		"a message over 64 KiB":                 {string(masked(0x81, long)), "1009"},
		"fragments over 64 KiB together":        {string(masked(0x01, long[:40<<10])) + string(masked(0x80, long[:40<<10])), "1009"},
		"a length that overflows":               {string(masked(0x01, "0123456789")) + "\x80\xff\xff\xff\xff\xff\xff\xff\xff\xff1234", "1002"},
		"a fragment of nearly all there is":     {string(masked(0x01, "0123456789")) + "\x80\xff\x7f\xff\xff\xff\xff\xff\xff\xff1234", "1009"},
		"a frame without a mask":                {"\x81\x04ping", "1002"},
		"reserved bit 1":                        {string(masked(0xC1, "ping")), "1002"},
		"reserved bit 2":                        {string(masked(0xA1, "ping")), "1002"},
		"reserved bit 3":                        {string(masked(0x91, "ping")), "1002"},
		"reserved opcode 3":                     {string(masked(0x83, "ping")), "1002"},
		"reserved opcode 7":                     {string(masked(0x87, "ping")), "1002"},
		"reserved opcode 11":                    {string(masked(0x8B, "ping")), "1002"},
		"reserved opcode 15":                    {string(masked(0x8F, "ping")), "1002"},
		"a continuation of nothing":             {string(masked(0x80, "ping")), "1002"},
		"a continuation after a whole message":  {string(masked(0x81, "ping")) + string(masked(0x80, "x")), "1002"},
		"a message within a message":            {string(masked(0x01, "pi")) + string(masked(0x81, "ping")), "1002"},
		"a ping that is fragmented":             {string(masked(0x09, "x")), "1002"},
		"a ping over 125 bytes":                 {string(masked(0x89, long[:126])), "1002"},
		"a close over 125 bytes":                {string(masked(0x88, "\x03\xe8"+long[:124])), "1002"},
		"a close with half a code":              {string(masked(0x88, "\x03")), "1002"},
		"a close with code 999":                 {string(masked(0x88, "\x03\xe7")), "1002"},
		"a close with code 1005, never sent":    {string(masked(0x88, "\x03\xed")), "1002"},
		"a close with code 1016, not given out": {string(masked(0x88, "\x03\xf8")), "1002"},
		"a close with code 5000":                {string(masked(0x88, "\x13\x88")), "1002"},
		"a close whose reason is not UTF-8":     {string(masked(0x88, "\x03\xe8\xff")), "1007"},
		"a close without a code":                {string(masked(0x88, "")), "1000"},
		"a close with code 1000":                {string(masked(0x88, "\x03\xe8bye")), "1000"},
		"a close with code 3000":                {string(masked(0x88, "\x0b\xb8")), "3000"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := h.socket("/stream/ci/1")
			if _, err := io.WriteString(c, bad.frames); err != nil {
				t.Fatal(err)
			}
			if got := c.closed(); got[:4] != bad.want {
				t.Errorf("closed with %q, want %s", got, bad.want)
			}
			if rest := c.all(); rest != "" {
				t.Errorf("%q after the close", rest)
			}
		})
	}
}

func TestFragmentsBinaryAndPingsBetweenAreTaken(t *testing.T) {
	c := startHub(t, Options{}, brokerOf(0)).socket("/stream")
	c.message() // hello
	c.send(0x01, `{"op":"pi`)
	c.send(0x89, "are you there?")
	c.send(0x00, `ng","ref":`)
	c.send(0x80, `"é"}`)
	if op, payload := c.frame(); op != opPong || string(payload) != "are you there?" {
		t.Errorf("got %d %q, want the pong", op, payload)
	}
	if got := c.message(); got != `{"type":"ok","data":{"op":"ping","ref":"é","topics":[]}}` {
		t.Errorf("got %s", got)
	}
	c.send(0x82, "ping\r\n") // binary: what counts is that it is UTF-8
	if got := c.message(); got != `{"type":"ok","data":{"op":"ping","ref":null,"topics":[]}}` {
		t.Errorf("got %s", got)
	}
	c.send(0x8A, "a pong nobody asked for")
	c.send(0x81, strings.Repeat(" ", 64<<10-4)+"ping") // 64 KiB are allowed
	if got := c.message(); !strings.Contains(got, `"op":"ping"`) {
		t.Errorf("got %s", got)
	}
}

func TestTooManyMessagesASecondAreAClose1008(t *testing.T) {
	h := startHub(t, Options{}, brokerOf(0))
	for name, first := range map[string]byte{"messages": 0x81, "pings": 0x89} {
		t.Run(name, func(t *testing.T) {
			c := h.socket("/stream")
			go func() {
				for range 2 * (commandBurst + commandRate) {
					if _, err := c.Write(masked(first, "ping")); err != nil {
						return
					}
				}
			}()
			if got := c.closed(); got[:4] != "1008" {
				t.Errorf("closed with %q", got)
			}
		})
	}
	c := h.socket("/stream")
	c.message()
	for range commandBurst { // as many at once are allowed
		c.send(0x81, "ping")
	}
	for range commandBurst {
		c.message()
	}
}

func TestAWebSocketEndsWithItsTopicsAndTheClientAnswers(t *testing.T) {
	h := startHub(t, Options{}, brokerOf(0))
	h.lines("ci/1", 1, 1)
	h.lines("ci/2", 1, 1)
	f := h.open("ws", url.Values{"topic": {"ci/1", "ci/2"}})
	h.publish("ci/1", "end", `{"status":"completed"}`)
	for range 3 {
		f.want("an event while one topic goes on")
	}
	h.publish("ci/2", "end", `{"status":"error"}`)
	if events := f.rest(); len(events) != 1 || events[0].Type != "end" {
		t.Errorf("at the end came %v", events)
	}
	h.await(time.Second, "the stream is gone", func() bool { return len(h.server.streams.list()) == 0 })

	// The server waits for the answer, but not for ever.
	silent := h.socket("/stream/ci/1")
	began := time.Now()
	if got := silent.closed(); got != "1000 the stream has ended" {
		t.Errorf("closed with %q", got)
	}
	if rest := silent.all(); rest != "" || time.Since(began) < farewell/2 {
		t.Errorf("after %v came %q", time.Since(began), rest)
	}
}

func TestAWebSocketIsToldThatTheHubGoes(t *testing.T) {
	h := startHub(t, Options{}, brokerOf(0))
	h.lines("ci/1", 1, 2)
	c := h.socket("/stream/ci/1")
	for range 3 {
		c.message()
	}
	h.lines("ci/1", 3, 3)
	go h.shutdown(5 * time.Second)
	if got := c.message(); !strings.Contains(got, `"line":"3"`) {
		t.Errorf("what was published before is missing: %s", got)
	}
	if got := c.message(); !strings.Contains(got, `"type":"bye"`) || !strings.Contains(got, `"retry":`) {
		t.Errorf("got %s, want bye", got)
	}
	if got := c.closed(); got != "1001 the hub is shutting down" {
		t.Errorf("closed with %q", got)
	}
}

func TestAPingGoesOutEveryHeartbeatAndAPeerSilentForThreeIsClosed(t *testing.T) {
	const heartbeat = 100 * time.Millisecond
	h := startHub(t, Options{Heartbeat: heartbeat}, brokerOf(0))
	silent, answering := h.socket("/stream"), h.socket("/stream")
	gone := make(chan time.Duration, 1)
	began := time.Now()
	go func() { _, _ = io.Copy(io.Discard, silent); gone <- time.Since(began) }()
	answering.message()
	for range 10 {
		op, _ := answering.frame()
		if op != opPing {
			t.Fatalf("got frame %d, want a ping", op)
		}
		answering.send(0x8A, "")
	}
	if took := time.Since(began); took < 9*heartbeat || took > 25*heartbeat {
		t.Errorf("10 pings took %v", took)
	}
	select {
	case took := <-gone:
		if took < silence*heartbeat {
			t.Errorf("the silent one was closed after %v", took)
		}
	case <-time.After(10 * heartbeat):
		t.Error("the silent one is still open")
	}
}

// Pings wait behind events, so who takes these need not have answered those.
func TestAPeerThatTakesEventsIsNotSilent(t *testing.T) {
	const heartbeat = 100 * time.Millisecond
	h := startHub(t, Options{Heartbeat: heartbeat}, brokerOf(0))
	c := h.socket("/stream/ci/1")
	for i := range 20 {
		h.lines("ci/1", i, i)
		for op, _ := c.frame(); op != opText; op, _ = c.frame() {
		}
		time.Sleep(heartbeat / 2)
	}
	began := time.Now()
	_, _ = io.Copy(io.Discard, c.in)
	if took := time.Since(began); took < heartbeat || took > 10*heartbeat {
		t.Errorf("closed %v after the last event", took)
	}
}

func TestABadHandshakeIsAnErrorInWords(t *testing.T) {
	h := startHub(t, Options{}, brokerOf(0))
	good := upgrade("/stream")
	for name, c := range map[string]struct {
		old, with string
		status    int
	}{
		"no key":          {"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\n", "", 400},
		"a short key":     {"AAAAAAAAAAAAAAAAAAAAAA==", "AAAA", 400},
		"another version": {"Version: 13", "Version: 8", 426},
		"no connection":   {"keep-alive, Upgrade", "keep-alive", 400},
		"HEAD":            {"GET /stream", "HEAD /stream", 400},
		"HTTP/1.0":        {"HTTP/1.1", "HTTP/1.0", 400},
		"a bad format":    {"/stream ", "/stream?format=sse ", 400},
		"a bad topic":     {"/stream ", "/stream/a//b ", 400},
	} {
		t.Run(name, func(t *testing.T) {
			r := h.dial(strings.Replace(good, c.old, c.with, 1))
			if head := r.head(); !strings.HasPrefix(head, fmt.Sprintf("HTTP/1.1 %d ", c.status)) || strings.Contains(head, "Sec-Websocket-Accept") {
				t.Errorf("got %q, want %d", head, c.status)
			}
		})
	}
	r, err := nethttp.Get("http://" + h.addr + "/stream/x?format=ws")
	if err != nil || r.StatusCode != nethttp.StatusUpgradeRequired {
		t.Errorf("format=ws without an upgrade: %v, %v", r, err)
	}
}

// A client whose first frames come in one packet with its request.
func TestFramesThatCameWithTheRequestAreRead(t *testing.T) {
	h := startHub(t, Options{}, brokerOf(0))
	for range 20 {
		c, err := net.Dial("tcp", h.addr)
		if err != nil {
			t.Fatal(err)
		}
		frames := string(masked(0x81, `{"op":"ping","ref":1}`)) + string(masked(0x81, `{"op":"ping","ref":2}`))
		_, _ = io.WriteString(c, strings.ReplaceAll(upgrade("/stream"), "\n", "\r\n")+frames)
		r := &raw{t: t, Conn: c, in: bufio.NewReader(c)}
		r.head()
		r.message()
		for i := 1; i <= 2; i++ {
			if got := r.message(); !strings.Contains(got, fmt.Sprintf(`"ref":%d`, i)) {
				t.Errorf("got %s", got)
			}
		}
		c.Close()
	}
}

func TestAClientThatClosesFirstIsAnsweredInTheMiddleOfAFlood(t *testing.T) {
	h := startHub(t, Options{}, brokerOf(100))
	stop := make(chan struct{})
	flooded := make(chan struct{})
	go func() {
		defer close(flooded)
		for {
			select {
			case <-stop:
				return
			default:
				h.publish("ci/1", "line", `{"line":"flood"}`)
			}
		}
	}()
	defer func() { close(stop); <-flooded }()
	for range 20 {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		c, _, err := websocket.Dial(ctx, "ws://"+h.addr+"/stream/ci/1", nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := c.Read(ctx); err != nil {
			t.Fatal(err)
		}
		if err := c.Close(websocket.StatusNormalClosure, "enough"); err != nil {
			t.Errorf("the close is not answered: %v", err)
		}
		cancel()
	}
}
