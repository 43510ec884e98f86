package follow

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/docker/go-units"

	"hub/internal/broker"
	"hub/internal/docker"
)

const (
	// An engine does not say where the history in a log ends and what is written now
	// begins. It is taken to end with a message from after the request, with a moment
	// of silence behind some, or with a longer one if there is nothing at all: an
	// engine that looks for the last lines of a large log is silent as well.
	hush    = 150 * time.Millisecond
	silence = 500 * time.Millisecond
)

// fillWatch tells a worker's first readers when its topic has what was there
// before them.
type fillWatch struct {
	worker *worker
	began  time.Time

	mu    sync.Mutex
	timer *time.Timer // nil once they have been told
}

func watchFill(w *worker) *fillWatch {
	watch := &fillWatch{worker: w, began: time.Now()}
	watch.timer = time.AfterFunc(silence, watch.stop)
	return watch
}

// progress is called when all that has arrived is published, the last of this time.
func (w *fillWatch) progress(at time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.timer == nil {
		return
	}
	if at.After(w.began) {
		w.timer.Stop()
		w.timer = nil
		w.worker.full()
		return
	}
	w.timer.Reset(hush)
}

// stop is the end of it.
func (w *fillWatch) stop() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.timer != nil {
		w.timer.Stop()
		w.timer = nil
	}
	w.worker.full()
}

// tooSmall is the size of a log's files below which a burst rotates lines away
// before anybody can read them, without an error.
const tooSmall = 10 << 20

// rotation is what to say of log settings with which lines are likely to be lost;
// nothing of others.
func rotation(s docker.State) string {
	if s.LogSize <= 0 || s.LogSize >= tooSmall {
		return ""
	}
	return fmt.Sprintf("the container's log begins a new file at %s (max-size): when it writes fast, the engine may rotate lines away before they can be read, and says nothing of it; %s or more are safer",
		units.BytesSize(float64(s.LogSize)), units.BytesSize(tooSmall))
}

// warnOnceFilled warns when the topic's readers have begun, who would not see what
// stands before the lines they begin with. The function it returns ends that.
func (t *tail) warnOnceFilled(ctx context.Context, s docker.State, warning string) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	var waiting sync.WaitGroup
	waiting.Go(func() {
		select {
		case <-t.worker.filled:
			t.warn(s, warning)
		case <-ctx.Done():
		}
	})
	return func() {
		cancel()
		waiting.Wait()
	}
}

// warn says something of a container's log settings, once.
func (t *tail) warn(s docker.State, warning string) {
	if t.place.warned == s.ID {
		return
	}
	t.place.warned = s.ID
	t.follower.publish(t.worker.topic, broker.Message{Kind: "status", Data: encode(warningData{warning})})
}

// warningData is the data of an event "status" that warns.
type warningData struct {
	Warning string `json:"warning"`
}
