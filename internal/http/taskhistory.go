package http

import (
	"bytes"
	"encoding/json"

	"github.com/gofiber/fiber/v2"

	"hub/internal/broker"
	"hub/internal/legacy"
	"hub/internal/task"
)

// unknownTask is the older service's word for a task that is not there, with a 200.
type unknownTask struct {
	Error string `json:"error" enum:"not_found"`
}

var taskStatusDoc = operation{
	more:  "`events` are the older service's; each has task, task_id and ts (Unix seconds). An unknown task is a 200 with `error` not_found.",
	query: []parameter{{"limit", 1000, "At most so many of the last events that are lines; stages, the first and the last are always there."}},
	gives: legacy.StatusAnswer{
		TaskType: "generic_task", Status: "completed", CreatedAt: exampleTime, UpdatedAt: exampleTime, Result: json.RawMessage(`{"exit_code":0}`),
		Events: []json.RawMessage{
			json.RawMessage(`{"task":"generic_task","task_id":"generic_task-1f0c9a77be","ts":1795464707.123,"cmd":"make test","line":"ok"}`),
			json.RawMessage(`{"task":"generic_task","task_id":"generic_task-1f0c9a77be","ts":1795464708.456,"cmd":"make test","status":"completed","exit_code":0}`),
		},
	},
	also:  []answer{{200, "", "an unknown task", unknownTask{"not_found"}}},
	fails: []int{422},
}

// taskStatus is GET /tasks/status/{task_id}, the older service's.
func (s *Server) taskStatus(c *fiber.Ctx) error {
	limit, err := queryInt(c, "limit", 1000, 0, 1_000_000)
	if err != nil {
		return err
	}
	snapshot, ok := s.tasks.Get(param(c, "task_id"))
	if !ok {
		return c.JSON(unknownTask{"not_found"})
	}
	history := s.history(snapshot, limit)
	at := func(i int) legacy.Event { return history[i] }
	return c.JSON(legacyTask(snapshot).StatusAnswer(legacy.Events(snapshot.ID, len(history), at, limit)))
}

var completed = "completed"

var taskLogsDoc = operation{
	more:  "An unknown task is a 200 with `status` null.",
	query: []parameter{{"tail", 200, "How many of the last lines."}},
	gives: legacy.LogsAnswer{TaskID: "generic_task-1f0c9a77be", Status: &completed, Lines: []string{"ok"}},
	fails: []int{422},
}

// taskLogs is GET /tasks/logs/{task_id}, the older service's.
func (s *Server) taskLogs(c *fiber.Ctx) error {
	tail, err := queryInt(c, "tail", 200, 0, 1_000_000)
	if err != nil {
		return err
	}
	id := param(c, "task_id")
	snapshot, ok := s.tasks.Get(id)
	if !ok {
		return c.JSON(legacy.Task{ID: id}.LogsAnswer(nil))
	}
	return c.JSON(legacyTask(snapshot).LogsAnswer(s.lastLines(snapshot, tail)))
}

// lastLines are the last lines of a task's run, at most as many as asked for.
func (s *Server) lastLines(t task.Snapshot, tail int) []string {
	history := s.history(t, tail)
	at := func(i int) legacy.Event { return history[i] }
	return legacy.Lines(len(history), at, tail)
}

func legacyTask(s task.Snapshot) legacy.Task {
	t := legacy.Task{ID: s.ID, Type: s.Type, Status: s.Status, Position: s.Position, Created: s.Created, Updated: s.Updated, Result: s.Result, Error: s.Error}
	switch {
	case s.Queued:
		t.Status = "queued"
	case s.Outcome != "":
		t.Status = s.Outcome
	}
	return t
}

// beginOf is where the events of a task's run begin; earlier runs under the same
// id are not this one.
func (s *Server) beginOf(t task.Snapshot) broker.Start {
	if len(t.Kept) == 0 {
		return broker.Now
	}
	return broker.After(s.broker.ID(t.Kept[0].Seq - 1))
}

// history is what is kept of a task's run: its topic's events, at least the last
// lines of them, and those that stay with the task itself.
func (s *Server) history(t task.Snapshot, lines int) []legacy.Event {
	topic, begin := "tasks/"+t.ID, s.beginOf(t)
	events := s.read(topic, begin.Tail(2*lines+100))
	if countLines(events) < lines {
		events = s.read(topic, begin)
	}
	history := make([]legacy.Event, 0, len(t.Kept)+len(events))
	kept := t.Kept
	for i := range events {
		e := &events[i]
		for len(kept) > 0 && kept[0].Seq <= e.Seq {
			if kept[0].Seq < e.Seq {
				history = append(history, legacy.Event{Kind: kept[0].Kind, Time: kept[0].Time, Data: kept[0].Data})
			}
			kept = kept[1:]
		}
		if len(kept) == 0 && !t.Ended.IsZero() && e.Seq > t.Kept[len(t.Kept)-1].Seq {
			break // of a later run, which began since t was asked for
		}
		history = append(history, legacy.Event{Kind: e.Kind, Time: e.Time(), Data: e.Data()})
	}
	for _, k := range kept {
		history = append(history, legacy.Event{Kind: k.Kind, Time: k.Time, Data: k.Data})
	}
	return history
}

// countLines is how many lines the events end.
func countLines(events []broker.Event) (n int) {
	for i := range events {
		if events[i].Kind == "line" && endsLine(events[i].Data()) {
			n++
		}
	}
	return n
}

// endsLine says whether a line event ends its line: a part does only if it is the
// line's last.
func endsLine(data []byte) bool {
	return !bytes.Contains(data, []byte(`"part":`)) || bytes.HasSuffix(data, []byte(`"last":true}`))
}

// read is what is kept of a topic from start on.
func (s *Server) read(topic string, start broker.Start) []broker.Event {
	sub, err := s.broker.Subscribe(broker.Request{Topics: []string{topic}, Start: start, Once: true})
	if err != nil {
		return nil
	}
	defer sub.Close()
	var events []broker.Event
	batch := make([]broker.Event, 0, 1024)
	for {
		if batch = sub.Next(batch[:0], pageBytes); len(batch) == 0 {
			return events
		}
		for _, e := range batch {
			if e.Kind != broker.KindGap {
				events = append(events, e)
			}
		}
	}
}
