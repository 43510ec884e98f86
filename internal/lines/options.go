package lines

import (
	"strconv"
	"time"
)

// Emit takes one event: kind is "line" or "progress", data one compact JSON object that is valid only during the call. It is called
// by one goroutine at a time, with the writer locked, so it must not call the writer. An error ends the writer: see [Writer.Write].
type Emit func(kind string, data []byte) error

const (
	// maxEvent is the most bytes of JSON one event may have, by the stream contract.
	maxEvent = 60 << 10
	// envelope is left for what stands around data in an event: ids, time, type and a topic of up to 200 bytes.
	envelope = 1 << 10
	// smallest is the least MaxData: room for the fields of a part and at least one rune.
	smallest = 128
)

// Options say how a [Writer] speaks. The zero value is that of a piped publish.
type Options struct {
	// Stream is the "stream" field of each event, "stdout" or "stderr"; "" leaves the field out.
	Stream string
	// Quiet is the silence after which an unfinished line goes out as a part; 0 is never, as a piped publish wants it.
	Quiet time.Duration
	// MaxData is the largest data in bytes of JSON; 0 is 59 KiB, which leaves room for the event's envelope. Less than 128 is 128.
	MaxData int
	// Redraw is the shortest time between two progress events; 0 is 250 ms, four a second.
	Redraw time.Duration
}

func (o Options) withDefaults() Options {
	if o.MaxData == 0 {
		o.MaxData = maxEvent - envelope
	}
	o.MaxData = max(o.MaxData, smallest)
	if o.Redraw == 0 {
		o.Redraw = 250 * time.Millisecond
	}
	return o
}

// prefix is what each event's data begins with, up to its line's text.
func (o Options) prefix() []byte {
	b := []byte{'{'}
	if o.Stream != "" {
		b = append(b, `"stream":`...)
		b = AppendString(b, o.Stream)
		b = append(b, ',')
	}
	return append(b, `"line":"`...)
}

const (
	endWhole = `"}`
	endState = `","redraw":true}`
)

// appendPart closes a part's data: its number, and whether it is the last.
func appendPart(b []byte, part int, last bool) []byte {
	b = append(b, `","part":`...)
	b = strconv.AppendInt(b, int64(part), 10)
	if last {
		b = append(b, `,"last":true`...)
	}
	return append(b, '}')
}

// partEnd is the longest that appendPart can add.
const partEnd = len(`","part":`) + len(`9223372036854775807`) + len(`,"last":true}`)
