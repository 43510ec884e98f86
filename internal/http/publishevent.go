package http

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"hub/internal/broker"
)

// parseEvents reads the body of a JSON publish: one event, or an array of them.
func parseEvents(body []byte) ([]broker.Message, error) {
	body = bytes.ToValidUTF8(bytes.TrimSpace(body), []byte("\uFFFD"))
	if at := tooDeep(body); at >= 0 {
		return nil, fmt.Errorf("nested deeper than %d levels at byte %d", maxDepth, at)
	}
	if !bytes.HasPrefix(body, []byte("[")) {
		m, err := parseEvent(body)
		return []broker.Message{m}, err
	}
	var events []json.RawMessage
	if err := json.Unmarshal(body, &events); err != nil {
		return nil, fmt.Errorf("cannot read the array: %w", err)
	}
	messages := make([]broker.Message, len(events))
	for i, event := range events {
		m, err := parseEvent(event)
		if err != nil {
			return nil, fmt.Errorf("event %d of the array: %w", i+1, err)
		}
		messages[i] = m
	}
	return messages, nil
}

// parseEvent reads {"type": …, "data": …}, its keys in exactly this spelling.
func parseEvent(text []byte) (broker.Message, error) {
	var event map[string]json.RawMessage
	if err := json.Unmarshal(text, &event); err != nil {
		return broker.Message{}, fmt.Errorf(`cannot read the event, which is {"type":…,"data":…}: %s`, strings.TrimPrefix(err.Error(), "json: "))
	}
	for _, name := range slices.Sorted(maps.Keys(event)) {
		if name != "type" && name != "data" {
			return broker.Message{}, fmt.Errorf(`unknown key %q in the event, known are "type" and "data"`, shorten(name))
		}
	}
	var kind *string
	if err := json.Unmarshal(event["type"], &kind); err != nil || kind == nil {
		return broker.Message{}, errors.New(`the event needs a "type", a text`)
	}
	if slices.Contains(ownKinds, *kind) {
		return broker.Message{}, fmt.Errorf("the type %q is the hub's own", *kind)
	}
	if *kind == "line" && !holdsLine(event["data"]) {
		return broker.Message{}, errors.New(`the data of a line must hold its text: {"type":"line","data":{"line":"…"}}`)
	}
	return broker.Message{Kind: *kind, Data: event["data"]}, nil
}

// holdsLine reports whether data has a text under "line", as every reader of a
// line expects.
func holdsLine(data []byte) bool {
	var fields map[string]json.RawMessage
	var line *string
	return json.Unmarshal(data, &fields) == nil && json.Unmarshal(fields["line"], &line) == nil && line != nil
}
