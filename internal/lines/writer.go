package lines

import (
	"bytes"
	"errors"
	"sync"
	"time"
	"unicode/utf8"
)

// ErrClosed is what a write to a closed [Writer] returns.
var ErrClosed = errors.New("cannot write: the line writer is closed")

// Writer is an io.WriteCloser that emits what is written to it as line and progress events. It is safe for use by several
// goroutines, its own timer among them. Its memory is twice MaxData at most.
type Writer struct {
	emit   Emit
	o      Options
	prefix []byte
	limit  int // the most bytes of cur before its end is added

	mu     sync.Mutex
	err    error // what Emit failed with; the writer does nothing more
	closed bool

	cur   []byte            // the data of the segment being written: prefix and encoded text
	part  int               // parts of this segment that have gone out
	rest  [utf8.UTFMax]byte // the beginning of a rune that the next write may end
	nrest int               // its length
	cr    bool              // a \r came and the byte after it has not: \r\n, or a redraw

	state // of a redrawn line
	timer // for silence and for states that wait
}

// NewWriter makes a writer of line events. Close it, else its last line may stay unsaid.
func NewWriter(emit Emit, o Options) *Writer {
	o = o.withDefaults()
	w := &Writer{emit: emit, o: o, prefix: o.prefix()}
	w.limit = max(o.MaxData-partEnd, len(w.prefix)+maxEscape)
	w.cur = append(w.cur, w.prefix...)
	w.prev = append(w.prev, w.prefix...)
	return w
}

// Write takes bytes cut anywhere. It returns the first error of Emit, also one that came from the timer since the last call, and from
// then on does nothing but return it; the count is of the bytes whose lines were taken before it.
func (w *Writer) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return 0, ErrClosed
	}
	size := len(p)
	for len(p) > 0 && w.err == nil {
		line, after, ended := bytes.Cut(p, newline)
		w.segments(line, ended)
		if w.err != nil {
			return size - len(p), w.err
		}
		p = after
	}
	w.wrote()
	return size - len(p), w.err
}

var newline = []byte{'\n'}

// Flush sends an unfinished line as if it had ended here. What comes after it begins a new one.
func (w *Writer) Flush() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return ErrClosed
	}
	w.flush()
	return w.err
}

// Close flushes and stops the timer: when it has returned nothing is emitted any more. It returns the error that ended the writer, if
// one did; closing again returns the same.
func (w *Writer) Close() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.closed {
		w.flush()
		w.closed = true
		w.timer.stop()
	}
	return w.err
}

// segments takes a line, or what there is of one, apart at each \r.
func (w *Writer) segments(line []byte, ended bool) {
	for len(line) > 0 && w.err == nil {
		if w.cr {
			w.cr = false
			w.redraw()
		}
		text, after, found := bytes.Cut(line, carriage)
		w.text(text, ended || found)
		w.cr = found
		line = after
	}
	if ended {
		w.text(nil, true)
		w.endLine()
	}
}

var carriage = []byte{'\r'}

// endLine sends the line's final text: this segment's, or the last one's that had any.
func (w *Writer) endLine() {
	switch {
	case w.part > 0:
		w.sendPart(true)
	case w.hasText() || !w.redrawn:
		w.sendWhole(&w.cur)
	case !w.told:
		w.sendWhole(&w.prev)
	}
	w.cr = false
	w.reset()
}

func (w *Writer) flush() {
	w.text(nil, true)
	if w.hasText() || w.part > 0 || len(w.prev) > len(w.prefix) {
		w.endLine()
	}
	w.cr = false
	w.reset()
}

// hasText tells whether the current segment has text that has not gone out in a part.
func (w *Writer) hasText() bool { return len(w.cur) > len(w.prefix) }

func (w *Writer) sendWhole(b *[]byte) {
	*b = append(*b, endWhole...)
	w.send("line", *b)
	*b = (*b)[:len(w.prefix)]
}

// sendPart sends what the segment holds. A state that waits is older than it and no longer worth showing.
func (w *Writer) sendPart(last bool) {
	w.part++
	w.cur = appendPart(w.cur, w.part, last)
	w.send("line", w.cur)
	w.cur = w.cur[:len(w.prefix)]
	w.fresh, w.shown, w.since = false, 0, time.Time{}
	if last {
		w.part = 0
	}
}

func (w *Writer) send(kind string, data []byte) {
	if w.err == nil {
		w.err = w.emit(kind, data)
	}
}
