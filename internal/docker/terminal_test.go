package docker

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/iotest"
	"time"
)

// terminalLog is a log as an engine writes it for a container with a terminal.
func terminalLog(messages ...string) string {
	var log strings.Builder
	for i, m := range messages {
		at := time.Date(2026, 11, 23, 20, 59, 59+i, i, time.UTC)
		log.WriteString(at.Format("2006-01-02T15:04:05.000000000Z07:00") + " " + m)
	}
	return log.String()
}

func readTerminal(r io.Reader) (messages []string, err error) {
	t := newTerminal(r)
	for {
		at, text, err := t.next()
		if err != nil {
			return messages, err
		}
		messages = append(messages, fmt.Sprintf("%d %s", at.Nanosecond(), text))
	}
}

func TestATerminalsLogIsCutIntoItsMessages(t *testing.T) {
	long := strings.Repeat("x", piece)
	at := "2026-11-23T20:59:59.000000000Z "
	for what, c := range map[string]struct {
		log  string
		want []string
	}{
		"nothing":                {"", nil},
		"lines":                  {terminalLog("one\r\n", "\r\n", "two\r\n"), []string{"0 one\r\n", "1 \r\n", "2 two\r\n"}},
		"no newline at the end":  {terminalLog("one\r\n", "two"), []string{"0 one\r\n", "1 two"}},
		"a time in a line":       {terminalLog(at + "one " + at + "\r\n"), []string{"0 " + at + "one " + at + "\r\n"}},
		"a long line":            {at + long + at + long + at + "end\r\n", []string{"0 " + long, "0 " + long, "0 end\r\n"}},
		"a long line, then \\n":  {at + long + at + "\r\n", []string{"0 " + long, "0 \r\n"}},
		"a long line at the end": {at + long + at + "x", []string{"0 " + long, "0 x"}},
	} {
		for how, r := range map[string]io.Reader{
			"at once": strings.NewReader(c.log), "a byte at a time": iotest.OneByteReader(strings.NewReader(c.log)), "with its end": iotest.DataErrReader(strings.NewReader(c.log)),
		} {
			got, err := readTerminal(r)
			if err != io.EOF || strings.Join(got, "|") != strings.Join(c.want, "|") {
				t.Errorf("%s, %s: %d messages, %v", what, how, len(got), err)
			}
		}
	}
}

func TestATerminalsLogThatBreaksOffGivesNoHalfMessage(t *testing.T) {
	log := io.MultiReader(strings.NewReader(terminalLog("one\r\n", "tw")), iotest.ErrReader(io.ErrUnexpectedEOF))
	got, err := readTerminal(log)
	if !errors.Is(err, io.ErrUnexpectedEOF) || strings.Join(got, "|") != "0 one\r\n" {
		t.Errorf("%q, %v", got, err)
	}
	got, err = readTerminal(strings.NewReader(terminalLog("one\r\n") + grabbing + "no such file\n"))
	if !errors.Is(err, errSaid) || !strings.Contains(err.Error(), "no such file") || len(got) != 1 {
		t.Errorf("%q, %v", got, err)
	}
}

func FuzzTerminal(f *testing.F) {
	f.Add([]byte(terminalLog("one\r\n", "two")), uint64(0))
	f.Add([]byte(terminalLog(strings.Repeat("x", 3*piece))), uint64(1))
	f.Fuzz(func(t *testing.T, log []byte, cut uint64) {
		r := rand.New(rand.NewPCG(cut, 0))
		term := newTerminal(readerFunc(func(p []byte) (int, error) {
			if len(log) == 0 {
				return 0, io.EOF
			}
			n := copy(p[:min(len(p), 1+r.IntN(5000))], log)
			log = log[n:]
			return n, nil
		}))
		for range len(log) + 2 {
			if _, _, err := term.next(); err != nil {
				return
			}
		}
		t.Error("it does not end")
	})
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

func TestStampsAreReadAsTheirTimes(t *testing.T) {
	var s stamps
	for i := range 200_000 {
		at := time.Date(2026, 12, 31, 23, 59, 0, 0, time.UTC).Add(time.Duration(i) * 987_654_321)
		got, text, ok := s.cut([]byte(at.Format("2006-01-02T15:04:05.000000000Z07:00") + " text"))
		if !ok || !got.Equal(at) || string(text) != "text" {
			t.Fatalf("%v: %v %q %v", at, got, text, ok)
		}
	}
	for text, want := range map[string]string{
		"2026-11-23T21:11:47.123456789+01:00 x": "2026-11-23T20:11:47.123456789Z x",
		"2026-11-23T20:11:47.5Z x":              "2026-11-23T20:11:47.5Z x",
	} {
		if at, rest, ok := s.cut([]byte(text)); !ok || at.UTC().Format(time.RFC3339Nano)+" "+string(rest) != want {
			t.Errorf("%s: %v %s", text, at, rest)
		}
	}
	for _, text := range []string{"", "x", "no time at all", "2026-11-23T20:11:47,123456789Z x", "2026-99-23T20:11:47.123456789Z x", "2026-11-23T20:11:4x.123456789Z x"} {
		if _, rest, ok := s.cut([]byte(text)); ok || !bytes.Equal(rest, []byte(text)) {
			t.Errorf("%q was taken for a time", text)
		}
	}
}
