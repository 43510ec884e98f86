package legacy

import (
	"bytes"
	"encoding/json"
)

// data is what events may hold. What is only passed on stays as it is.
type data struct {
	Task   string `json:"task"`
	Status string `json:"status"`

	Outcome string          `json:"outcome"` // where an end's status does not say it
	Stream  string          `json:"stream"`
	Line    json.RawMessage `json:"line"`
	Part    int             `json:"part"`
	Last    bool            `json:"last"`

	Cmd json.RawMessage `json:"cmd"`

	Tag         json.RawMessage `json:"tag"`
	ContextPath json.RawMessage `json:"context_path"`
	Dockerfile  json.RawMessage `json:"dockerfile"`
	Inline      json.RawMessage `json:"inline"`
	AppID       json.RawMessage `json:"app_id"`
	BuildArgs   json.RawMessage `json:"build_args"`

	ExitCode json.RawMessage `json:"exit_code"`
	Error    json.RawMessage `json:"error"`
	Result   json.RawMessage `json:"result"`
}

// read reads an event. ok is false where there is nothing to tell: kinds without an object, data that is not what its kind promises.
func read(e Event) (d *data, ok bool) {
	d = &data{}
	switch e.Kind {
	case "gap":
		return d, true
	case "status", "stage", "line", "end":
	default:
		return nil, false
	}
	if json.Unmarshal(e.Data, d) != nil || !isObject(e.Data) {
		return nil, false
	}
	return d, e.Kind != "line" || isString(d.Line)
}

// outcome is the true word of an end whose word in the older service is error, or "".
func (d *data) outcome() string {
	if d.Outcome != "" && d.Outcome != "error" {
		return d.Outcome
	}
	_, outcome := Word(d.Status)
	return outcome
}

func isString(raw []byte) bool { return len(raw) >= 2 && raw[0] == '"' }

func isObject(raw []byte) bool { return len(raw) >= 2 && raw[0] == '{' && raw[len(raw)-1] == '}' }

// isNull reports whether a field was absent or null, which the older service does not tell apart.
func isNull(raw []byte) bool { return len(raw) == 0 || bytes.Equal(raw, []byte("null")) }
