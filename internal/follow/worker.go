package follow

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"hub/internal/docker"
)

// stuck is how long a log may stay open without a word once its container has
// stopped: an engine may forget to end it.
const stuck = 5 * time.Second

// worker follows one container by its name while somebody reads the topic.
type worker struct {
	feed   *feed
	name   string
	topic  string
	record *record
	// summoned is of a worker that began with the start of its container.
	summoned bool
	stop     func() // ends it and waits for that
	kicks    chan struct{}

	// ended is when a run of the container ended, by the engine's events since the
	// last look, in Unix nanoseconds; 0 for not at all. Its log has nothing later.
	ended atomic.Int64

	fill   sync.Once
	filled chan struct{} // closed when the topic has what it is filled with

	mu      sync.Mutex
	died    map[string]int // exit codes by id, of ends that nobody has looked at yet
	renamed string         // to what the container has been renamed
	arrived bool           // one has been renamed to this name
	unseen  string         // the id of one that was started and has not been looked at yet
	request *request       // that runs now; set by the worker's own goroutine
}

// record is what is known of a container from one look to the next, also while
// nobody reads. It belongs to one worker at a time, which holds the lock.
type record struct {
	mu sync.Mutex
	place
}

// place is where following a container has come to.
type place struct {
	known   bool // whether there has ever been a container of this name
	gone    bool // there is none any more
	state   docker.State
	memory  memory
	drained time.Time // the start of the run whose log has been read to its end
	warned  string    // the id of the container whose log settings have been spoken of
}

func startWorker(d *feed, name string, r *record, summoned bool) *worker {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	w := &worker{
		feed: d, name: name, topic: d.topic(name), record: r, summoned: summoned,
		kicks: make(chan struct{}, 1), filled: make(chan struct{}), died: map[string]int{},
	}
	w.stop = func() {
		cancel()
		<-done
	}
	go func() {
		defer close(done)
		defer cancel()
		defer w.full()
		r.mu.Lock() // the one before may just be ending
		defer r.mu.Unlock()
		if !d.follower.broker.Exists(w.topic) {
			r.place = place{} // its history has been forgotten, and is filled in anew
		}
		for d.follower.guarded("following "+w.topic, func() { d.work(ctx, w) }) && ctx.Err() == nil {
			sleep(ctx, latest)
		}
	}()
	return w
}

// full lets the topic's first readers begin.
func (w *worker) full() { w.fill.Do(func() { close(w.filled) }) }

// kick has the worker look at its container again.
func (w *worker) kick() {
	select {
	case w.kicks <- struct{}{}:
	default:
	}
}

// notice keeps what a later look at the container will not tell.
func (w *worker) notice(e docker.Event) {
	switch e.Action {
	case "die", "rename", "start", "destroy":
	default: // such as the commands of a health check
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case e.Action == "start":
		w.unseen = e.ID
	case e.Action == "die":
		w.ended.Store(e.Time.UnixNano())
		w.died[e.ID], _ = strconv.Atoi(e.Attributes["exitCode"])
		if w.request != nil {
			w.expire(w.request)
		}
	case e.Action == "rename" && e.Attributes["name"] == w.name:
		w.arrived = true
	case e.Action == "rename":
		w.renamed = e.Attributes["name"]
		if w.request != nil {
			w.request.cancel()
		}
	}
	w.kick()
}

// exitCode is with what a container ended, as the engine's events had it.
func (w *worker) exitCode(id string) (code int, ok bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	code, ok = w.died[id]
	clear(w.died)
	return code, ok
}

// newName is what the container has been renamed to, once.
func (w *worker) newName() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	name := w.renamed
	w.renamed = ""
	return name
}

// hasArrived reports, once, whether the container has been renamed to this name.
func (w *worker) hasArrived() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	arrived := w.arrived
	w.arrived = false
	return arrived
}

// missedOne reports, once, whether a container has come and gone before anybody
// could look at it.
func (w *worker) missedOne() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	missed := w.unseen != ""
	w.unseen = ""
	return missed
}

// request is a request to the engine that may run for long.
type request struct {
	cancel func()
	alive  atomic.Int64 // when something came of it last, Unix nanoseconds
}

// begin makes the context of a request, which ends when done is called.
func (w *worker) begin(ctx context.Context) (_ context.Context, done func()) {
	ctx, cancel := context.WithCancel(ctx)
	r := &request{cancel: cancel}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.request = r
	return ctx, func() {
		w.mu.Lock()
		w.request = nil
		w.mu.Unlock()
		cancel()
	}
}

// progress says that something has come of the request.
func (w *worker) progress() { w.request.alive.Store(time.Now().UnixNano()) }

// expire ends the request if nothing has come of it for long, else looks again
// later. The container has stopped.
func (w *worker) expire(r *request) {
	time.AfterFunc(stuck, func() {
		w.mu.Lock()
		runs := w.request == r
		w.mu.Unlock()
		switch {
		case !runs:
		case time.Now().UnixNano()-r.alive.Load() >= int64(stuck):
			r.cancel()
		default:
			w.expire(r)
		}
	})
}

// wait is for something to happen to the container. An engine that could not be
// asked, though it is there, is asked again after a while.
func (w *worker) wait(ctx context.Context, again time.Duration) {
	var timeout <-chan time.Time
	if again > 0 {
		timer := time.NewTimer(again)
		defer timer.Stop()
		timeout = timer.C
	}
	select {
	case <-w.kicks:
	case <-timeout:
	case <-ctx.Done():
	}
}

// look asks for the container's state. there is false, without an error, where
// there is no container of this name.
func (w *worker) look(ctx context.Context) (s docker.State, there bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	w.ended.Store(0)
	s, err = w.feed.follower.engine.State(ctx, w.name)
	if errors.Is(err, docker.ErrNotFound) {
		return s, false, nil
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if err == nil && s.ID == w.unseen {
		w.unseen = ""
	}
	return s, err == nil, err
}
