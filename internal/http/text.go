package http

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"hub/internal/broker"
)

// printer writes events as text. It remembers whether the last one left its line
// unfinished.
type printer struct {
	named bool   // events of several topics can come, so each line names its own
	open  string // topic and stream of an unfinished line
	buf   []byte
}

// lineData is the data of a line, or of a progress event that redraws one.
type lineData struct {
	Stream string
	Line   *string
	Part   int
	Last   bool
	Redraw bool
}

// print appends the event as it looks in a terminal.
func (p *printer) print(dst []byte, e *broker.Event) []byte {
	l, isLine := lineOf(e)
	key := e.Topic + " " + l.Stream
	if p.open != "" && (!isLine || p.open != key) {
		dst, p.open = append(dst, '\n'), ""
	}
	if !isLine {
		return append(append(dst, p.line(e)...), '\n')
	}
	if p.named && p.open == "" {
		dst = append(append(dst, e.Topic...), " | "...)
	}
	dst = append(dst, *l.Line...)
	switch {
	case l.Redraw:
		return append(dst, '\r')
	case l.Part > 0 && !l.Last:
		p.open = key
		return dst
	}
	p.open = ""
	return append(dst, '\n')
}

// line is the event as one line without its end; it is valid until the next call.
func (p *printer) line(e *broker.Event) []byte {
	dst := p.buf[:0]
	if p.named {
		dst = append(append(dst, e.Topic...), " | "...)
	}
	if l, ok := lineOf(e); ok {
		dst = append(dst, *l.Line...)
	} else {
		switch e.Kind {
		case broker.KindGap:
			dst = appendGap(dst, e.Data())
		case broker.KindEnd:
			dst = appendEnd(dst, e.Data())
		default:
			dst = append(append(dst, e.Kind...), ": "...)
			dst = appendFields(dst, e.Data())
		}
	}
	p.buf = dst
	return dst
}

// lineOf is the text of a line, or of a redrawn one.
func lineOf(e *broker.Event) (l lineData, ok bool) {
	if e.Kind != "line" && e.Kind != "progress" {
		return l, false
	}
	if text, ok := quickLine(e.Data()); ok && e.Kind == "line" {
		l.Line = &text
		return l, true
	}
	if json.Unmarshal(e.Data(), &l) != nil || l.Line == nil || e.Kind == "progress" && !l.Redraw {
		return lineData{}, false
	}
	return l, true
}

// quickLine reads {"line":"…"}, the usual case, without a decoder.
func quickLine(data []byte) (string, bool) {
	rest, ok := bytes.CutPrefix(data, []byte(`{"line":"`))
	if !ok {
		return "", false
	}
	rest, ok = bytes.CutSuffix(rest, []byte(`"}`))
	if !ok || bytes.IndexByte(rest, '\\') >= 0 || bytes.IndexByte(rest, '"') >= 0 {
		return "", false
	}
	return string(rest), true
}

func appendGap(dst, data []byte) []byte {
	var g struct {
		Topic, Reason string
		Count         *uint64
	}
	_ = json.Unmarshal(data, &g)
	count := "some events"
	if g.Count != nil {
		count = fmt.Sprint(*g.Count, " events")
		if *g.Count == 1 {
			count = "1 event"
		}
	}
	why := map[string]string{
		"evicted":  "gone before you came",
		"slow":     "you were overtaken",
		"restart":  "the hub was restarted",
		"upstream": "their source had lost them",
	}[g.Reason]
	return fmt.Appendf(dst, "--- gap: %s of %s are not coming: %s (%s)", count, g.Topic, why, g.Reason)
}

func appendEnd(dst, data []byte) []byte {
	var end struct {
		Status   string
		ExitCode *int `json:"exit_code"`
		Error    string
	}
	_ = json.Unmarshal(data, &end)
	dst = append(append(dst, "--- end: "...), end.Status...)
	if end.ExitCode != nil {
		dst = fmt.Appendf(dst, ", exit code %d", *end.ExitCode)
	}
	if end.Error != "" {
		dst = append(append(dst, ": "...), strings.ReplaceAll(end.Error, "\n", " ")...)
	}
	return dst
}

// appendFields writes a JSON object as name=value pairs in its own order, and
// anything else as it is.
func appendFields(dst, data []byte) []byte {
	d := json.NewDecoder(bytes.NewReader(data))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return append(dst, data...)
	}
	for first := true; d.More(); first = false {
		name, err := d.Token()
		if err != nil {
			break
		}
		var value json.RawMessage
		if d.Decode(&value) != nil {
			break
		}
		if !first {
			dst = append(dst, ' ')
		}
		dst = fmt.Append(dst, name)
		dst = append(append(dst, '='), value...)
	}
	return dst
}
