package main

import (
	"fmt"
	"strconv"
	"sync"
	"time"

	"hub/internal/forward"
	"hub/internal/http"
)

// forwarding is one endpoint that hears of tasks, and what posts to it.
type forwarding struct {
	name string // in /readyz
	*forward.Forwarder
	worker worker
}

// newForwarding makes those that are configured: log_stream_endpoint's, and one for each of webhook_urls. The server must not
// serve yet, for they are to hear of the first task.
func (h *hub) newForwarding() error {
	grace := time.Duration(h.config.ShutdownTimeout) / 4 // after at most three quarters: see close
	add := func(name string, o forward.Options) error {
		f, err := forward.New(o)
		if err == nil {
			h.forwarding = append(h.forwarding, &forwarding{name: name, Forwarder: f})
		}
		return err
	}
	if e := h.config.LogStreamEndpoint; e != "" {
		err := add("forwarding", forward.Options{
			Broker: h.broker, Endpoint: e.Reveal(), Header: h.config.AuthHeader.Reveal(),
			MaxEvents: h.config.ForwardMaxEvents, MaxBytes: int64(h.config.ForwardMaxBytes), Grace: grace, Log: h.log,
		})
		if err != nil {
			return err
		}
	}
	for i, url := range h.config.WebhookUrls {
		err := add("webhook_"+strconv.Itoa(i+1), forward.Options{
			Broker: h.broker, Endpoint: url.Reveal(),
			Webhook: &forward.Webhook{Secret: h.config.WebhookSecret.Reveal(), Task: h.taskThatEnded},
			Grace:   grace, Log: h.log.With("webhook", i+1),
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// taskThatEnded is what a webhook says of the run whose end event stands at end, unless that run has been forgotten or its id has
// begun another.
func (h *hub) taskThatEnded(id string, end uint64) (forward.Task, bool) {
	s, ok := h.tasks.Get(id)
	if !ok || len(s.Kept) == 0 || s.Kept[len(s.Kept)-1].Seq != end {
		return forward.Task{}, false
	}
	return forward.Task{Type: s.Type, Created: s.Created, Started: s.Started, Ended: s.Ended}, true
}

// start lets them post.
func (h *hub) startForwarding() {
	for _, f := range h.forwarding {
		f.worker.start(h.log, f.name, f.Run)
	}
}

// stopForwarding ends all of them at the same time, each with its grace.
func (h *hub) stopForwarding() {
	var all sync.WaitGroup
	for _, f := range h.forwarding {
		all.Go(f.worker.stop)
	}
	all.Wait()
}

// check is what /readyz tells. The hub can do without, so it keeps nobody away.
func (f *forwarding) check() http.Check {
	s := f.Stats()
	c := http.Check{Name: f.name, OK: !s.Failing && f.worker.runs(), Optional: true}
	if !c.OK {
		c.Reason = fmt.Sprintf("%d events wait, %d were given up: %s", s.Backlog, s.GivenUp, s.LastError)
	}
	return c
}
