package http

import (
	"encoding/json"

	"hub/internal/docker"
)

// argv reads a field that holds a command: one string, which is split as a shell
// splits words, or a list of words. It is nil for an absent one.
func argv(field string, raw json.RawMessage) ([]string, error) {
	if len(raw) == 0 {
		return nil, nil
	}
	var f faults
	switch raw[0] {
	case '"':
		var text string
		if err := json.Unmarshal(raw, &text); err != nil {
			return nil, err
		}
		return docker.Words(field, text)
	case '[':
		if words, ok := wordList(raw); ok {
			return words, nil
		}
		f.wrong(locOf(field), "list of str")
	default:
		f.wrong(locOf(field), "str")
	}
	return nil, unprocessable(f...)
}

// wordList is a list of strings; a null is none.
func wordList(raw json.RawMessage) (words []string, ok bool) {
	var list []*string
	if json.Unmarshal(raw, &list) != nil {
		return nil, false
	}
	words = []string{}
	for _, word := range list {
		if word == nil {
			return nil, false
		}
		words = append(words, *word)
	}
	return words, true
}
