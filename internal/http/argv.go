package http

import (
	"bytes"
	"encoding/json"

	"hub/internal/docker"
)

// argv reads a field that holds a command: one string, which is split as a shell
// splits words, or a list of words. It is nil for an absent one.
func argv(field string, raw json.RawMessage) ([]string, error) {
	var list []string
	var f faults
	switch {
	case len(raw) == 0:
		return nil, nil
	case raw[0] == '"':
		var text string
		if err := json.Unmarshal(raw, &text); err != nil {
			return nil, err
		}
		return docker.Words(field, text)
	case raw[0] != '[':
		f.wrong([]any{"body", field}, "str")
	case json.Unmarshal(raw, &list) != nil || bytes.Contains(raw, []byte("null")) && hasNull(raw):
		f.wrong([]any{"body", field}, "list of str")
	}
	if len(f) > 0 {
		return nil, unprocessable(f...)
	}
	return list, nil
}

// hasNull reports whether a list holds a null, which a word cannot be.
func hasNull(raw json.RawMessage) bool {
	var list []*string
	if json.Unmarshal(raw, &list) != nil {
		return true
	}
	for _, word := range list {
		if word == nil {
			return true
		}
	}
	return false
}
