package http

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"
)

// Opcodes of RFC 6455, section 5.2.
const (
	opContinuation = 0x0
	opText         = 0x1
	opBinary       = 0x2
	opClose        = 0x8
	opPing         = 0x9
	opPong         = 0xA
)

// Close codes, of RFC 6455 section 7.4 and of the stream contract.
const (
	closeNormal     = 1000
	closeGoingAway  = 1001
	closeProtocol   = 1002
	closeNotUTF8    = 1007
	closeNotAllowed = 1008
	closeTooBig     = 1009
)

const (
	mostMessage = 64 << 10 // bytes of a client's message
	mostControl = 125      // bytes of a control frame, RFC 6455 section 5.5
	keptMessage = 4 << 10  // bytes of a message's buffer that is kept for the next
)

// appendFrame appends an unmasked, final frame, as a server sends it.
func appendFrame(dst []byte, op byte, payload []byte) []byte {
	return append(appendFrameHead(dst, op, len(payload)), payload...)
}

// mostFrameHead is the length of the longest head that appendFrameHead appends.
const mostFrameHead = 10

// appendFrameHead appends what stands before n bytes of payload.
func appendFrameHead(dst []byte, op byte, n int) []byte {
	dst = append(dst, 0x80|op)
	switch {
	case n < 126:
		return append(dst, byte(n))
	case n <= 0xFFFF:
		return binary.BigEndian.AppendUint16(append(dst, 126), uint16(n))
	}
	return binary.BigEndian.AppendUint64(append(dst, 127), uint64(n))
}

// appendClose appends a close frame. reason is at most 123 bytes.
func appendClose(dst []byte, code uint16, reason string) []byte {
	payload := append(binary.BigEndian.AppendUint16(nil, code), reason...)
	return appendFrame(dst, opClose, payload)
}

// closeError says with which code a connection is to be closed.
type closeError struct {
	code   uint16
	reason string
}

func (e *closeError) Error() string { return fmt.Sprintf("close %d: %s", e.code, e.reason) }

func protocolError(reason string) error { return &closeError{closeProtocol, reason} }

// frameReader reads a client's frames and puts its messages together.
type frameReader struct {
	in *bufio.Reader
	// control is called for each ping, pong and close between.
	control func(op byte, payload []byte) error

	message []byte
	open    bool // a fragmented message has begun
}

var errClosed = errors.New("the client closed")

// next is the client's next message, valid until the call after.
func (r *frameReader) next() ([]byte, error) {
	if cap(r.message) > keptMessage {
		r.message = nil
	}
	r.message = r.message[:0]
	for {
		final, op, size, err := r.header()
		if err != nil {
			return nil, err
		}
		if op >= opClose {
			if err := r.controlFrame(op, size); err != nil {
				return nil, err
			}
			continue
		}
		if (op == opContinuation) != r.open {
			return nil, protocolError("a fragment is out of place")
		}
		r.open = !final
		if size > mostMessage-uint64(len(r.message)) {
			return nil, &closeError{closeTooBig, fmt.Sprintf("a message is over %d bytes", mostMessage)}
		}
		if err := r.payload(int(size)); err != nil {
			return nil, err
		}
		if final {
			if !utf8.Valid(r.message) {
				return nil, &closeError{closeNotUTF8, "a message is not UTF-8"}
			}
			return r.message, nil
		}
	}
}

func (r *frameReader) header() (final bool, op byte, size uint64, err error) {
	var b [8]byte
	if _, err := io.ReadFull(r.in, b[:2]); err != nil {
		return false, 0, 0, err
	}
	final, op, size = b[0]&0x80 != 0, b[0]&0x0F, uint64(b[1]&0x7F)
	switch {
	case b[0]&0x70 != 0:
		return false, 0, 0, protocolError("a reserved bit is set")
	case b[1]&0x80 == 0:
		return false, 0, 0, protocolError("a frame is not masked")
	case op > opBinary && op < opClose || op > opPong:
		return false, 0, 0, protocolError("an opcode is not known")
	case op >= opClose && (!final || size > mostControl):
		return false, 0, 0, protocolError("a control frame is fragmented or too long")
	}
	switch size {
	case 126:
		if _, err := io.ReadFull(r.in, b[:2]); err != nil {
			return false, 0, 0, err
		}
		size = uint64(binary.BigEndian.Uint16(b[:2]))
	case 127:
		if _, err := io.ReadFull(r.in, b[:8]); err != nil {
			return false, 0, 0, err
		}
		if size = binary.BigEndian.Uint64(b[:8]); size>>63 != 0 {
			return false, 0, 0, protocolError("a frame's length has its highest bit set")
		}
	}
	return final, op, size, nil
}

// payload appends a frame's unmasked payload to the message.
func (r *frameReader) payload(size int) error {
	var mask [4]byte
	if _, err := io.ReadFull(r.in, mask[:]); err != nil {
		return err
	}
	start := len(r.message)
	r.message = append(r.message, make([]byte, size)...)
	if _, err := io.ReadFull(r.in, r.message[start:]); err != nil {
		return err
	}
	for i := range r.message[start:] {
		r.message[start+i] ^= mask[i&3]
	}
	return nil
}

func (r *frameReader) controlFrame(op byte, size uint64) error {
	kept := len(r.message)
	if err := r.payload(int(size)); err != nil {
		return err
	}
	payload := r.message[kept:]
	r.message = r.message[:kept]
	if err := r.control(op, payload); err != nil {
		return err
	}
	if op == opClose {
		return errClosed
	}
	return nil
}
