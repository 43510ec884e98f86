package wire

// Chunked decodes a chunked body (RFC 9112 section 7.1). The zero Chunked is
// at the start of a body.
type Chunked struct {
	state  chunkState
	digits int    // of the size read so far
	left   uint64 // payload bytes of this chunk still to come
}

type chunkState int

const (
	inSize      chunkState = iota // hexadecimal digits
	inExtension                   // the rest of the size's line
	inData
	afterData // CR LF
	ended
)

// Next implements Decoder.
func (c *Chunked) Next(piece []byte) (Span, []byte) {
	for i, b := range piece {
		switch c.state {
		case inData:
			n := min(c.left, uint64(len(piece)-i))
			if c.left -= n; c.left == 0 {
				c.state = afterData
			}
			end := i + int(n)
			return Span{Data: piece[i:end]}, piece[end:]
		case afterData:
			if b == '\n' {
				c.state = inSize
			} else if b != '\r' {
				return c.broken()
			}
		case inSize:
			if digit, ok := hexDigit(b); ok && c.digits < 15 {
				c.left = c.left<<4 | uint64(digit)
				c.digits++
				continue
			}
			if c.digits == 0 || b != '\r' && b != '\n' && b != ';' && b != ' ' {
				return c.broken()
			}
			c.state = inExtension
			fallthrough
		case inExtension:
			if b != '\n' {
				continue
			}
			c.state, c.digits = inData, 0
			if c.left == 0 {
				c.state = ended
				return Span{Last: true}, nil // a stream has no trailers we care for
			}
		case ended:
			return Span{Last: true}, nil
		}
	}
	return Span{}, nil
}

func (c *Chunked) broken() (Span, []byte) {
	c.state = ended
	return Span{Op: Broken, Last: true}, nil
}

func hexDigit(b byte) (byte, bool) {
	switch {
	case '0' <= b && b <= '9':
		return b - '0', true
	case 'a' <= b|0x20 && b|0x20 <= 'f':
		return b | 0x20 - 'a' + 10, true
	}
	return 0, false
}
