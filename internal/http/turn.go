package http

import (
	"fmt"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"hub/internal/broker"
)

const (
	batchEvents = 128
	batchBytes  = 48 << 10  // of events in one write; a single one may be larger
	mostPooled  = 256 << 10 // bytes of a turn's buffer that is worth keeping
)

// scratch is what a turn works with, so that an idle stream holds no buffer.
type scratch struct {
	buf    []byte // begins with room for the head of a chunk
	events [batchEvents]broker.Event
	count  int  // of the events that are in buf
	whole  bool // the HTTP body ends with buf
}

var scratches = sync.Pool{New: func() any { return &scratch{buf: make([]byte, 0, batchBytes+16<<10)} }}

// turn writes all there is, then ends.
func (s *stream) turn() {
	rests := false // whether the end of the turn is marked already
	defer func() {
		if p := recover(); p != nil {
			s.log.Error("a stream panicked", "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
			s.fail()
		}
		if !rests {
			s.mu.Lock()
			s.rest()
			s.mu.Unlock()
		}
	}()
	work := scratches.Get().(*scratch)
	defer func() {
		if cap(work.buf) <= mostPooled {
			scratches.Put(work)
		}
	}()
	for {
		last, more := s.gather(work)
		bytes := work.buf[chunkHead:]
		if s.chunked {
			bytes = chunk(work.buf, work.whole)
		}
		if len(bytes) > 0 {
			if _, err := s.conn.Write(bytes); err != nil {
				s.fail()
				return
			}
		}
		if work.count > 0 {
			s.alive.Store(time.Now().UnixNano())
		}
		if last {
			s.leave()
			return
		}
		if !more {
			rests = true
			return
		}
	}
}

// gather fills work. last says that the farewell is in it; more that the turn
// goes on.
func (s *stream) gather(work *scratch) (last, more bool) {
	s.reading.Lock()
	defer s.reading.Unlock()
	s.mu.Lock()
	s.again = false
	buf := append(work.buf[:0], make([]byte, chunkHead)...)
	buf = append(buf, s.messages...)
	s.messages = emptied(s.messages)
	s.changed.Broadcast()
	subs, finite, bye, until, abrupt := s.subs, s.finite, s.farewell, s.until, s.abrupt
	s.mu.Unlock()

	idle := len(buf) == chunkHead
	work.count, work.whole = 0, false
	start := len(buf)
	for _, sub := range subs {
		events := sub.Next(work.events[:0], batchBytes/len(subs))
		for i := range events {
			if bye != nil && events[i].Seq > until {
				break // who comes back gets it then
			}
			buf = s.framing.event(buf, &events[i])
			work.count++
		}
		clear(events)
	}
	if f, ok := s.framing.(batching); ok {
		buf = f.batch(buf, start)
	}
	work.buf = buf
	if !idle || work.count > 0 {
		return false, true
	}
	if bye != nil {
		work.buf, work.whole = append(buf, bye...), !abrupt
		return true, false
	}
	over := finite && !slices.ContainsFunc(subs, func(sub *subscription) bool { return !sub.Ended() })
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case over && s.finite && s.farewell == nil: // unless a sub came just now
		s.setFarewell(s.ending(), false)
		return false, true
	case s.again:
		return false, true
	}
	s.rest() // under the same lock as the look at again, so that no wake is lost
	return false, false
}

// emptied is buf for the next messages, unless it has become too large to keep.
func emptied(buf []byte) []byte {
	if cap(buf) > 1<<10 {
		return nil
	}
	return buf[:0]
}
