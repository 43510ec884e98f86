package legacy

import (
	"bytes"
	"encoding/json"
	"strings"
	"time"
)

// Types of task that the older service knew.
const (
	command = "generic_task"
	build   = "docker_build"
	site    = "html_site_pipeline"
)

// Event is one event of a task's topic. Data is a JSON object, which is read and not kept.
type Event struct {
	Kind string
	Time time.Time
	Data []byte
}

// Object is one object of the older service.
type Object struct {
	JSON   []byte
	Events int // of the topic, that it stands for; three for a line of three parts

	line bool
}

// Form is whom the objects are for.
type Form uint8

// The forms of a [View].
const (
	Status Form = iota // the events of /tasks/status
	Posted             // what is sent to log_stream_endpoint
)

// View turns the events of one task into objects. It is for one goroutine at a time.
type View struct {
	form   Form
	taskID string
	lines  joiner

	task  string
	shape shape  // nil until the type is known
	head  []byte // of each object: task and task_id
	timed bool   // whether ts follows
	begun bool   // whether its start has been told
}

// shape is how one type of task is told. A nil object tells nothing. Data is that of the event, raw and read; o is the head.
type shape interface {
	status(d *data)                    // keeps what the later objects need
	started(o object) object           // the first time that the task runs
	stage(o object, raw []byte) object // one stage event
	line(o object, text []byte) object // one line; text is a JSON string
	ended(o object, d *data) object    // the end; d.Status is the hub's word
}

// NewView makes the view of a task whose first event is still to come.
func NewView(form Form, taskID string) *View { return &View{form: form, taskID: taskID} }

// Append adds the objects that the next event brings, none, one or two as a rule.
func (v *View) Append(dst []Object, e Event) []Object {
	e.Data = bytes.TrimSpace(e.Data)
	d, ok := read(e)
	if !ok {
		return dst
	}
	if e.Kind == "gap" {
		dst = v.addLines(dst, e, v.lines.flush())
		v.begun = false // should the task start after it, it is a new run whose predecessor's end was missed
		return dst
	}
	if v.shape == nil || e.Kind == "status" && d.Task != "" && d.Task != v.task {
		v.begin(d.Task)
	}
	switch e.Kind {
	case "status":
		v.shape.status(d)
		if d.Status == "running" && !v.begun {
			v.begun = true
			dst = v.add(dst, v.shape.started(v.object(e)), 1)
		}
	case "stage":
		dst = v.add(dst, v.shape.stage(v.object(e), e.Data), 1)
	case "line":
		dst = v.addLines(dst, e, v.lines.add(d))
	case "end":
		dst = v.addLines(dst, e, v.lines.flush())
		dst = v.add(dst, v.shape.ended(v.object(e), d), 1)
		*v = View{form: v.form, taskID: v.taskID}
	}
	return dst
}

// Held is how many events wait in lines that are not finished.
func (v *View) Held() int { return v.lines.held() }

func (v *View) begin(task string) {
	if task == "" {
		task = command
		for _, known := range []string{build, site} {
			if strings.HasPrefix(v.taskID, known+"-") {
				task = known
			}
		}
	}
	switch task {
	case command:
		v.shape = &commandShape{}
	case build:
		v.shape = &buildShape{form: v.form}
	case site:
		v.shape = &siteShape{}
	default:
		v.shape = otherShape{}
	}
	v.task = task
	v.timed = v.form == Status || task != command && task != build
	v.head = append([]byte(`{"task":`), quote(task)...)
	v.head = append(append(v.head, `,"task_id":`...), quote(v.taskID)...)
}

func (v *View) object(e Event) object {
	o := append(make(object, 0, len(v.head)+len(e.Data)+128), v.head...)
	if v.timed {
		o = appendSeconds(append(o, `,"ts":`...), e.Time)
	}
	return o
}

func (v *View) addLines(dst []Object, e Event, lines []line) []Object {
	for _, l := range lines {
		dst = v.add(dst, v.shape.line(v.object(e), l.text), l.events)
		dst[len(dst)-1].line = true
	}
	return dst
}

func (v *View) add(dst []Object, o object, events int) []Object {
	if o == nil {
		return dst
	}
	return append(dst, Object{JSON: append(o, '}'), Events: events})
}

func quote(s string) []byte {
	text, _ := json.Marshal(s) // a string never fails
	return text
}
