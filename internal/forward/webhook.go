package forward

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"

	"hub/internal/broker"
	"hub/internal/legacy"
)

// Webhook makes of a [Forwarder] a webhook: one signed object for each end of a task, and nothing else of it.
type Webhook struct {
	// Secret signs, and lets a receiver verify: see [CheckSecret]. It is never logged.
	Secret string
	// Task tells of the run whose end event has the position end in the hub's timeline. ok is false when that is forgotten already:
	// then its webhook does without. It is called from one goroutine, soon after the end event.
	Task func(id string, end uint64) (t Task, ok bool)
}

// Task is what the end event of a run does not tell.
type Task struct {
	Type                    string
	Created, Started, Ended time.Time // Started is zero for one that never ran
}

// ends is the shape of webhooks. It remembers nothing.
type ends struct {
	broker *broker.Broker
	task   func(id string, end uint64) (Task, bool)
}

// message is the body of a webhook. The specification wants the first three; the rest is ours.
type message struct {
	Type      string `json:"type"`
	Timestamp string `json:"timestamp"`
	Data      ended  `json:"data"`
}

type ended struct {
	TaskID   string `json:"task_id"`
	TaskType string `json:"task_type,omitempty"`
	said
	Created  *legacy.Seconds `json:"created_at,omitempty"`
	Started  *legacy.Seconds `json:"started_at,omitempty"`
	Ended    legacy.Seconds  `json:"ended_at"`
	Duration *float64        `json:"duration_sec,omitempty"`
	Stream   string          `json:"stream"`
}

// said is what an end event says.
type said struct {
	Status   string          `json:"status"`
	Outcome  string          `json:"outcome"`
	ExitCode *int            `json:"exit_code,omitempty"`
	Error    string          `json:"error,omitempty"`
	Result   json.RawMessage `json:"result,omitempty"`
}

func (s *ends) tell(e *broker.Event, to []item) []item {
	if e.Kind != broker.KindEnd {
		return to
	}
	body, err := s.message(e)
	if err != nil {
		panic(fmt.Sprintf("an end event that is no JSON: %s", e.Data())) // they are the hub's own
	}
	return append(to, item{id: "msg_" + s.broker.ID(e.Seq), body: body, events: 1})
}

func (s *ends) held(string) int  { return 0 }
func (s *ends) topics() []string { return nil }
func (s *ends) forget(string)    {}

// message is what an end event makes, on one line.
func (s *ends) message(e *broker.Event) ([]byte, error) {
	id := taskOf(e.Topic)
	data := ended{TaskID: id, Ended: legacy.Seconds(e.Time()), Stream: "/stream/" + e.Topic}
	if err := json.Unmarshal(e.Data(), &data.said); err != nil {
		return nil, err
	}
	if data.Outcome == "" {
		data.Outcome = data.Status
	}
	if data.Status != "completed" {
		data.Status = "error" // the three words of the other routes
	}
	if t, ok := s.task(id, e.Seq); ok {
		data.tell(t)
	}
	return encode(message{
		Type: "task." + data.Outcome, Timestamp: e.Time().UTC().Format("2006-01-02T15:04:05.000Z"), Data: data,
	})
}

func (d *ended) tell(t Task) {
	created, started := legacy.Seconds(t.Created), legacy.Seconds(t.Started)
	d.TaskType, d.Created, d.Ended = t.Type, &created, legacy.Seconds(t.Ended)
	if !t.Started.IsZero() {
		seconds := t.Ended.Sub(t.Started).Round(time.Microsecond).Seconds()
		d.Started, d.Duration = &started, &seconds
	}
}

// encode is json.Marshal without HTML escaping, as all JSON of the hub is written.
func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}
