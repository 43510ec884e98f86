package http

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"unicode"

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
	switch l, isLine := lineOf(e); {
	case isLine:
		dst = append(dst, l.text...)
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

func appendGap(dst, data []byte) []byte {
	var g struct {
		Topic, Reason string
		Count         *uint64
	}
	_ = json.Unmarshal(data, &g)
	count, are := "some events", "are"
	if g.Count != nil {
		count = fmt.Sprint(*g.Count, " events")
		if *g.Count == 1 {
			count, are = "1 event", "is"
		}
	}
	why := map[string]string{
		"evicted":  "gone before you came",
		"slow":     "you were overtaken",
		"restart":  "the hub was restarted",
		"upstream": "their source had lost them",
	}[g.Reason]
	text := fmt.Sprintf("--- gap: %s of %s %s not coming: %s (%s)", count, g.Topic, are, why, g.Reason)
	return append(dst, oneLine(text)...)
}

func appendEnd(dst []byte, of string, data []byte) []byte {
	var end struct {
		Status   string
		ExitCode *int `json:"exit_code"`
		Error    string
	}
	_ = json.Unmarshal(data, &end)
	text := "--- end" + of + ": " + end.Status
	if end.ExitCode != nil {
		text += fmt.Sprintf(", exit code %d", *end.ExitCode)
	}
	if end.Error != "" {
		text += ": " + end.Error
	}
	return append(dst, oneLine(text)...)
}

// oneLine is s without line ends, and with one space between its words.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

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
		dst = append(append(dst, plainName(name)...), '=')
		dst = append(dst, value...)
	}
	return dst
}

// plainName is a field's name, quoted where it would not stay on its line.
func plainName(t json.Token) string {
	name := fmt.Sprint(t)
	if strings.ContainsFunc(name, func(r rune) bool { return unicode.IsControl(r) || r == ' ' || r == '=' }) {
		return strconv.Quote(name)
	}
	return name
}
