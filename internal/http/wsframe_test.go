package http

import (
	"bufio"
	"bytes"
	"strings"
	"testing"
)

func TestAFrameIsReadByAnotherHandAsItWasWritten(t *testing.T) {
	for _, n := range []int{0, 1, 125, 126, 127, 1000, 65_535, 65_536, 100_000} {
		payload := strings.Repeat("x", n)
		op, got, err := readFrame(bufio.NewReader(bytes.NewReader(appendFrame(nil, opText, []byte(payload)))))
		if err != nil || op != opText || string(got) != payload {
			t.Errorf("%d bytes: opcode %d, %d bytes, %v", n, op, len(got), err)
		}
	}
}

// A connection that once had a large message does not hold its memory.
func TestAFrameReaderKeepsASmallBuffer(t *testing.T) {
	in := append(masked(0x81, strings.Repeat("x", mostMessage)), masked(0x81, "small")...)
	r := frameReader{in: bufio.NewReader(bytes.NewReader(in))}
	if text, err := r.next(); err != nil || len(text) != mostMessage {
		t.Fatal(len(text), err)
	}
	if text, err := r.next(); err != nil || string(text) != "small" || cap(r.message) > keptMessage {
		t.Errorf("%q, %v, and %d bytes are kept", text, err, cap(r.message))
	}
}
