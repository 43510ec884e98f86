package http

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"net/http/httputil"
	"strings"
	"testing"
	"testing/iotest"
)

func TestAChunkedBodyIsReadAsItWasWritten(t *testing.T) {
	var want, wire bytes.Buffer
	w := httputil.NewChunkedWriter(&wire)
	for range 200 {
		piece := bytes.Repeat([]byte("0123456789abcdef\r\n"), 400)[:1+rand.IntN(7000)]
		want.Write(piece)
		if _, err := w.Write(piece); err != nil {
			t.Fatal(err)
		}
	}
	w.Close()
	wire.WriteString("\r\n")
	for name, in := range map[string]io.Reader{"whole": bytes.NewReader(wire.Bytes()), "by bytes": iotest.OneByteReader(bytes.NewReader(wire.Bytes()))} {
		got, err := io.ReadAll(&chunkedReader{in: bufio.NewReader(in)})
		if err != nil || !bytes.Equal(got, want.Bytes()) {
			t.Errorf("%s: %d bytes and %v, want %d", name, len(got), err, want.Len())
		}
	}
}

func TestWhatIsNoChunkedBodyIsAnError(t *testing.T) {
	for wire, want := range map[string]error{
		"":                      io.ErrUnexpectedEOF,
		"3\r\nab":               io.ErrUnexpectedEOF,
		"3\r\nabc":              io.ErrUnexpectedEOF,
		"3\r\nabc\r\n":          io.ErrUnexpectedEOF,
		"3\r\nabc\r\n0\r\n":     io.ErrUnexpectedEOF,
		"3\nabc\r\n0\r\n\r\n":   errBadChunk,
		"3\r\nabcd\r\n":         errBadChunk,
		"\r\n":                  errBadChunk,
		"+3\r\nabc\r\n":         errBadChunk,
		"-3\r\nabc\r\n":         errBadChunk,
		"0x3\r\nabc\r\n":        errBadChunk,
		"8000000000000000\r\na": errBadChunk,
		"3;" + strings.Repeat("x", 5000) + "\r\nabc\r\n0\r\n\r\n": bufio.ErrBufferFull,
		"0\r\n" + strings.Repeat("a: b\r\n", 65) + "\r\n":         errBadChunk,
		"3;ext=1\r\nabc\r\n0\r\na: b\r\n\r\n":                     nil,
	} {
		if _, err := io.ReadAll(&chunkedReader{in: bufio.NewReader(strings.NewReader(wire))}); !errors.Is(err, want) {
			t.Errorf("%.40q: %v, want %v", wire, err, want)
		}
	}
}
