package http

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	nethttp "net/http"
	"net/http/httputil"
	"strings"
)

// upgrade is the request of a WebSocket, for a hand-written client.
func upgrade(target string) string {
	return "GET " + target + " HTTP/1.1\nHost: localhost\nConnection: keep-alive, Upgrade\nUpgrade: WebSocket\n" +
		"Sec-WebSocket-Version: 13\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\n\n"
}

// socket is a WebSocket whose frames the test makes itself.
func (h *testHub) socket(target string) *raw {
	h.t.Helper()
	c := h.dial(upgrade(target))
	if head := c.head(); !strings.HasPrefix(head, fmt.Sprintf("HTTP/1.1 %d ", nethttp.StatusSwitchingProtocols)) {
		h.t.Fatalf("no WebSocket: %q", head)
	}
	return c
}

// masked is a client's frame; first is its first byte.
func masked(first byte, payload string) []byte {
	frame := []byte{first}
	switch n := len(payload); {
	case n < 126:
		frame = append(frame, 0x80|byte(n))
	case n <= 0xFFFF:
		frame = binary.BigEndian.AppendUint16(append(frame, 0x80|126), uint16(n))
	default:
		frame = binary.BigEndian.AppendUint64(append(frame, 0x80|127), uint64(n))
	}
	mask := [4]byte{0x12, 0x34, 0x56, 0x78}
	frame = append(frame, mask[:]...)
	for i := range len(payload) {
		frame = append(frame, payload[i]^mask[i&3])
	}
	return frame
}

// send sends a message, or whatever first says.
func (r *raw) send(first byte, payload string) {
	r.t.Helper()
	if _, err := r.Write(masked(first, payload)); err != nil {
		r.t.Fatal(err)
	}
}

// frame is the server's next frame, which must be whole and not masked.
func (r *raw) frame() (op byte, payload []byte) {
	r.t.Helper()
	op, payload, err := readFrame(r.in)
	if err != nil {
		r.t.Fatalf("no frame: %v", err)
	}
	return op, payload
}

func readFrame(in *bufio.Reader) (op byte, payload []byte, err error) {
	var b [8]byte
	if _, err := io.ReadFull(in, b[:2]); err != nil {
		return 0, nil, err
	}
	if b[0]&0xF0 != 0x80 || b[1]&0x80 != 0 {
		return 0, nil, fmt.Errorf("a frame begins %x", b[:2])
	}
	op = b[0] & 0x0F
	size := uint64(b[1])
	switch size {
	case 126:
		_, err = io.ReadFull(in, b[:2])
		size = uint64(binary.BigEndian.Uint16(b[:2]))
	case 127:
		_, err = io.ReadFull(in, b[:8])
		size = binary.BigEndian.Uint64(b[:8])
	}
	if err != nil {
		return 0, nil, err
	}
	payload = make([]byte, size)
	_, err = io.ReadFull(in, payload)
	return op, payload, err
}

// message is the next text message.
func (r *raw) message() string {
	r.t.Helper()
	for {
		switch op, payload := r.frame(); op {
		case opText:
			return string(payload)
		case opClose:
			r.t.Fatalf("closed: %s", closeOf(payload))
		}
	}
}

// closed reads on until the server's close frame and says what is in it.
func (r *raw) closed() string {
	r.t.Helper()
	for {
		if op, payload := r.frame(); op == opClose {
			return closeOf(payload)
		}
	}
}

func closeOf(payload []byte) string {
	if len(payload) < 2 {
		return fmt.Sprintf("%x", payload)
	}
	return strings.TrimSpace(fmt.Sprint(binary.BigEndian.Uint16(payload), " ", string(payload[2:])))
}

func rawChunks(r io.Reader) io.Reader { return httputil.NewChunkedReader(r) }
