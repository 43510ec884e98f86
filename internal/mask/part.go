package mask

import (
	"bytes"
	"encoding/json"
	"strconv"
	"unicode/utf8"

	"hub/internal/lines"
)

// maxData is the most bytes of JSON that the data of a line has, as package lines has it by default.
const maxData = 59 << 10

var (
	endWhole = []byte(`"}`)              // of a whole line, as package lines writes it
	endState = []byte(`,"redraw":true}`) // of a state of a redrawn line
)

// part is the data of a line event that has no more than what package lines gives it.
type part struct {
	Stream string  `json:"stream"`
	Line   *string `json:"line"`
	Part   int     `json:"part"` // from 1; 0 of a whole line
	Last   bool    `json:"last"`
	Redraw bool    `json:"redraw"`
}

func parsePart(data []byte) (p part, ok bool) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	err := d.Decode(&p)
	return p, err == nil && p.Line != nil && p.Part >= 0
}

// state masks a state of a redrawn line.
func (s *Stream) state(data []byte) []byte {
	p, ok := parsePart(data)
	if !ok || s.Set.Empty() {
		return s.Set.JSON(data)
	}
	return append(appendLine(nil, p.Stream, s.Set.state([]byte(*p.Line))), endState...)
}

// send emits text as the next part, or as several where it is too long for one. Of a line that never went out in parts it is the whole.
func (l *openLine) send(text []byte, last bool, emit Emit) error {
	for {
		n := fitting(text, maxData-len(appendPart(appendLine(nil, l.stream, nil), l.in+len(text), true)))
		ended := last && n == len(text)
		data := appendLine(nil, l.stream, text[:n])
		if ended && l.out == 0 {
			data = append(data, '}')
		} else {
			l.out++
			data = appendPart(data, l.out, ended)
		}
		if err := emit("line", data); err != nil {
			return err
		}
		if text = text[n:]; len(text) == 0 {
			return nil
		}
	}
}

func appendLine(b []byte, stream string, text []byte) []byte {
	b = append(b, '{')
	if stream != "" {
		b = append(b, `"stream":`...)
		b = append(lines.AppendString(b, stream), ',')
	}
	b = append(b, `"line":`...)
	return lines.AppendBytes(b, text)
}

func appendPart(b []byte, part int, last bool) []byte {
	b = append(b, `,"part":`...)
	b = strconv.AppendInt(b, int64(part), 10)
	if last {
		b = append(b, `,"last":true`...)
	}
	return append(b, '}')
}

// fitting is how many bytes of text, whole runes and at least one, have no more than room bytes as the inside of a JSON string.
func fitting(text []byte, room int) int {
	const mostEscaped = 6 // bytes of JSON for one of text
	if len(text)*mostEscaped <= room || len(lines.AppendBytes(nil, text))-2 <= room {
		return len(text)
	}
	var encoded []byte
	for n := 0; n < len(text); {
		_, size := utf8.DecodeRune(text[n:])
		encoded = lines.AppendBytes(encoded[:0], text[n:n+size])
		if room -= len(encoded) - 2; room < 0 && n > 0 {
			return n
		}
		n += size
	}
	return len(text)
}
