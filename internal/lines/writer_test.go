package lines_test

import (
	"errors"
	"io"
	"runtime"
	"strings"
	"testing"

	"hub/internal/lines"
)

var _ io.WriteCloser = (*lines.Writer)(nil)

func TestLinesEndAtNewlineOrCRLFAndAtClose(t *testing.T) {
	for _, c := range []struct {
		name   string
		pieces []string
		want   []string
	}{
		{"two lines", []string{"a\nb\n"}, []string{`line {"line":"a"}`, `line {"line":"b"}`}},
		{"an empty line", []string{"\n"}, []string{`line {"line":""}`}},
		{"nothing", []string{""}, nil},
		{"crlf", []string{"a\r\n\r\n"}, []string{`line {"line":"a"}`, `line {"line":""}`}},
		{"crlf in two writes", []string{"a\r", "\n", "b\n"}, []string{`line {"line":"a"}`, `line {"line":"b"}`}},
		{"cr cr lf", []string{"\r\r\n"}, []string{`line {"line":""}`}},
		{"a last line without newline", []string{"a\nb"}, []string{`line {"line":"a"}`, `line {"line":"b"}`}},
		{"a redrawn line's last text", []string{"Done\r"}, []string{`line {"line":"Done"}`}},
		{"only a return", []string{"\r"}, nil},
		{"a rune in two writes", []string{"\xe2\x82", "\xac\n"}, []string{`line {"line":"€"}`}},
		{"half a rune, then newline", []string{"\xe2\x82", "\n"}, []string{`line {"line":"\ufffd\ufffd"}`}},
		{"half a rune, then another", []string{"\xe2", "\xe2\x82", "\xac"}, []string{`line {"line":"\ufffd€"}`}},
		{"half a rune at the end", []string{"\xe2\x82"}, []string{`line {"line":"\ufffd\ufffd"}`}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var r recorder
			write(t, r.emit, lines.Options{}, c.pieces...)
			r.is(t, c.want...)
		})
	}
}

func TestTheStreamIsNamedWhenGiven(t *testing.T) {
	var r recorder
	write(t, r.emit, lines.Options{Stream: "stderr"}, "oops\n")
	r.is(t, `line {"stream":"stderr","line":"oops"}`)
}

func TestALongLineIsCutBetweenRunesByEncodedSize(t *testing.T) {
	for _, unit := range []string{"a", "\x00", "€", "🚀", "\"", "\xff", "a\x00€\xff🚀"} {
		whole := strings.Repeat(unit, 5000/len(unit))
		j := joiner{t: t, maxData: 200}
		write(t, j.emit, lines.Options{Stream: "stdout", MaxData: 200}, whole+"\nnext\n")
		if len(j.lines) != 2 || j.lines[0] != valid(whole) || j.lines[1] != "next" {
			t.Errorf("%q: got %d lines, %q", unit, len(j.lines), j.lines)
		}
	}
}

func TestALineThatFitsHasNoPart(t *testing.T) {
	var r recorder
	write(t, r.emit, lines.Options{MaxData: 128}, strings.Repeat("a", 60)+"\n")
	r.is(t, `line {"line":"`+strings.Repeat("a", 60)+`"}`)
}

func TestAnEventHasRoomForItsEnvelope(t *testing.T) {
	j := joiner{t: t, maxData: 61440 - 1024}
	write(t, j.emit, lines.Options{}, strings.Repeat("\x00", 1<<20))
	if len(j.lines) != 1 || len(j.lines[0]) != 1<<20 {
		t.Errorf("got %d lines", len(j.lines))
	}
}

func TestALineWithoutEndTakesBoundedMemory(t *testing.T) {
	w := lines.NewWriter(func(string, []byte) error { return nil }, lines.Options{})
	chunk := []byte(strings.Repeat("x", 32<<10))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range 2 << 10 { // 64 MiB
		w.Write(chunk)
	}
	runtime.ReadMemStats(&after)
	if grown := after.TotalAlloc - before.TotalAlloc; grown > 1<<20 {
		t.Errorf("allocated %d bytes", grown)
	}
}

func TestAnOverlongStateThatIsRedrawnEndsAsALine(t *testing.T) {
	j := joiner{t: t, maxData: 128}
	long := strings.Repeat("s", 500)
	write(t, j.emit, lines.Options{MaxData: 128}, "1%\r"+long+"\rdone\n", long+"\r\r\n", "next\n")
	if got := strings.Join(j.lines, ","); got != long+",done,"+long+",next" {
		t.Errorf("got %s", got)
	}
}

func TestFlushEndsTheLine(t *testing.T) {
	var r recorder
	w := lines.NewWriter(r.emit, lines.Options{})
	w.Write([]byte("ab"))
	w.Flush()
	w.Flush()
	w.Write([]byte("cd\n"))
	r.is(t, `line {"line":"ab"}`, `line {"line":"cd"}`)
}

func TestAnErrorOfEmitEndsTheWriter(t *testing.T) {
	full, calls := errors.New("full"), 0
	w := lines.NewWriter(func(string, []byte) error { calls++; return full }, lines.Options{})
	if n, err := w.Write([]byte("a\nb\n")); n != 0 || err != full {
		t.Errorf("write: %d, %v", n, err)
	}
	if n, err := w.Write([]byte("c\n")); n != 0 || err != full {
		t.Errorf("next write: %d, %v", n, err)
	}
	if err := w.Close(); err != full || calls != 1 {
		t.Errorf("close: %v after %d calls", err, calls)
	}
}

func TestAClosedWriterTakesNothing(t *testing.T) {
	var r recorder
	w := lines.NewWriter(r.emit, lines.Options{})
	w.Close()
	if _, err := w.Write([]byte("a\n")); err != lines.ErrClosed {
		t.Error(err)
	}
	if err := w.Flush(); err != lines.ErrClosed {
		t.Error(err)
	}
	r.is(t)
}
