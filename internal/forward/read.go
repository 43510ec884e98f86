package forward

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"hub/internal/broker"
	"hub/internal/legacy"
)

// read takes events off the broker until ctx has ended and none is left, or work has ended.
func (f *Forwarder) read(ctx, work context.Context) {
	events := make([]broker.Event, 0, 256)
	for {
		var err error
		events, err = f.incoming.Receive(ctx, events[:0])
		for i := range events {
			f.takeSafely(&events[i])
		}
		if err != nil || work.Err() != nil {
			break
		}
	}
	for _, topic := range slices.Sorted(maps.Keys(f.views)) {
		f.feed(topic, legacy.Event{Kind: broker.KindGap, Time: time.Now()}, 0) // what there is of unfinished lines
	}
}

// takeSafely gives up an event that cannot be told, and what its task's view held.
func (f *Forwarder) takeSafely(e *broker.Event) {
	held := 0
	if v := f.views[e.Topic]; v != nil {
		held = v.Held()
	}
	if f.guard(func() { f.take(e) }) != nil {
		delete(f.views, e.Topic)
		f.backlog.giveUp(held+1, -held)
	}
}

func (f *Forwarder) take(e *broker.Event) {
	if e.Kind == broker.KindGap {
		f.takeGap(e)
		return
	}
	f.feed(e.Topic, legacy.Event{Kind: e.Kind, Time: e.Time(), Data: e.Data()}, 1)
	if e.Kind == broker.KindEnd {
		delete(f.views, e.Topic)
	}
}

// feed shows an event to its task's view and takes what that tells. counts is how many events of the topic it is: 0 for a gap.
func (f *Forwarder) feed(topic string, e legacy.Event, counts int) {
	v := f.views[topic]
	if v == nil {
		v = legacy.NewView(legacy.Posted, strings.TrimPrefix(topic, "tasks/"))
		f.views[topic] = v
	}
	before := v.Held()
	f.objects = v.Append(f.objects[:0], e)
	held := v.Held() - before
	omitted := counts - held
	items := make([]item, len(f.objects))
	for i, o := range f.objects {
		f.posted++
		items[i] = item{f.posted, o.JSON, o.Events}
		omitted -= o.Events
	}
	if lost := f.backlog.add(items, omitted, held); lost > 0 {
		f.pushed.Do(func() {
			f.log.Warn("the endpoint is slower than the tasks: the oldest events are not forwarded", "given_up", f.Stats().GivenUp)
		})
	}
}

// takeGap counts what the subscription was too slow for, and forgets a task whose end was in it.
func (f *Forwarder) takeGap(e *broker.Event) {
	var gap struct{ Count *int }
	if err := json.Unmarshal(e.Data(), &gap); err != nil || gap.Count == nil {
		panic(fmt.Sprintf("a gap without count: %s", e.Data())) // a subscription from now on always knows it
	}
	f.feed(e.Topic, legacy.Event{Kind: e.Kind, Time: time.Now()}, 0)
	f.backlog.giveUp(*gap.Count, 0)
	infos := f.options.Broker.Topics(e.Topic)
	if len(infos) == 0 || infos[0].Ended && infos[0].Events == 0 {
		delete(f.views, e.Topic)
	}
}
