package broker

import (
	"context"
	"errors"
	"slices"
	"strings"
)

// Request says what to read, from where, and how the reader wants to be woken.
type Request struct {
	Topics []string // names and patterns, at least one
	Start  Start
	Kinds  []string // only events of these kinds, and gaps and ends; all when empty
	Once   bool     // end at the newest event there is when the subscription begins

	// Wake is called, once, when there is something after a Next that returned
	// nothing, or when the sources that it waited for have filled. It must not
	// block, and may come from any goroutine, even while the subscription is
	// being closed. When nil, Receive can be used.
	Wake func()
}

// Subscription is a reader's place in the timeline. Its methods are for one
// goroutine at a time; Close is for any.
type Subscription struct {
	broker    *Broker
	request   Request
	selection *selection
	signal    chan struct{} // for Receive
	demands   []*demand

	// Guarded by broker.mu.
	until   uint64 // where it ends, when Request.Once says so
	pos     uint64 // everything up to it has been delivered or is not asked for
	only    *cursor
	cursors map[*topic]*cursor // when there is more than one
	merging merge
	notices []gap // gaps that belong to no cursor, told first
	held    int   // sources that have yet to fill in what they have
	asked   bool  // a Next has come while it was held
	waiting int   // index in selection.waiting, or -1
	closed  bool
}

// Subscribe begins to read. The error wraps [ErrBadName] or [ErrBadID].
func (b *Broker) Subscribe(r Request) (*Subscription, error) {
	if len(r.Topics) == 0 {
		return nil, errors.New("cannot subscribe: no topic is named")
	}
	for _, name := range r.Topics {
		if err := CheckPattern(name); err != nil {
			return nil, err
		}
	}
	if r.Start.mode == startAfter {
		if err := CheckID(r.Start.id); err != nil {
			return nil, err
		}
	}
	r.Topics = distinct(r.Topics)
	s := &Subscription{broker: b, request: r, waiting: -1}
	if r.Wake == nil {
		s.signal = make(chan struct{}, 1)
	}
	s.demand()
	b.mu.Lock()
	defer b.mu.Unlock()
	s.selection = b.selection(r.Topics)
	s.selection.readers[s] = struct{}{}
	for _, d := range s.demands {
		if !d.filled {
			d.held = append(d.held, s)
			s.held++
		}
	}
	if s.held == 0 {
		s.begin()
	} else if r.Start.mode == startNow {
		s.pos = b.seq
	} else if seq, ok, _ := b.position(r.Start.id); ok {
		s.pos = seq
	}
	return s, nil
}

// distinct copies names, which may lie in a caller's buffer, each once.
func distinct(names []string) []string {
	var own []string
	for _, name := range names {
		if !slices.Contains(own, name) {
			own = append(own, strings.Clone(name))
		}
	}
	return own
}

// Close ends the subscription. Next returns nothing after it.
func (s *Subscription) Close() {
	b := s.broker
	b.mu.Lock()
	if s.closed {
		b.mu.Unlock()
		return
	}
	s.closed = true
	s.disarm()
	delete(s.selection.readers, s)
	if len(s.selection.readers) == 0 {
		b.drop(s.selection)
	}
	for _, d := range s.demands {
		d.held = slices.DeleteFunc(d.held, func(other *Subscription) bool { return other == s })
	}
	s.only, s.cursors, s.notices = nil, nil, nil
	s.merging = merge{}
	b.mu.Unlock()
	if s.signal != nil {
		s.wake()
	}
	for _, d := range s.demands {
		d.release()
	}
}

// Next appends to events what comes next, as far as its capacity and at most
// about maxBytes of JSON (at least one event), and never blocks. When it appends
// nothing there is nothing, and Wake will be called when there is.
func (s *Subscription) Next(events []Event, maxBytes int) []Event {
	events = slices.Grow(events, 1)
	had := len(events)
	for more := true; more && len(events) == had; {
		events, more = s.some(events, maxBytes)
	}
	return events
}

// patience is how many places one hold of the lock may look at.
const patience = 2048

// some is one hold of the lock; more says that it ended before the reader had
// anything or had caught up.
func (s *Subscription) some(events []Event, maxBytes int) (_ []Event, more bool) {
	b := s.broker
	b.mu.Lock()
	defer b.mu.Unlock()
	if s.closed {
		return events, false
	}
	batch := batch{s: s, events: events, bytes: maxBytes, had: len(events), looks: patience}
	if s.held > 0 {
		s.asked = true
		return events, false
	}
	if !s.advance(&batch) {
		return batch.events, true
	}
	if len(batch.events) == batch.had {
		s.arm()
	}
	return batch.events, false
}

// Receive waits until there is something and appends it to events like Next; it
// needs a Request without Wake. The error is ctx's, or [ErrClosed] once the
// subscription has been closed.
func (s *Subscription) Receive(ctx context.Context, events []Event) ([]Event, error) {
	had := len(events)
	for {
		if events = s.Next(events, 1<<20); len(events) > had {
			return events, nil
		}
		if s.isClosed() {
			return events, ErrClosed
		}
		select {
		case <-s.signal:
		case <-ctx.Done():
			return events, ctx.Err()
		}
	}
}

func (s *Subscription) isClosed() bool {
	s.broker.mu.Lock()
	defer s.broker.mu.Unlock()
	return s.closed
}

// Position is the id to come back with: everything up to it has been handed out
// or will not come.
func (s *Subscription) Position() string {
	s.broker.mu.Lock()
	defer s.broker.mu.Unlock()
	return s.broker.ID(s.pos)
}

// Ended reports whether there is nothing to wait for: every topic asked for has
// ended and has been read past its end, which with a pattern is never so; or all
// that a Request with Once asks for has been read.
func (s *Subscription) Ended() bool {
	b := s.broker
	b.mu.Lock()
	defer b.mu.Unlock()
	if s.closed || s.held > 0 || len(s.notices) > 0 {
		return false
	}
	if s.request.Once {
		return s.pos >= s.until
	}
	if len(s.selection.pattern) > 0 {
		return false
	}
	for _, name := range s.selection.names {
		c := s.cursorOf(name)
		if c == nil || !c.topic.ended {
			return false
		}
		if _, pending := c.place(); pending {
			return false
		}
	}
	return true
}

func (s *Subscription) wants(e *Event) bool {
	return len(s.request.Kinds) == 0 || e.Kind == KindEnd || e.Kind == KindGap || slices.Contains(s.request.Kinds, e.Kind)
}
