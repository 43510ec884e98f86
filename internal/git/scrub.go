package git

import (
	"bytes"
	"io"

	"hub/internal/mask"
)

// scrubber takes the credentials out of what a server says, line by line, so that
// none is told in halves. A "\r" ends a line too, which git redraws so.
type scrubber struct {
	secrets *mask.Set
	meter   *meter
	to      io.Writer // nil where nobody listens
	line    []byte    // without its end yet
	cut     bool      // the line was too long, and its rest is not told
}

// mostLine is how much of a line is told. Twice as much is looked at, so that no
// secret is cut there before it is known.
const mostLine = 4 << 10

// Write always takes all: what a server says of its progress is no reason to fail.
func (s *scrubber) Write(p []byte) (int, error) {
	err := s.meter.do(func() error {
		for rest := p; len(rest) > 0; {
			end := bytes.IndexAny(rest, "\r\n") + 1
			if end == 0 {
				s.add(rest)
				return nil
			}
			s.add(rest[:end-1])
			s.tell(rest[end-1])
			rest = rest[end:]
		}
		return nil
	})
	return len(p), err
}

func (s *scrubber) add(p []byte) {
	room := 2*mostLine - len(s.line)
	s.cut = s.cut || len(p) > room
	s.line = append(s.line, p[:min(len(p), room)]...)
}

func (s *scrubber) tell(end ...byte) {
	line := s.secrets.Bytes(s.line)
	if s.cut {
		line = append(bytes.Clone(line[:min(len(line), mostLine)]), " …"...)
	}
	_, _ = s.to.Write(append(bytes.Clone(line), end...))
	s.line, s.cut = s.line[:0], false
}

// flush tells a last line that has no end, when nobody writes any more.
func (s *scrubber) flush() {
	if len(s.line) > 0 && s.to != nil {
		s.tell()
	}
}
