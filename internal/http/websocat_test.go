package http

import (
	"encoding/json"
	"fmt"
	"io"
	nethttp "net/http"
	"strings"
	"testing"

	"hub/internal/broker"
)

// websocat reads as websocat 1.x does: a message is a line, line ends in it become
// spaces, what does not fit its buffer is cut, and an empty message ends it.
func websocat(t *testing.T, c *raw) (lines []string, code string) {
	t.Helper()
	const buffer = 64 << 10
	for {
		op, payload := c.frame()
		switch {
		case op == opClose:
			return lines, closeOf(payload)
		case op == opPing:
			c.send(0x8A, string(payload))
		case op != opText:
			t.Fatalf("frame %d", op)
		case len(payload) == 0:
			return lines, "an empty message"
		default:
			for ; len(payload) > buffer; payload = payload[buffer:] {
				lines = append(lines, string(payload[:buffer]))
			}
			lines = append(lines, strings.NewReplacer("\n", " ", "\r", " ").Replace(string(payload)))
		}
	}
}

func TestWebsocatPrintsALineForEachEventWithoutAMessageSent(t *testing.T) {
	h := startHub(t, Options{}, broker.Options{Default: broker.Policy{MaxBytes: 64 << 20}})
	long := strings.Repeat("0123456789", 1<<18)
	body := "first\n\n" + "crlf\r\n" + "\x00 and \xff\n" + `"quoted" \ back` + "\n" + long + "\n" + "last without an end"
	live := h.socket("/stream/ci/1")
	bare := h.socket("/stream/ci/1?format=text")
	r, err := nethttp.NewRequest(nethttp.MethodPut, "http://"+h.addr+"/stream/ci/1?end=completed&exit_code=0", io.NopCloser(strings.NewReader(body)))
	if err != nil {
		t.Fatal(err)
	}
	answer, err := nethttp.DefaultClient.Do(r)
	if err != nil || answer.StatusCode != 200 {
		t.Fatal(answer, err)
	}
	var count struct{ Published int }
	if err := json.NewDecoder(answer.Body).Decode(&count); err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	want := []string{"first", "", "crlf", "\x00 and \uFFFD", `"quoted" \ back`, long, "last without an end"}
	for name, c := range map[string]*raw{"live": live, "afterwards": h.socket("/stream/ci/1")} {
		lines, code := websocat(t, c)
		if code != "1000 the stream has ended" || len(lines) != count.Published+2 {
			t.Fatalf("%s: %d lines of %d events, a hello and an end, then %s", name, len(lines), count.Published, code)
		}
		var got []string
		whole := true
		for i, line := range lines {
			var e event
			if err := json.Unmarshal([]byte(line), &e); err != nil {
				t.Fatalf("%s: line %d is no JSON: %v: %.100s", name, i, err, line)
			}
			if len(line) > 60<<10 {
				t.Errorf("%s: a message of %d bytes", name, len(line))
			}
			if e.Type != "line" {
				continue
			}
			if whole {
				got = append(got, "")
			}
			got[len(got)-1] += e.Data.Line
			whole = !strings.Contains(line, `"part":`) || strings.Contains(line, `"last":true`)
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s: the lines differ: %d, want %d", name, len(got), len(want))
		}
	}
	lines, code := websocat(t, bare)
	text := strings.Join(lines, "\n")
	if code != "1000 the stream has ended" || !strings.HasPrefix(text, "first\n \ncrlf\n") || !strings.HasSuffix(text, "\nlast without an end\n--- end: completed, exit code 0") {
		t.Errorf("bare lines: %.200q, then %s", text, code)
	}
}

func TestCommandsInTextAreAnsweredInWords(t *testing.T) {
	h := startHub(t, Options{}, brokerOf(0))
	h.lines("ci/1", 1, 1)
	c := h.socket("/stream?format=text")
	for _, exchange := range [][2]string{
		{"sub ci/1 ci/2\n", "--- ok: sub ci/1 ci/2"}, {"", "ci/1 | 1"}, {"ping", "--- ok: ping"}, {"dance", `--- error: unknown command "dance", known are sub, unsub, ping, help`},
		{"unsub ci/1", "--- ok: unsub ci/1"},
	} {
		if exchange[0] != "" {
			c.send(0x81, exchange[0])
		}
		if got := c.message(); got != exchange[1] {
			t.Errorf("%q: %q, want %q", exchange[0], got, exchange[1])
		}
	}
	c.send(0x81, "help")
	if got := c.message(); !strings.HasPrefix(got, "--- ok: help sub TOPIC… [since]") {
		t.Errorf("help: %q", got)
	}
}
