package follow

import (
	"bytes"
	"sync"
	"time"

	"hub/internal/broker"
	"hub/internal/docker"
	"hub/internal/lines"
	"hub/internal/mask"
)

const (
	batchLines = 512       // after which a batch is full
	batchBytes = 256 << 10 // of their data
	shortLine  = 8 << 10   // bytes of a line that surely fits one event, however it is escaped
	// quiet is the silence after which an unfinished line goes out as a part.
	quiet = 200 * time.Millisecond
)

// sink publishes the messages of a log as line events, each at the engine's time.
// An ordinary line goes straight into the batch; what is long, comes in pieces,
// or is redrawn, through a line writer.
type sink struct {
	follower *Follower
	topic    string
	pacer    pacer
	out, err output

	mu      sync.Mutex // the line writers' timers emit too; taken after a writer's own lock
	secrets mask.Stream
	arena   []byte // the data of the batch, one behind the other
	batch   []broker.Message
	idle    bool // nobody is about to flush, so what is emitted goes out at once
}

// output is one of the two streams.
type output struct {
	prefix []byte // of a line's data
	writer *lines.Writer
	at     time.Time // of the message that is being written; guarded by sink.mu
	open   bool      // the writer holds an unfinished line
}

func newSink(f *Follower, topic string) *sink {
	s := &sink{follower: f, topic: topic, secrets: mask.Stream{Set: f.mask}, arena: make([]byte, 0, 4<<10), idle: true}
	s.pacer.sink = s
	for name, o := range map[string]*output{"stdout": &s.out, "stderr": &s.err} {
		o.prefix = []byte(`{"stream":"` + name + `","line":`)
		o.writer = lines.NewWriter(func(kind string, data []byte) error {
			s.emit(kind, data, o)
			return nil
		}, lines.Options{Stream: name, Quiet: quiet})
	}
	return s
}

// add takes the next message.
func (s *sink) add(m docker.LogMessage) {
	o := &s.out
	if m.Stream == "stderr" {
		o = &s.err
	}
	text, ended := bytes.CutSuffix(m.Text, []byte("\n"))
	if ended && !o.open && len(text) <= shortLine {
		text = bytes.TrimSuffix(text, []byte("\r"))
		if bytes.IndexByte(text, '\r') < 0 {
			s.addLine(o, text, m.Time)
			return
		}
	}
	s.mu.Lock()
	o.at, s.idle = m.Time, false
	s.mu.Unlock()
	_, _ = o.writer.Write(m.Text)
	o.open = !ended
}

func (s *sink) addLine(o *output, text []byte, at time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.idle = false
	s.room(len(o.prefix) + 6*len(text) + 3)
	from := len(s.arena)
	s.arena = append(s.arena, o.prefix...)
	s.arena = append(lines.AppendBytes(s.arena, text), '}')
	s.batch = append(s.batch, broker.Message{Kind: "line", Data: s.follower.mask.JSON(s.arena[from:]), Time: at})
}

// emit takes what a line writer has made of its text.
func (s *sink) emit(kind string, data []byte, o *output) {
	s.mu.Lock()
	defer s.mu.Unlock()
	_ = s.secrets.Event(kind, data, func(kind string, data []byte) error { // whose error is this function's
		s.keep(kind, data, o)
		return nil
	})
}

func (s *sink) keep(kind string, data []byte, o *output) {
	s.room(len(data))
	from := len(s.arena)
	s.arena = append(s.arena, data...)
	s.batch = append(s.batch, broker.Message{Kind: kind, Data: s.arena[from:], Time: o.at})
	if s.idle {
		s.publish()
	}
}

// room makes sure that so many bytes of data can be added to the batch without
// the others having to move.
func (s *sink) room(bytes int) {
	if len(s.arena) > 0 && len(s.arena)+bytes > batchBytes {
		s.publish()
	}
	if len(s.arena)+bytes > cap(s.arena) {
		s.arena = make([]byte, 0, max(bytes, min(2*cap(s.arena), batchBytes))) // the batch keeps the old one
	}
}

// publish sends the batch; s.mu is held.
func (s *sink) publish() {
	if len(s.batch) == 0 {
		return
	}
	_, err := s.follower.broker.PublishAll(s.topic, s.batch...)
	s.follower.noteFailure(s.topic, err)
	s.pacer.published += len(s.batch)
	s.pacer.gathered += len(s.batch)
	for _, m := range s.batch {
		s.pacer.bytes += int64(len(m.Data))
	}
	clear(s.batch)
	s.batch, s.arena = s.batch[:0], s.arena[:0]
}

// full reports whether the batch should be sent though more has arrived.
func (s *sink) full() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.batch) >= batchLines
}

// flush sends what there is, before a wait for more.
func (s *sink) flush() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.publish()
	s.idle = true
}

// finish ends unfinished lines: nothing of them is to come.
func (s *sink) finish() {
	for _, o := range []*output{&s.out, &s.err} {
		_ = o.writer.Flush()
		o.open = false
	}
	s.flush()
}

func (s *sink) close() {
	_ = s.out.writer.Close()
	_ = s.err.writer.Close()
	s.flush()
}
