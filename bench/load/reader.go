//go:build linux

package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"time"

	"golang.org/x/sys/unix"

	"hub/bench/internal/stamp"
	"hub/bench/internal/wire"
)

// reader is one subscription, held by one socket.
type reader struct {
	fd      int
	stalled bool
	head    []byte       // of the answer, while it is incomplete
	frames  wire.Decoder // nil until the head is there
	stamps  stamp.Scanner
	control []byte // payload of a control frame so far
}

// take handles what one read brought; an error tells why the stream is over.
func (b *bench) take(i int, piece []byte, now time.Duration) error {
	r := &b.readers[i]
	if r.frames == nil {
		r.head = append(r.head, piece...)
		end := bytes.Index(r.head, []byte("\r\n\r\n"))
		if end < 0 {
			return nil
		}
		frames, err := b.target.accepted(r.head[:end])
		if err != nil {
			return err
		}
		r.frames, piece, r.head = frames, r.head[end+4:], nil
		b.opened(i)
	}
	note := func(s stamp.Stamp) { b.note(i, s, now) }
	for len(piece) > 0 {
		var span wire.Span
		span, piece = r.frames.Next(piece)
		if span.Op == wire.Data {
			r.stamps.Scan(span.Data, note)
		} else if err := r.answer(span); err != nil {
			return err
		}
		if span.Last && b.target.transport == "sse" {
			return errEnded
		}
	}
	return nil
}

// answer collects a control frame: a ping is answered, a close is the end.
func (r *reader) answer(span wire.Span) error {
	if r.control = append(r.control, span.Data...); !span.Last {
		return nil
	}
	payload := r.control
	r.control = r.control[:0]
	switch span.Op {
	case wire.Ping:
		unix.Write(r.fd, wire.AppendFrame(nil, wire.Pong, payload))
	case wire.Close:
		if len(payload) < 2 {
			return errEnded
		}
		return fmt.Errorf("closed with %d %s", binary.BigEndian.Uint16(payload), payload[2:])
	case wire.Broken:
		return errBroken
	}
	return nil
}
