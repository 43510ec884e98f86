package legacy

import (
	"cmp"
	"strconv"
	"time"
)

// object is JSON under construction: it has its head and lacks its closing brace.
type object []byte

// raw adds a field whose value is JSON already; an absent one is null.
func (o object) raw(key string, value []byte) object {
	o = append(append(append(o, `,"`...), key...), `":`...)
	if len(value) == 0 {
		return append(o, "null"...)
	}
	return append(o, value...)
}

// word adds a field with a value that needs no escaping, or is escaped here.
func (o object) word(key, value string) object { return o.raw(key, quote(value)) }

// all adds all fields of another object.
func (o object) all(raw []byte) object {
	if inner := raw[1 : len(raw)-1]; len(inner) > 0 {
		o = append(append(o, ','), inner...)
	}
	return o
}

// chunk adds a line the way the engine wrote it: with its newline, in an object.
func (o object) chunk(text []byte) object {
	o = append(o, `,"chunk":{"stream":`...)
	o = append(o, text[:len(text)-1]...)
	return append(o, `\n"}`...)
}

// failure adds that and why a task failed.
func (o object) failure(d *data) object { return o.word("status", "error").cause(d) }

// cause adds why a task failed: for all but an error itself with the true word as outcome.
func (o object) cause(d *data) object {
	outcome := d.outcome()
	if isNull(d.Error) {
		o = o.word("error", cmp.Or(outcome, "error"))
	} else {
		o = o.raw("error", d.Error)
	}
	if outcome != "" {
		o = o.word("outcome", outcome)
	}
	return o
}

// appendSeconds writes a time as Unix seconds with their fraction, to the microsecond.
func appendSeconds(dst []byte, t time.Time) []byte {
	return strconv.AppendFloat(dst, float64(t.UnixMicro())/1e6, 'f', -1, 64)
}
