package http

import (
	"encoding/json"
	"fmt"
	"strings"

	"hub/internal/broker"
)

// stageOf is what a task says of one of its stages, where e is that.
func stageOf(e *broker.Event) (s stageWords, is bool) {
	if e.Kind != "stage" || !strings.HasPrefix(e.Topic, "tasks/") || json.Unmarshal(e.Data(), &s) != nil {
		return s, false
	}
	return s, s.Stage != "" && s.Status != ""
}

// stageWords is the part of a stage event that becomes words; all else in it is
// shown as fields.
type stageWords struct {
	Stage    string
	Status   string
	Reused   bool
	Error    string
	Duration float64 `json:"duration_sec"`
}

// inWords are the fields of a stage event that its sentence says.
var inWords = []string{"stage", "status", "reused", "error", "duration_sec"}

// appendStage writes a stage event as one line:
//
//	stage clone: starting, repo_url="https://git.example/team/site"
//	stage clone: completed in 0.412 s, commit="9fceb02…" exit_code=0
//	stage clone: completed before, not run again, commit="9fceb02…"
//	stage push: error after 0.071 s: cannot push …
func appendStage(dst []byte, s stageWords, data []byte) []byte {
	text := "stage " + s.Stage + ": " + s.Status
	switch {
	case s.Reused:
		text += " before, not run again"
	case s.Status == "completed":
		text += fmt.Sprintf(" in %g s", s.Duration)
	case s.Status == "error":
		text += fmt.Sprintf(" after %g s", s.Duration)
	}
	if s.Error != "" {
		text += ": " + s.Error
	} else if fields := appendFields(nil, scalars(data, inWords...)); len(fields) > 0 {
		text += ", " + string(fields)
	}
	return append(dst, oneLine(text)...)
}
