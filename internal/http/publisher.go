package http

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"

	"hub/internal/broker"
	"hub/internal/lines"
	"hub/internal/mask"
)

// publisher takes a request's body into a topic.
type publisher struct {
	broker *broker.Broker
	topic  string
	limit  int    // bytes of a JSON body, or of a line of NDJSON
	kind   string // of the body, as a media type
	end    []byte // data of the end event to follow; nil for none
	count  int
	last   uint64

	secrets mask.Stream // what is published goes through it
}

// take publishes by means of body, then the end. Its error is an answer.
func (p *publisher) take(body func() error) error {
	err := body()
	if err == nil && p.end != nil {
		p.last, err = p.broker.Publish(p.topic, broker.KindEnd, p.end)
	}
	if err != nil {
		return p.failed(err)
	}
	return nil
}

// read publishes a body as it arrives.
func (p *publisher) read(in io.Reader) error {
	if in == nil {
		return nil
	}
	if p.kind == "application/x-ndjson" {
		return p.ndjson(bufio.NewReaderSize(in, 64<<10))
	}
	return p.text(in)
}

func (p *publisher) answer() published { return published{p.count, p.lastID()} }

func (p *publisher) send(messages ...broker.Message) error {
	last, err := p.broker.PublishAll(p.topic, messages...)
	if err == nil && len(messages) > 0 {
		p.count += len(messages)
		p.last = last
	}
	return err
}

func (p *publisher) lastID() string {
	if p.last == 0 {
		return ""
	}
	return p.broker.ID(p.last)
}

// text publishes each line of the body as it arrives.
func (p *publisher) text(in io.Reader) error {
	send := func(kind string, data []byte) error { return p.send(broker.Message{Kind: kind, Data: data}) }
	w := lines.NewWriter(func(kind string, data []byte) error { return p.secrets.Event(kind, data, send) }, lines.Options{})
	_, err := io.CopyBuffer(struct{ io.Writer }{w}, in, make([]byte, 32<<10))
	if closed := w.Close(); err == nil {
		err = closed
	}
	return err
}

// json publishes one event or an array of them, all or none.
func (p *publisher) json(body []byte) error {
	events, err := parseEvents(body)
	if err != nil {
		return err
	}
	var masked []broker.Message
	keep := func(kind string, data []byte) error {
		masked = append(masked, broker.Message{Kind: kind, Data: data})
		return nil
	}
	for _, m := range events {
		_ = p.secrets.Event(m.Kind, m.Data, keep) // whose error is keep's
	}
	_ = p.secrets.Release(keep)
	return p.send(masked...)
}

// ndjson publishes an event a line, those that have arrived together in one go.
// It stops at the first bad line; what came before stays published.
func (p *publisher) ndjson(in *bufio.Reader) error {
	var batch numbered
	for number := 1; ; number++ {
		line, err := readLine(in, p.limit)
		ended := err == io.EOF
		if ended {
			err = nil
		}
		if line = bytes.TrimSpace(line); err == nil && len(line) > 0 {
			err = batch.add(p, number, line)
		}
		if err != nil || ended {
			batch.release(p, number)
		}
		if err != nil || ended || batch.full() || !lineWaits(in) {
			if bad, err := batch.send(p); err != nil {
				return fmt.Errorf("line %d: %w", bad, err)
			}
		}
		if err != nil {
			return fmt.Errorf("line %d: %w", number, err)
		}
		if ended {
			return nil
		}
	}
}

// lineWaits reports whether the next line has arrived whole: what is there must
// not wait for what is not.
func lineWaits(in *bufio.Reader) bool {
	there, _ := in.Peek(in.Buffered())
	return bytes.IndexByte(there, '\n') >= 0
}

// readLine is the next line; with io.EOF it is the last. It is valid until the
// next read.
func readLine(in *bufio.Reader, limit int) ([]byte, error) {
	line, err := in.ReadSlice('\n')
	if !errors.Is(err, bufio.ErrBufferFull) {
		return line, err
	}
	long := bytes.Clone(line)
	for errors.Is(err, bufio.ErrBufferFull) {
		line, err = in.ReadSlice('\n')
		if long = append(long, line...); len(long) > limit {
			return nil, tooLarge("it is over %d bytes", limit)
		}
	}
	return long, err
}

// numbered are messages that are published together, with the numbers of their
// lines.
type numbered struct {
	messages []broker.Message
	lines    []int
	size     int
}

func (b *numbered) add(p *publisher, number int, line []byte) error {
	if tooDeep(line) >= 0 {
		return fmt.Errorf("nested deeper than %d levels", maxDepth)
	}
	// The line lies in the reader's buffer, and the message waits for others.
	m, err := parseEvent(bytes.ToValidUTF8(bytes.Clone(line), []byte("\uFFFD")))
	if err == nil {
		err = p.secrets.Event(m.Kind, m.Data, b.keep(number))
	}
	return err
}

// release adds what was held back of lines that do not go on.
func (b *numbered) release(p *publisher, number int) { _ = p.secrets.Release(b.keep(number)) }

func (b *numbered) keep(number int) mask.Emit {
	return func(kind string, data []byte) error {
		b.messages, b.lines = append(b.messages, broker.Message{Kind: kind, Data: data}), append(b.lines, number)
		b.size += len(data)
		return nil
	}
}

func (b *numbered) full() bool { return len(b.messages) >= batchEvents || b.size >= batchBytes }

// send publishes the messages together; where one of them is bad, those before
// it, and says which line it is.
func (b *numbered) send(p *publisher) (bad int, err error) {
	messages, lines := b.messages, b.lines
	b.messages, b.lines, b.size = b.messages[:0], b.lines[:0], 0
	if p.send(messages...) == nil {
		return 0, nil
	}
	for i, m := range messages {
		if err := p.send(m); err != nil {
			return lines[i], err
		}
	}
	return 0, nil
}
