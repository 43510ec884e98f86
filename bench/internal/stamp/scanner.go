package stamp

import "bytes"

// Scanner finds the stamps of one stream, which may come in pieces of any
// size. The zero Scanner is at the start of a stream.
type Scanner struct {
	carry [Len]byte // a possible stamp that the last piece cut short
	n     int       // bytes in carry
}

// Scan calls found for each stamp that ends in piece, in order.
func (s *Scanner) Scan(piece []byte, found func(Stamp)) {
	for s.n > 0 {
		took := copy(s.carry[s.n:], piece)
		s.n += took
		piece = piece[took:]
		if s.n < Len {
			return
		}
		if stamp, ok := parse(s.carry[:]); ok {
			found(stamp)
			s.n = 0
			break
		}
		s.skip()
	}
	for {
		start := bytes.IndexByte(piece, mark)
		if start < 0 {
			return
		}
		piece = piece[start:]
		if len(piece) < Len {
			s.n = copy(s.carry[:], piece)
			return
		}
		stamp, ok := parse(piece)
		if !ok {
			piece = piece[1:]
			continue
		}
		found(stamp)
		piece = piece[Len:]
	}
}

// skip drops the mark at the head of carry, which began no stamp, and all up
// to the next one.
func (s *Scanner) skip() {
	next := bytes.IndexByte(s.carry[1:], mark)
	if next < 0 {
		s.n = 0
		return
	}
	s.n = copy(s.carry[:], s.carry[1+next:])
}
