package http

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

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
		Outcome  string
		ExitCode *int `json:"exit_code"`
		Error    string
		Result   json.RawMessage
	}
	_ = json.Unmarshal(data, &end)
	text := "--- end" + of + ": " + end.Status
	if end.Outcome != "" && !strings.HasPrefix(end.Error, end.Outcome) { // which says more
		text += ", " + strings.ReplaceAll(end.Outcome, "_", " ")
	}
	if end.ExitCode != nil {
		text += fmt.Sprintf(", exit code %d", *end.ExitCode)
	}
	if result := appendFields(nil, scalars(end.Result, "status", "exit_code")); len(result) > 0 {
		text += ", " + string(result)
	}
	if end.Error != "" {
		text += ": " + end.Error
	}
	return append(dst, oneLine(text)...)
}

// scalars are the fields of an object that are a string, a number or a boolean,
// without those that are said already; of anything else there are none.
func scalars(object json.RawMessage, said ...string) []byte {
	d := json.NewDecoder(bytes.NewReader(object))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return nil
	}
	kept := []byte("{")
	for d.More() {
		key, err := d.Token()
		var value json.RawMessage
		if err != nil || d.Decode(&value) != nil {
			return nil
		}
		name := fmt.Sprint(key)
		if slices.Contains(said, name) || bytes.ContainsAny(value[:1], "{[n") {
			continue
		}
		if len(kept) > 1 {
			kept = append(kept, ',')
		}
		quoted, _ := json.Marshal(name) // a string
		kept = append(append(append(kept, quoted...), ':'), value...)
	}
	return append(kept, '}')
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
