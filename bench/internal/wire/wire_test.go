package wire

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"
	"testing"
)

// decode returns what comes out of a stream that arrives in two pieces.
func decode(d Decoder, wire []byte, cut int) (data string, controls []string, last bool) {
	var control []byte
	for _, piece := range [][]byte{wire[:cut], wire[cut:]} {
		for len(piece) > 0 {
			var span Span
			span, piece = d.Next(piece)
			last = span.Last
			if span.Op == Data {
				data += string(span.Data)
				continue
			}
			control = append(control, span.Data...)
			if span.Last {
				controls = append(controls, fmt.Sprintf("%d %s", span.Op, control))
				control = nil
			}
		}
	}
	return data, controls, last
}

func TestWebSocketFramesOfEverySizeSurviveEveryCut(t *testing.T) {
	medium, long := strings.Repeat("m", 300), strings.Repeat("l", 70_000)
	var wire []byte
	wire = append(wire, 0x81, 5)
	wire = append(wire, "short"...)
	wire = append(wire, 0x89, 2, 'h', 'i') // ping
	wire = append(wire, 0x81, 126)
	wire = binary.BigEndian.AppendUint16(wire, 300)
	wire = append(wire, medium...)
	wire = append(wire, 0x8a, 0) // pong with nothing in it
	wire = append(wire, 0x81, 127)
	wire = binary.BigEndian.AppendUint64(wire, 70_000)
	wire = append(wire, long...)
	wire = append(wire, 0x88, 4, 3, 232, 'o', 'k') // close 1000
	for cut := range len(wire) + 1 {
		if cut > 400 && cut < len(wire)-20 {
			continue // the middle of the long payload is all alike
		}
		data, controls, _ := decode(&WebSocket{}, wire, cut)
		if data != "short"+medium+long || strings.Join(controls, "|") != "9 hi|10 |8 \x03\xe8ok" {
			t.Fatalf("cut at %d: %d bytes of data, controls %q", cut, len(data), controls)
		}
	}
}

func TestFramesNobodyAskedForAreBroken(t *testing.T) {
	for name, head := range map[string][]byte{"masked": {0x81, 0x81, 0, 0, 0, 0, 'x'}, "compressed": {0xc1, 1, 'x'}} {
		if span, _ := (&WebSocket{}).Next(head); span.Op != Broken {
			t.Errorf("%s: %+v", name, span)
		}
	}
}

func TestChunksSurviveEveryCut(t *testing.T) {
	long := strings.Repeat("x", 0x1a5)
	tiny := strings.Repeat("1\r\nt\r\n", 20)
	wire := []byte("5\r\nshort\r\n1A5;ext=1\r\n" + long + "\r\n" + tiny + "0\r\n\r\n")
	for cut := range len(wire) + 1 {
		data, controls, last := decode(&Chunked{}, wire, cut)
		if data != "short"+long+strings.Repeat("t", 20) || controls != nil || !last {
			t.Fatalf("cut at %d: %q, controls %q, ended %v", cut, data, controls, last)
		}
	}
}

func TestWhatIsNoChunkIsBroken(t *testing.T) {
	for _, text := range []string{"\r\n", "xyz\r\n", "1\r\nab", "5-\r\n", "1111111111111111\r\n"} {
		_, controls, last := decode(&Chunked{}, []byte(text), 0)
		if len(controls) != 1 || !last {
			t.Errorf("%q: controls %q, ended %v", text, controls, last)
		}
	}
}

func TestAClientsFrameIsMaskedWithZeros(t *testing.T) {
	got := AppendFrame(nil, Pong, []byte("hi"))
	if want := []byte{0x8a, 0x82, 0, 0, 0, 0, 'h', 'i'}; !bytes.Equal(got, want) {
		t.Errorf("got %x, want %x", got, want)
	}
}
