package task

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"strconv"
	"sync"
	"time"

	"hub/internal/lines"
	"hub/internal/mask"
)

// Publisher takes the events of tasks; the hub's broker is one. It must not block and must not call the registry.
type Publisher interface {
	// Publish appends one event; data is one compact JSON value, valid only during the call. seq is its position in the hub's timeline.
	Publish(topic, kind string, data []byte) (seq uint64, err error)
}

// Run does a task's work. When ctx ends it should stop soon, leave nothing behind, and return context.Cause(ctx). A panic is an error.
type Run func(ctx context.Context, t *Task) (Outcome, error)

// Spec says what a task is.
type Spec struct {
	ID   string // "" makes one: the type, "-" and ten hex digits. Else 1 to 128 of A-Z a-z 0-9 . _ : @ -, first a letter or digit
	Type string // "generic_task", "docker_build" …, of the grammar of ids
	Head any    // encodes as a JSON object of at most 32 KiB, whose fields stand in each status event; nil for none
	Run  Run
	// Again does in a new task what Run does in this one, however often and at once with others; nil where that cannot be. It may be Run.
	Again Run
	// Secrets are values that the task was given and nobody is to see. They are masked in all that the hub tells from the task's start
	// until it leaves the registry: its history may be read for as long, and what it left behind may repeat them.
	Secrets []string
}

// Task is one run of a job: while it is queued or runs, and after its end.
type Task struct {
	id, kind string
	topic    string
	head     json.RawMessage
	run      Run
	again    Spec   // of a task that does the same; its Run is nil where there can be none
	number   uint64 // of this registry's tasks, in the order they came
	to       Publisher
	log      *slog.Logger
	ctx      context.Context
	stop     context.CancelCauseFunc
	done     chan struct{}
	release  func() // of the secrets; called once, with the registry locked

	mu       sync.Mutex // held while an event is published, so that nothing follows the end; taken after the registry's
	position int
	created  time.Time
	updated  time.Time
	started  time.Time
	ended    time.Time
	end      ending
	kept     kept
	masked   mask.Stream // what the Run publishes goes through it
	failing  bool        // an event could not be published, and that was logged
}

// ID is the task's id, its topic is "tasks/" and the id.
func (t *Task) ID() string { return t.id }

// Type is the Spec's.
func (t *Task) Type() string { return t.kind }

// Done is closed when the run's end event has been published.
func (t *Task) Done() <-chan struct{} { return t.done }

// Publish adds an event to the task's topic: "line", "progress", "stage", or "status" of the Run's own. data is one compact JSON
// object, not kept. Secrets are masked; the end of a line's part that may become one waits for the next part, or for the task's end.
// "end" is ErrReserved; after the end it is ErrEnded; else the error is the publisher's.
func (t *Task) Publish(kind string, data []byte) error {
	if kind == "end" {
		return fmt.Errorf("cannot publish event of task %s: %w", t.id, ErrReserved)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.ended.IsZero() {
		return fmt.Errorf("cannot publish event of task %s: %w", t.id, ErrEnded)
	}
	return t.masked.Event(kind, data, t.sendMasked)
}

func (t *Task) sendMasked(kind string, data []byte) error { return t.send(kind, data, false) }

// send publishes and keeps an event; t is locked. Only the first failure is logged: there may be one for each line.
func (t *Task) send(kind string, data []byte, waiting bool) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
		if err != nil && !t.failing {
			t.failing = true
			t.log.Error("cannot publish event of task", "task", t.id, "type", kind, "error", err)
		}
	}()
	now := time.Now()
	seq, err := t.to.Publish(t.topic, kind, data)
	if err != nil {
		return err
	}
	t.updated = now
	t.kept.add(Event{kind, seq, now, data, waiting})
	return nil
}

// sayStatus publishes that the task waits at a position, or, at position 0, that it runs; t is locked.
func (t *Task) sayStatus(position int) {
	b := append([]byte(nil), `{"task":`...)
	b = lines.AppendString(b, t.kind)
	if position > 0 {
		b = append(b, `,"status":"queued","position":`...)
		b = strconv.AppendInt(b, int64(position), 10)
	} else {
		b = append(b, `,"status":"running"`...)
	}
	if len(t.head) > len(`{}`) {
		b = append(append(b, ','), t.head[1:]...)
	} else {
		b = append(b, '}')
	}
	t.send("status", b, position > 0)
}

const maxHead = 32 << 10

func encodeHead(head any) (json.RawMessage, error) {
	if head == nil {
		return nil, nil
	}
	b, err := encode(head)
	if err != nil {
		return nil, fmt.Errorf("cannot start task: %w: %w", ErrBadHead, err)
	}
	if !bytes.HasPrefix(b, []byte{'{'}) || len(b) > maxHead {
		return nil, fmt.Errorf("cannot start task: %w: it must be a JSON object of at most %d bytes", ErrBadHead, maxHead)
	}
	return b, nil
}
