package legacy

import (
	"encoding/json"
	"time"
)

// Word is the older service's word for a status of the hub: running, completed or error. outcome is the true word where that is error
// for something else that ended a task without success, such as cancelled, rolled_back or interrupted.
func Word(status string) (word, outcome string) {
	switch status {
	case "queued", "running":
		return "running", ""
	case "completed", "error":
		return status, ""
	}
	return "error", status
}

// Task is what the answers say of a task.
type Task struct {
	ID, Type         string
	Status           string // queued, running, or how it came to its end: completed, error, cancelled, …
	Position         int    // in the queue, from 1, while it is queued
	Created, Updated time.Time
	Result           json.RawMessage // once completed
	Error            string          // of one that failed
}

// Seconds is a time that is written as Unix seconds with their fraction.
type Seconds time.Time

// MarshalJSON implements [json.Marshaler].
func (s Seconds) MarshalJSON() ([]byte, error) { return appendSeconds(nil, time.Time(s)), nil }

// StatusAnswer is the answer of GET /tasks/status/{task_id}.
type StatusAnswer struct {
	TaskType  string            `json:"task_type"`
	Status    string            `json:"status"`
	Queued    bool              `json:"queued,omitempty"`
	Position  int               `json:"position,omitempty"`
	Outcome   string            `json:"outcome,omitempty"`
	Events    []json.RawMessage `json:"events"`
	CreatedAt Seconds           `json:"created_at"`
	UpdatedAt Seconds           `json:"updated_at"`
	Result    json.RawMessage   `json:"result,omitempty"`
	Error     string            `json:"error,omitempty"`
}

// StatusAnswer is the answer with these events, as [Events] gives them.
func (t Task) StatusAnswer(events []json.RawMessage) StatusAnswer {
	a := StatusAnswer{TaskType: t.Type, Events: events, CreatedAt: Seconds(t.Created), UpdatedAt: Seconds(t.Updated)}
	if a.Events == nil {
		a.Events = []json.RawMessage{}
	}
	a.Status, a.Outcome = Word(t.Status)
	if t.Status == "queued" {
		a.Queued, a.Position = true, t.Position
	}
	switch a.Status {
	case "completed":
		a.Result = t.Result
	case "error":
		if a.Error = t.Error; a.Error == "" {
			a.Error = t.Status
		}
	}
	return a
}

// LogsAnswer is the answer of GET /tasks/logs/{task_id}.
type LogsAnswer struct {
	TaskID string   `json:"task_id"`
	Status *string  `json:"status"` // null for an unknown task
	Lines  []string `json:"lines"`
}

// LogsAnswer is the answer with these lines, as [Lines] gives them. That of an unknown task is Task{ID: id}.LogsAnswer(nil).
func (t Task) LogsAnswer(lines []string) LogsAnswer {
	a := LogsAnswer{TaskID: t.ID, Lines: lines}
	if a.Lines == nil {
		a.Lines = []string{}
	}
	if t.Status != "" {
		word, _ := Word(t.Status)
		a.Status = &word
	}
	return a
}
