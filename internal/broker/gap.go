package broker

import "strconv"

// gap says which events of a topic are not coming: those after from, up to and
// including to.
type gap struct {
	topic    string
	from, to uint64
	fromID   string // in place of from, where it is of another epoch
	count    uint64
	known    bool // whether count is
	reason   string

	// place says that to is also the reader's position: nothing that it still
	// gets stands before. Only then has the gap's event an id, which is to.
	place bool
}

// gap makes the event for a gap. It speaks to one reader, so it has no number
// and no time.
func (b *Broker) gap(g gap) Event {
	e := Event{Topic: g.topic, Kind: KindGap}
	frame := append(make([]byte, 0, 320), "event: gap\n"...)
	if g.place {
		e.Seq = g.to
		frame = append(frame, "id: "...)
		frame = append(b.appendID(frame, g.to), '\n')
	}
	frame = append(frame, "data: "...)
	e.json = uint16(len(frame))
	if g.place {
		frame = append(frame, `{"id":"`...)
		frame = append(b.appendID(frame, g.to), `","topic":"`...)
	} else {
		frame = append(frame, `{"topic":"`...)
	}
	frame = append(frame, g.topic...)
	frame = append(frame, `","type":"gap","data":`...)
	e.data = uint16(len(frame))
	frame = append(frame, `{"topic":"`...)
	frame = append(frame, g.topic...)
	frame = append(frame, `","from":"`...)
	if g.fromID != "" {
		frame = append(frame, g.fromID...)
	} else {
		frame = b.appendID(frame, g.from)
	}
	frame = append(frame, `","to":"`...)
	frame = append(b.appendID(frame, g.to), `","count":`...)
	if g.known {
		frame = strconv.AppendUint(frame, g.count, 10)
	} else {
		frame = append(frame, "null"...)
	}
	frame = append(frame, `,"reason":"`...)
	frame = append(frame, g.reason...)
	e.frame = append(frame, "\"}}\n\n"...)
	return e
}
