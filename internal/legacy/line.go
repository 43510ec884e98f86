package legacy

import "slices"

// MaxLine is the most bytes, as JSON, of a line that is joined from its parts: 1 MiB. A longer one is told as several lines.
const MaxLine = 1 << 20

// line is a whole line, or a piece of one over [MaxLine].
type line struct {
	text   []byte // a JSON string
	events int    // that it was joined from
}

// joiner joins the parts of long lines, one line of each stream at a time.
type joiner struct {
	open []*parts // in the order in which their streams first had one
}

// parts is what there is of a line.
type parts struct {
	stream string
	text   []byte // the inside of a JSON string
	events int
	next   int // number of the part it waits for
}

// add takes one line event and returns the lines that it completes.
func (j *joiner) add(d *data) (done []line) {
	p := j.of(d.Stream)
	if p != nil && d.Part != p.next {
		done = p.tell(done)
	}
	if d.Part == 0 {
		return append(done, line{d.Line, 1})
	}
	if p == nil {
		p = &parts{stream: d.Stream}
		j.open = append(j.open, p)
	}
	inner := d.Line[1 : len(d.Line)-1]
	if p.events > 0 && len(p.text)+len(inner) > MaxLine {
		done = p.tell(done)
	}
	p.text = append(p.text, inner...)
	p.events++
	p.next = d.Part + 1
	if d.Last {
		done = p.tell(done)
	}
	return done
}

// flush returns what there is of all unfinished lines.
func (j *joiner) flush() (done []line) {
	for _, p := range j.open {
		done = p.tell(done)
	}
	j.open = nil
	return done
}

func (j *joiner) held() (events int) {
	for _, p := range j.open {
		events += p.events
	}
	return events
}

func (j *joiner) of(stream string) *parts {
	if i := slices.IndexFunc(j.open, func(p *parts) bool { return p.stream == stream }); i >= 0 {
		return j.open[i]
	}
	return nil
}

// tell empties p into a line.
func (p *parts) tell(done []line) []line {
	if p.events > 0 {
		text := append(append(make([]byte, 0, len(p.text)+2), '"'), p.text...)
		done = append(done, line{append(text, '"'), p.events})
	}
	*p = parts{stream: p.stream}
	return done
}
