package follow

import (
	"context"

	"hub/internal/broker"
	"hub/internal/docker"
)

// statsData is the data of a "stats" event.
type statsData struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Running bool   `json:"running"`
	docker.Stats
}

// meter is the work of a worker of figures, until ctx ends or the container is
// gone and nobody asks for it by name.
func (f *Follower) meter(ctx context.Context, w *worker) {
	w.full() // a new reader gets the last value there is, or the next
	stopped := false
	for ctx.Err() == nil {
		state, there, err := w.look(ctx)
		switch {
		case err != nil:
			w.wait(ctx, latest)
		case !there && w.feed.dismiss(w):
			return
		case !state.Running:
			if !stopped && there {
				f.publish(w.topic, broker.Message{Kind: "stats", Data: encode(statsData{ID: state.ID, Name: w.name})})
			}
			stopped = true
			w.wait(ctx, 0)
		default:
			stopped = false
			f.measure(ctx, w, state)
		}
	}
}

// measure publishes the figures of a running container until it stops.
func (f *Follower) measure(ctx context.Context, w *worker, state docker.State) {
	inner, done := w.begin(ctx)
	defer done()
	err := f.engine.FollowStats(inner, state.ID, func(s docker.Stats) {
		f.publish(w.topic, broker.Message{Kind: "stats", Data: encode(statsData{state.ID, w.name, true, s})})
	})
	if err != nil && ctx.Err() == nil {
		w.wait(ctx, latest)
	}
}
