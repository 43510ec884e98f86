package http

import (
	"bytes"
	"encoding/json"
	"strings"

	"hub/internal/broker"
)

// printer writes events as text. It remembers whether the last one left its line
// unfinished.
type printer struct {
	named  bool   // events of several topics can come, so each line names its own
	open   string // topic and stream of an unfinished line
	redraw bool   // the unfinished line is to be written over
	buf    []byte
}

// lineData is the data of a line, or of a progress event that redraws one.
type lineData struct {
	stream string
	text   []byte
	more   bool // another part of the line follows
	redraw bool
}

// key tells one unfinished line from others.
func (l lineData) key(e *broker.Event) string { return e.Topic + " " + l.stream }

// print appends the event as it looks in a terminal.
func (p *printer) print(dst []byte, e *broker.Event) []byte {
	l, isLine := lineOf(e)
	if moves(e, isLine) {
		return dst
	}
	if p.open != "" && (!isLine || p.open != l.key(e)) {
		dst, p.open = append(dst, '\n'), ""
	}
	if !isLine {
		return append(append(dst, p.line(e)...), '\n')
	}
	if p.named && (p.open == "" || p.redraw) {
		dst = append(append(dst, e.Topic...), " | "...)
	}
	dst = append(dst, l.text...)
	p.open, p.redraw = "", l.redraw
	switch {
	case l.redraw:
		p.open, dst = l.key(e), append(dst, '\r')
	case l.more:
		p.open = l.key(e)
	default:
		dst = append(dst, '\n')
	}
	return dst
}

// line is the event as one line without its end; it is valid until the next call.
func (p *printer) line(e *broker.Event) []byte {
	dst := p.buf[:0]
	if p.named && e.Kind != broker.KindGap && e.Kind != broker.KindEnd { // their lines begin with ---
		dst = append(append(dst, e.Topic...), " | "...)
	}
	l, isLine := lineOf(e)
	stage, isStage := stageOf(e)
	switch {
	case isLine:
		dst = append(dst, l.text...)
	case isStage:
		dst = appendStage(dst, stage, e.Data())
	case e.Kind == broker.KindGap:
		dst = appendGap(dst, e.Data())
	case e.Kind == broker.KindEnd && p.named:
		dst = appendEnd(dst, " of "+e.Topic, e.Data())
	case e.Kind == broker.KindEnd:
		dst = appendEnd(dst, "", e.Data())
	default:
		dst = append(append(dst, e.Kind...), ": "...)
		dst = appendFields(dst, e.Data())
	}
	p.buf = dst
	return dst
}

// moves reports whether e tells how far a task has come, such as a push with its
// layers. It says nothing to a reader of text, who gets what stays: a line for each
// layer that is done.
func moves(e *broker.Event, isLine bool) bool {
	return e.Kind == "progress" && !isLine && strings.HasPrefix(e.Topic, "tasks/")
}

// lineOf is the text of a line, or of a redrawn one.
func lineOf(e *broker.Event) (lineData, bool) {
	if e.Kind != "line" && e.Kind != "progress" {
		return lineData{}, false
	}
	if l, ok := quickLine(e.Data()); ok && e.Kind == "line" {
		return l, true
	}
	var l struct {
		Stream string
		Line   *string
		Part   int
		Last   bool
		Redraw bool
	}
	if json.Unmarshal(e.Data(), &l) != nil || l.Line == nil || e.Kind == "progress" && !l.Redraw {
		return lineData{}, false
	}
	return lineData{l.Stream, []byte(*l.Line), l.Part > 0 && !l.Last, l.Redraw}, true
}

// quickLine reads {"line":"…"} and {"stream":"stdout","line":"…"}, the usual
// cases, without a decoder.
func quickLine(data []byte) (l lineData, ok bool) {
	rest := data
	for _, name := range []string{"stdout", "stderr"} {
		if after, ok := bytes.CutPrefix(data, []byte(`{"stream":"`+name+`",`)); ok {
			l.stream, rest = name, after
		}
	}
	if l.stream == "" {
		if rest, ok = bytes.CutPrefix(data, []byte("{")); !ok {
			return l, false
		}
	}
	if rest, ok = bytes.CutPrefix(rest, []byte(`"line":"`)); !ok {
		return l, false
	}
	l.text, ok = bytes.CutSuffix(rest, []byte(`"}`))
	return l, ok && bytes.IndexByte(l.text, '\\') < 0 && bytes.IndexByte(l.text, '"') < 0
}
