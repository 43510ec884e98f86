package legacy

import (
	"encoding/json"
	"testing"
	"time"
)

// Statuses keep three words; more is said in keys of its own.
func TestAnswers(t *testing.T) {
	task := func(status string) Task {
		return Task{ID: "x", Type: "generic_task", Status: status, Position: 3, Created: at, Updated: at.Add(time.Microsecond), Result: json.RawMessage(`{"a":1}`), Error: "why"}
	}
	head := func(rest string) string { return `{"task_type":"generic_task",` + rest }
	times := `"events":[],"created_at":1795464707.123,"updated_at":1795464707.123001`
	for status, want := range map[string]string{
		"queued":      head(`"status":"running","queued":true,"position":3,` + times + `}`),
		"running":     head(`"status":"running",` + times + `}`),
		"completed":   head(`"status":"completed",` + times + `,"result":{"a":1}}`),
		"error":       head(`"status":"error",` + times + `,"error":"why"}`),
		"cancelled":   head(`"status":"error","outcome":"cancelled",` + times + `,"error":"why"}`),
		"rolled_back": head(`"status":"error","outcome":"rolled_back",` + times + `,"error":"why"}`),
		"interrupted": head(`"status":"error","outcome":"interrupted",` + times + `,"error":"why"}`),
	} {
		if got, err := json.Marshal(task(status).StatusAnswer(nil)); err != nil || string(got) != want {
			t.Errorf("%s:\n got %s %v\nwant %s", status, got, err, want)
		}
	}
	for _, c := range []struct {
		answer LogsAnswer
		want   string
	}{
		{Task{ID: "x"}.LogsAnswer(nil), `{"task_id":"x","status":null,"lines":[]}`},
		{task("queued").LogsAnswer([]string{"a", ""}), `{"task_id":"x","status":"running","lines":["a",""]}`},
	} {
		if got, err := json.Marshal(c.answer); err != nil || string(got) != c.want {
			t.Errorf("got %s %v, want %s", got, err, c.want)
		}
	}
}
