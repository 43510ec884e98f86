package broker

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"
)

// MaxJSON is the most bytes an event's JSON may have: 60 KiB, so that a client
// with a buffer of 64 KiB (websocat's default) gets each message whole.
const MaxJSON = 60 << 10

// MaxKind is the most bytes an event's kind may have.
const MaxKind = 64

// Kinds that mean something to the broker. Both are always delivered, whatever
// kinds a subscription asks for.
const (
	KindEnd = "end" // the topic is finished, until the next event
	KindGap = "gap" // some events are not coming
)

// Errors of a publish.
var (
	ErrTooLarge = errors.New("event too large")
	ErrBadKind  = errors.New("bad type")
	ErrBadData  = errors.New("bad data")
)

// Event is one event, or a gap. It is a small value that shares its encoded
// bytes with everybody else; nobody may change them.
type Event struct {
	Topic string
	Kind  string // the "type" of its JSON
	Seq   uint64 // position in the hub's timeline; 0 for a gap without an id
	N     uint64 // number in its topic, from 1; 0 for a gap made for one reader

	at    int64  // Unix milliseconds; 0 for a gap made for one reader
	frame []byte // "id: …\ndata: " + JSON + "\n\n"
	json  uint16 // where in frame the JSON begins
	data  uint16 // where in frame the value of "data" begins
}

// JSON is the event as one line of JSON, the same on every transport.
func (e *Event) JSON() []byte { return e.frame[e.json : len(e.frame)-2] }

// Line is JSON and a newline: a record of NDJSON.
func (e *Event) Line() []byte { return e.frame[e.json : len(e.frame)-1] }

// SSE is the event as a server-sent event, the empty line at its end included.
func (e *Event) SSE() []byte { return e.frame }

// Data is the value of the event's "data".
func (e *Event) Data() []byte { return e.frame[e.data : len(e.frame)-3] }

// Time is when it happened, to the millisecond; zero for a gap made for one reader.
func (e *Event) Time() time.Time {
	if e.at == 0 {
		return time.Time{}
	}
	return time.UnixMilli(e.at)
}

// AppendWebSocket appends the event as an unmasked, final WebSocket text frame.
func (e *Event) AppendWebSocket(dst []byte) []byte {
	payload := e.JSON()
	if n := len(payload); n < 126 {
		dst = append(dst, 0x81, byte(n))
	} else {
		dst = append(dst, 0x81, 126, byte(n>>8), byte(n)) // MaxJSON fits 16 bits
	}
	return append(dst, payload...)
}

// appendTime appends a time as 2006-01-02T15:04:05.000Z. The package time has a
// quick way for RFC 3339, but not with three digits.
func appendTime(dst []byte, at time.Time) []byte {
	dst = at.UTC().AppendFormat(dst, time.RFC3339)
	ms := at.Nanosecond() / 1e6
	return append(dst[:len(dst)-1], '.', byte('0'+ms/100), byte('0'+ms/10%10), byte('0'+ms%10), 'Z')
}

// draft is an event before its seq and n are known: everything that can be
// encoded without the lock is.
type draft struct {
	kind string
	at   int64
	room int    // bytes at the start of buf that are kept free for the head
	buf  []byte // room, then the JSON from "topic" on, then "\n\n"
	data int    // where in buf the value of "data" begins
}

func (b *Broker) draft(topic, kind string, at time.Time, data []byte) (draft, error) {
	if kind == "" || len(kind) > MaxKind {
		return draft{}, fmt.Errorf("%w: it has %d bytes, 1 to %d are allowed", ErrBadKind, len(kind), MaxKind)
	}
	for i := range len(kind) {
		if !nameByte(kind[i]) {
			return draft{}, fmt.Errorf("%w %q: only A-Z a-z 0-9 _ . : @ - are allowed", ErrBadKind, kind)
		}
	}
	data, err := oneLine(data)
	if err != nil {
		return draft{}, err
	}
	// The numbers in the head cannot have more digits than a seq soon to come.
	digits := decimals(b.head.Load() + 1<<32)
	room := len("event: \nid: -\ndata: {\"id\":\"-\",\"n\":,") + len(kind) + 2*len(b.epoch) + 3*digits
	d := draft{kind: kind, at: at.UnixMilli(), room: room}
	if d.at == 0 {
		d.at = 1
	}
	buf := make([]byte, room, room+len(topic)+len(kind)+len(data)+len(`"topic":"","type":"","time":"2006-01-02T15:04:05.000Z","data":}`)+2)
	buf = append(buf, `"topic":"`...)
	buf = append(buf, topic...)
	buf = append(buf, `","type":"`...)
	buf = append(buf, kind...)
	buf = append(buf, `","time":"`...)
	buf = appendTime(buf, at)
	buf = append(buf, `","data":`...)
	d.data = len(buf)
	buf = append(buf, data...)
	d.buf = append(buf, "}\n\n"...)
	if size := len(d.buf) - room - 2 + len(b.epoch) + 2*digits + len(`{"id":"-","n":,`); size > MaxJSON {
		return draft{}, fmt.Errorf("%w: it is %d bytes of JSON, at most %d are allowed", ErrTooLarge, size, MaxJSON)
	}
	return d, nil
}

// event fills in the head. b.mu is held, so it only writes some fifty bytes.
func (b *Broker) event(topic string, d draft, seq, n uint64) Event {
	var scratch [256]byte
	head := scratch[:0]
	if d.kind == KindEnd || d.kind == KindGap { // named, so that a page's onmessage sees only the others
		head = append(head, "event: "...)
		head = append(append(head, d.kind...), '\n')
	}
	head = append(head, "id: "...)
	head = append(b.appendID(head, seq), "\ndata: "...)
	start := len(head)
	head = append(head, `{"id":"`...)
	head = b.appendID(head, seq)
	head = append(head, `","n":`...)
	head = strconv.AppendUint(head, n, 10)
	head = append(head, ',')
	from := d.room - len(head)
	copy(d.buf[from:], head)
	return Event{
		Topic: topic, Kind: d.kind, Seq: seq, N: n, at: d.at,
		frame: d.buf[from:], json: uint16(start), data: uint16(d.data - from),
	}
}

// oneLine makes sure that data is on one line, as server-sent events and NDJSON
// need it. Producers send compact JSON, so it almost never does anything.
func oneLine(data []byte) ([]byte, error) {
	if len(data) == 0 {
		return []byte("{}"), nil
	}
	if bytes.IndexByte(data, '\n') < 0 && bytes.IndexByte(data, '\r') < 0 {
		return data, nil
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, data); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrBadData, err)
	}
	return compact.Bytes(), nil
}

func decimals(v uint64) int {
	n := 1
	for ; v >= 10; v /= 10 {
		n++
	}
	return n
}
