package follow

import (
	"context"
	"errors"
	"hash/maphash"
	"io"
	"time"

	"hub/internal/broker"
	"hub/internal/docker"
)

// tail is the work of a log's worker, until ctx ends or the container is gone and
// nobody asks for it by name.
func (f *Follower) tail(ctx context.Context, w *worker) {
	t := &tail{follower: f, worker: w, place: &w.record.place, out: newSink(f, w.topic)}
	defer t.out.close()
	for ctx.Err() == nil {
		if t.round(ctx) {
			return
		}
	}
}

type tail struct {
	follower *Follower
	worker   *worker
	place    *place
	out      *sink
	pause    time.Duration // before the next try, when the last brought nothing
	followed string        // the id of the container that this worker has followed last
	whole    bool          // the next request is for all since the last message, however many: there are readers who have waited
	away     bool          // the topic has been told that the engine is
	said     string        // why the log cannot be read, as it was told last
}

// round looks at the container and reads its log for as long as that comes.
func (t *tail) round(ctx context.Context) (over bool) {
	w := t.worker
	state, there, err := w.look(ctx)
	switch {
	case ctx.Err() != nil:
	case err != nil:
		t.lost(err)
		w.full()
		t.retry(ctx)
	case !there || state.Started.IsZero(): // one that was only created has written nothing
		t.back()
		t.out.finish()
		w.vanish()
		if !there && w.missedOne() {
			w.lose() // what it wrote is gone
		}
		w.full()
		if w.feed.dismiss(w) {
			return true
		}
		w.wait(ctx, 0)
	default:
		t.back()
		before := t.place.state
		same := state.ID == before.ID && state.Started.Equal(before.Started)
		unread := !same || !state.Started.Equal(t.place.drained)
		if !same || !state.Running && !unread {
			t.out.finish() // what had no newline will not get one
		}
		if !same || state.Running || !unread { // else its last lines come before the news of its end
			t.whole = w.change(state) || t.whole
		}
		if !state.Running && !unread {
			w.full()
			w.wait(ctx, 0)
			return false
		}
		t.read(ctx, state)
	}
	return false
}

// read follows the log of a container until it ends or breaks off.
func (t *tail) read(ctx context.Context, state docker.State) {
	w := t.worker
	defer w.full()
	t.place.memory.rewind()
	request := docker.LogRequest{ID: state.ID, TTY: state.TTY, Since: t.place.memory.since(), Tail: t.follower.history, Follow: state.Running}
	if t.whole || t.followed == state.ID && t.place.memory.empty() {
		request.Tail = -1
	}
	ctx2, done := w.begin(ctx)
	defer done()
	log, err := t.follower.engine.OpenLog(ctx2, request)
	if errors.Is(err, docker.ErrUnsupported) {
		t.place.drained = state.Started
		t.warn(state, err.Error()+": "+state.LogDriver)
		w.full()
		w.wait(ctx, 0) // also for the end of a run, which then is looked at
		return
	}
	if err != nil {
		t.unreadable(ctx, err)
		t.retry(ctx)
		return
	}
	defer log.Close()
	watch := watchFill(w)
	defer watch.stop()
	if hint := rotation(state); hint != "" {
		defer t.warnOnceFilled(ctx2, state, hint)()
	}
	some, err := t.copy(ctx2, log, watch)
	if some {
		t.pause, t.said = 0, ""
	}
	t.whole, t.followed = err == errTorn, state.ID
	switch {
	case ctx.Err() != nil, t.whole, err == errNextRun:
	case err == io.EOF && t.ended(ctx, state):
		t.place.drained = state.Started
		t.pause = 0
	default: // the engine is going, or cannot read on behind a rotation
		t.unreadable(ctx2, err)
		t.retry(ctx)
	}
}

// errNextRun is of a log that goes on with another run of its container than the
// one that was looked at.
var errNextRun = errors.New("the log goes on with another run")

// errTorn is of a log of which the last messages, as many as a topic keeps, were
// asked for, and which begins behind the last that is known.
var errTorn = errors.New("the log begins too late")

// copy publishes what is new of a log, in batches: as much as has arrived when
// the engine has nothing more at hand. some says that there was anything.
func (t *tail) copy(ctx context.Context, log *docker.Log, watch *fillWatch) (some bool, err error) {
	defer t.out.flush()
	memory := &t.place.memory
	for {
		m, err := log.Next()
		if err != nil {
			return some, err
		}
		sum := maphash.Bytes(seed, m.Text)
		if m.Stream == "stderr" {
			sum = ^sum
		}
		if k := (mark{m.Time.UnixNano(), sum}); !memory.seen(k) {
			if ended := t.worker.ended.Load(); ended > 0 && k.at > ended {
				return some, errNextRun
			}
			if memory.torn(k.at) {
				if t.followed == t.place.state.ID && !t.whole {
					return some, errTorn // somebody has read all along, and is to get the rest if the engine has it
				}
				t.out.finish()
				t.worker.lose()
			}
			memory.add(k)
			t.out.add(m)
			some = true
		}
		waits := !log.Buffered()
		if waits || t.out.full() {
			t.out.flush()
			t.worker.progress()
			watch.progress(m.Time)
			t.out.pacer.pace(ctx, waits)
		}
	}
}

// ended reports whether the log's end was that of this run: an engine that is
// being stopped ends its logs in the same way, perhaps before all is in them.
func (t *tail) ended(ctx context.Context, before docker.State) bool {
	now, there, err := t.worker.look(ctx)
	return err == nil && (!there || now.ID != before.ID || !now.Running || !now.Started.Equal(before.Started))
}

// retry waits, longer each time that nothing has come, or until the engine is
// found again.
func (t *tail) retry(ctx context.Context) {
	t.worker.full()
	t.pause = min(max(2*t.pause, soonest), latest)
	t.worker.wait(ctx, t.pause)
}

// unreadable says, once for each reason, that the log cannot be read though the
// engine is there.
func (t *tail) unreadable(ctx context.Context, err error) {
	if ctx.Err() != nil || err == io.EOF || errors.Is(err, docker.ErrUnavailable) || errors.Is(err, docker.ErrNotFound) || err.Error() == t.said {
		return
	}
	t.said = err.Error()
	t.follower.log.Warn("cannot read a container's log, trying again and again", "topic", t.worker.topic, "error", err)
	t.out.flush()
	t.follower.publish(t.worker.topic, broker.Message{Kind: "status", Data: encode(warningData{t.said})})
}

// lost says, once and to a topic that has a container, that the engine is away.
func (t *tail) lost(err error) {
	if t.away || !t.place.known || t.place.gone || !errors.Is(err, docker.ErrUnavailable) {
		return
	}
	t.away = true
	t.out.flush()
	t.follower.publish(t.worker.topic, broker.Message{Kind: "status", Data: encode(engineData{Status: "lost", Reason: err.Error()})})
}

// back says that it is there again.
func (t *tail) back() {
	if t.away {
		t.away = false
		t.follower.publish(t.worker.topic, broker.Message{Kind: "status", Data: encode(engineData{Status: "connected"})})
	}
}
