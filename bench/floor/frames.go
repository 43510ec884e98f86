//go:build linux

package main

import (
	"bytes"
	"encoding/binary"
	"strconv"
	"time"
)

// frames are the events of one publish as each transport carries them.
type frames struct {
	n       uint64 // events so far
	ws, sse []byte
	id      []byte
	event   []byte
}

func (f *frames) reset() { f.ws, f.sse = f.ws[:0], f.sse[:0] }

// add encodes one event for the transports asked for.
func (f *frames) add(line []byte, ws, sse bool) {
	f.n++
	f.id = strconv.AppendUint(append(f.id[:0], "k7x2m-"...), f.n, 10)
	f.event = f.appendEvent(f.event[:0], line)
	if ws {
		f.ws = append(appendHead(f.ws, len(f.event)), f.event...)
	}
	if sse {
		f.sse = appendChunk(f.sse, f.id, f.event)
	}
}

// appendEvent puts the hub's envelope around what was published.
func (f *frames) appendEvent(b, line []byte) []byte {
	b = append(append(b, `{"id":"`...), f.id...)
	b = strconv.AppendUint(append(b, `","n":`...), f.n, 10)
	b = append(b, `,"topic":"bench/1","type":"line","time":"`...)
	b = time.Now().UTC().AppendFormat(b, "2006-01-02T15:04:05.000Z")
	return append(append(b, `",`...), bytes.TrimPrefix(line, []byte(`{"type":"line",`))...)
}

// appendHead appends the head of a text message of a server (RFC 6455 5.2).
func appendHead(b []byte, size int) []byte {
	const finalText = 0x81
	switch {
	case size < 126:
		return append(b, finalText, byte(size))
	case size < 1<<16:
		return binary.BigEndian.AppendUint16(append(b, finalText, 126), uint16(size))
	}
	return binary.BigEndian.AppendUint64(append(b, finalText, 127), uint64(size))
}

// appendChunk appends an event of Server-Sent Events as one HTTP chunk.
func appendChunk(b, id, event []byte) []byte {
	const around = len("id: \ndata: \n\n")
	b = strconv.AppendInt(b, int64(around+len(id)+len(event)), 16)
	b = append(append(b, "\r\nid: "...), id...)
	b = append(append(b, "\ndata: "...), event...)
	return append(b, "\n\n\r\n"...)
}
