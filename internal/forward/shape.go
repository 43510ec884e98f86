package forward

import (
	"maps"
	"slices"
	"strings"
	"time"

	"hub/internal/broker"
	"hub/internal/legacy"
)

// shape makes what is posted of what is published. It belongs to the goroutine that reads.
type shape interface {
	// tell appends the items that an event, or a gap, of a task's topic makes.
	tell(e *broker.Event, to []item) []item
	// held is how many events of a topic stand in no item yet and will.
	held(topic string) int
	// topics are those of which something is remembered.
	topics() []string
	// forget drops a topic, with what is held of it.
	forget(topic string)
}

// objects is the shape of the older service: each event one object, each line one, put together of its parts.
type objects struct {
	views   map[string]*legacy.View // by topic
	scratch []legacy.Object
}

func newObjects() *objects { return &objects{views: map[string]*legacy.View{}} }

func (o *objects) tell(e *broker.Event, to []item) []item {
	v := o.views[e.Topic]
	if v == nil {
		v = legacy.NewView(legacy.Posted, taskOf(e.Topic))
		o.views[e.Topic] = v
	}
	event := legacy.Event{Kind: e.Kind, Time: time.Now()}
	if e.Kind != broker.KindGap {
		event.Time, event.Data = e.Time(), e.Data()
	}
	o.scratch = v.Append(o.scratch[:0], event)
	for _, made := range o.scratch {
		to = append(to, item{body: made.JSON, events: made.Events})
	}
	return to
}

func (o *objects) held(topic string) int {
	if v := o.views[topic]; v != nil {
		return v.Held()
	}
	return 0
}

func (o *objects) topics() []string { return slices.Sorted(maps.Keys(o.views)) }

func (o *objects) forget(topic string) { delete(o.views, topic) }

// taskOf is the id of the task that a topic is of.
func taskOf(topic string) string { return strings.TrimPrefix(topic, "tasks/") }
