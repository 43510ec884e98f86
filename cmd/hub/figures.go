package main

import "hub/internal/http"

// engineFigures is how the hub stands with the engine, for GET /system/hub.
func (h *hub) engineFigures() http.EngineFigures {
	there, why, version := h.follow.Engine()
	if !there {
		return http.EngineFigures{Reason: why}
	}
	return http.EngineFigures{Connected: true, Version: version.Engine, API: version.API}
}

// forwarderFigures are those of each endpoint that hears of tasks.
func (h *hub) forwarderFigures() (all []http.ForwarderFigures) {
	for _, f := range h.forwarding {
		s := f.Stats()
		one := http.ForwarderFigures{
			Name: f.name, Endpoint: f.Endpoint(), Backlog: s.Backlog, BacklogBytes: s.Bytes,
			Delivered: s.Delivered, GivenUp: s.GivenUp, Failing: s.Failing, LastError: s.LastError,
		}
		if !s.LastErrorAt.IsZero() {
			at := s.LastErrorAt.UTC()
			one.LastErrorAt = &at
		}
		all = append(all, one)
	}
	return all
}
