package mask

import (
	"bytes"
	"errors"
	"slices"
)

// Emit takes one event. data is that of [Stream.Event], or of its own.
type Emit func(kind string, data []byte) error

// mostOpen is how many unfinished lines, each of its own "stream", are kept apart; there are two outputs, but a client may name any.
const mostOpen = 8

// Stream masks the events of one topic, or of one writer into it. It is not safe for use by several goroutines. Its zero value masks
// nothing.
type Stream struct {
	Set  *Set
	open []*openLine // the one that had a part last is the last
}

// openLine is a line of which parts have come, but not the last.
type openLine struct {
	stream  string
	in, out int    // number of the newest part that came, and of the newest that went out
	held    []byte // the end of its text, which may become a secret
	told    int    // bytes of held that belong to a secret whose replacement has gone out
}

// Event emits an event without secrets; data is one compact JSON object, valid only during the call. A part of a line may become none,
// when all of it is held back, or several, when what was held makes it too long. The error is emit's.
func (s *Stream) Event(kind string, data []byte, emit Emit) error {
	switch {
	case s.Set.Empty() && len(s.open) == 0:
		return emit(kind, data)
	case kind == "progress" && bytes.HasSuffix(data, endState):
		return emit(kind, s.state(data))
	case kind != "line", len(s.open) == 0 && bytes.HasSuffix(data, endWhole):
		return emit(kind, s.Set.JSON(data))
	}
	p, ok := parsePart(data)
	if !ok {
		return emit(kind, s.Set.JSON(data))
	}
	p.Stream = s.Set.Text(p.Stream)
	l := s.take(p.Stream)
	var late error
	if l != nil && p.Part != l.in+1 { // what was open does not go on
		late = l.release(s.Set, emit)
		l = nil
	}
	if p.Part == 0 {
		return errors.Join(late, emit(kind, s.Set.JSON(data)))
	}
	if l == nil {
		l = &openLine{stream: p.Stream, in: p.Part - 1, out: p.Part - 1}
	}
	l.in = p.Part
	text := append(l.held, *p.Line...)
	masked, held, told := s.Set.part(text, l.told, p.Last)
	l.held, l.told = slices.Clone(held), told
	if !p.Last {
		late = errors.Join(late, s.keep(l, emit))
	}
	if len(masked) == 0 && !p.Last {
		return late
	}
	return errors.Join(late, l.send(masked, p.Last, emit))
}

// Release emits what is held back: nothing that belongs to it will come.
func (s *Stream) Release(emit Emit) error {
	var all error
	for _, l := range s.open {
		all = errors.Join(all, l.release(s.Set, emit))
	}
	s.open = nil
	return all
}

// take takes the open line of an output out, nil where there is none.
func (s *Stream) take(stream string) *openLine {
	i := slices.IndexFunc(s.open, func(l *openLine) bool { return l.stream == stream })
	if i < 0 {
		return nil
	}
	l := s.open[i]
	s.open = slices.Delete(s.open, i, i+1)
	return l
}

// keep puts an open line back; of too many the oldest is let go.
func (s *Stream) keep(l *openLine, emit Emit) (err error) {
	if len(s.open) == mostOpen {
		err = s.open[0].release(s.Set, emit)
		s.open = slices.Delete(s.open, 0, 1)
	}
	s.open = append(s.open, l)
	return err
}

func (l *openLine) release(set *Set, emit Emit) error {
	masked, _, _ := set.part(l.held, l.told, true)
	if len(masked) == 0 {
		return nil
	}
	return l.send(masked, false, emit)
}
