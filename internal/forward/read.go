package forward

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"

	"hub/internal/broker"
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
	for _, topic := range f.shape.topics() {
		f.feed(&broker.Event{Topic: topic, Kind: broker.KindGap}, 0) // what there is of unfinished lines
	}
}

// takeSafely gives up an event that cannot be told, and what was held of its topic.
func (f *Forwarder) takeSafely(e *broker.Event) {
	held := f.shape.held(e.Topic)
	if f.guard(func() { f.take(e) }) != nil {
		f.shape.forget(e.Topic)
		f.backlog.giveUp(held+1, -held)
	}
}

func (f *Forwarder) take(e *broker.Event) {
	if e.Kind == broker.KindGap {
		f.takeGap(e)
		return
	}
	f.feed(e, 1)
	if e.Kind == broker.KindEnd {
		f.shape.forget(e.Topic)
	}
}

// feed gives an event its shape and takes what that makes. counts is how many events of the topic it is: 0 for a gap.
func (f *Forwarder) feed(e *broker.Event, counts int) {
	before := f.shape.held(e.Topic)
	items := f.shape.tell(e, nil)
	held := f.shape.held(e.Topic) - before
	omitted := counts - held
	for i := range items {
		f.posted++
		items[i].number = f.posted
		if items[i].id == "" {
			items[i].id = f.options.Broker.Epoch() + "-" + strconv.FormatUint(f.posted, 10)
		}
		omitted -= items[i].events
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
	f.feed(e, 0)
	f.backlog.giveUp(*gap.Count, 0)
	infos := f.options.Broker.Topics(e.Topic)
	if len(infos) == 0 || infos[0].Ended && infos[0].Events == 0 {
		f.shape.forget(e.Topic)
	}
}
