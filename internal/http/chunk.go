package http

import "strconv"

// chunkHead is room before a batch for the head of its chunk: five hex digits
// and a line's end.
const chunkHead = 7

// wrap makes buf, which begins with chunkHead bytes of room, what goes on the
// wire; last ends the body.
func (s *stream) wrap(buf []byte, last bool) []byte {
	if !s.chunked {
		return buf[chunkHead:]
	}
	start := chunkHead
	if size := len(buf) - chunkHead; size > 0 {
		var head [chunkHead]byte
		h := append(strconv.AppendInt(head[:0], int64(size), 16), "\r\n"...)
		start -= len(h)
		copy(buf[start:], h)
		buf = append(buf, "\r\n"...)
	}
	if last && !s.abrupt {
		buf = append(buf, "0\r\n\r\n"...)
	}
	return buf[start:]
}
