package http

import "strconv"

// chunkHead is room before a batch for the head of its chunk: five hex digits
// and a line's end.
const chunkHead = 7

// chunk makes buf, which begins with chunkHead bytes of room, a chunk of an HTTP
// body; whole ends the body with it. An empty buf that ends nothing is nothing.
func chunk(buf []byte, whole bool) []byte {
	start := chunkHead
	if size := len(buf) - chunkHead; size > 0 {
		var head [chunkHead]byte
		h := append(strconv.AppendInt(head[:0], int64(size), 16), "\r\n"...)
		start -= len(h)
		copy(buf[start:], h)
		buf = append(buf, "\r\n"...)
	}
	if whole {
		buf = append(buf, "0\r\n\r\n"...)
	}
	return buf[start:]
}
