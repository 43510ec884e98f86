package wire

import "encoding/binary"

// WebSocket decodes the frames a server sends (RFC 6455 section 5.2), which
// are not masked. The zero WebSocket is at the start of a frame.
type WebSocket struct {
	head [10]byte
	have int    // bytes in head, while it is incomplete
	left uint64 // payload bytes of this frame still to come
	op   Op
}

// Next implements Decoder.
func (w *WebSocket) Next(piece []byte) (Span, []byte) {
	if w.left == 0 {
		took, complete := w.readHead(piece)
		piece = piece[took:]
		if !complete {
			return Span{}, nil
		}
	}
	n := min(w.left, uint64(len(piece)))
	w.left -= n
	return Span{Op: w.op, Data: piece[:n], Last: w.left == 0}, piece[n:]
}

func (w *WebSocket) readHead(piece []byte) (took int, complete bool) {
	had := w.have
	w.have += copy(w.head[had:], piece)
	need := 2
	if w.have >= 2 {
		switch w.head[1] {
		case 126:
			need = 4
		case 127:
			need = 10
		}
	}
	if w.have < need {
		return w.have - had, false
	}
	switch need {
	case 2:
		w.left = uint64(w.head[1])
	case 4:
		w.left = uint64(binary.BigEndian.Uint16(w.head[2:]))
	case 10:
		w.left = binary.BigEndian.Uint64(w.head[2:])
	}
	w.have = 0
	switch {
	case w.head[1] > 127, w.head[0]&0x70 != 0: // masked, or compressed: not asked for
		w.op = Broken
	case w.head[0]&15 < byte(Close):
		w.op = Data
	default:
		w.op = Op(w.head[0] & 15)
	}
	return need - had, true
}

// AppendFrame appends a frame as a client sends it: final and masked, with a
// key of zeros, which leaves the payload as it is. Payloads are at most 125
// bytes, as in all control frames.
func AppendFrame(dst []byte, op Op, payload []byte) []byte {
	dst = append(dst, 0x80|byte(op), 0x80|byte(len(payload)), 0, 0, 0, 0)
	return append(dst, payload...)
}
