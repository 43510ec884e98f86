package task

import (
	"math"
	"slices"
	"time"
)

// The methods here have the registry locked.

// room tells whether one more task of a type may run now.
func (r *Registry) room(kind string) bool {
	limit, limited := r.o.Limits[kind]
	if !limited {
		limit = math.MaxInt
	}
	return len(r.running) < r.o.Running && r.busy[kind] < limit
}

// begin lets a task run.
func (r *Registry) begin(t *Task) {
	r.running[t] = struct{}{}
	r.busy[t.kind]++
	t.mu.Lock()
	t.position, t.started = 0, time.Now()
	t.sayStatus(0)
	t.mu.Unlock()
	go r.work(t)
}

// advance lets those run that now may, in the order they came.
func (r *Registry) advance() {
	if r.closed {
		return
	}
	r.queue = slices.DeleteFunc(r.queue, func(t *Task) bool {
		if !r.room(t.kind) {
			return false
		}
		r.begin(t)
		return true
	})
	r.number()
}

// number gives those who wait their positions and tells those whose position changed. Far back only every 50th position is
// published, so that one start among 1,000 who wait costs about 120 events and not 1,000; a reader there sees itself come closer still.
func (r *Registry) number() {
	for i, t := range r.queue {
		position := i + 1
		t.mu.Lock()
		if t.position != position {
			first := t.position == 0
			t.position = position
			if first || position <= 100 || position%50 == 0 {
				t.sayStatus(position)
			}
		}
		t.mu.Unlock()
	}
}

// finish ends a task that runs or waits, with the one end event of its run. A task that was given up before is left as it is.
func (r *Registry) finish(t *Task, end ending) {
	if t.isDone() {
		return
	}
	if _, ran := r.running[t]; ran {
		delete(r.running, t)
		if r.busy[t.kind]--; r.busy[t.kind] == 0 {
			delete(r.busy, t.kind)
		}
	}
	t.mu.Lock()
	end = end.masked(r.o.Mask)
	t.masked.Release(t.sendMasked)
	t.send("end", end.data(), false)
	t.position, t.end, t.ended = 0, end, time.Now()
	t.updated = t.ended
	close(t.done)
	t.mu.Unlock()
	t.stop(nil)
	r.finished = append(r.finished, t)
	r.forgetOld()
}

// forgetOld drops finished tasks that are too many or too old, and sets the timer for the next.
func (r *Registry) forgetOld() {
	for len(r.finished) > 0 {
		t := r.finished[0]
		left := r.o.KeepFor - time.Since(t.ended) // ended does not change any more
		if left > 0 && len(r.finished) <= r.o.Keep {
			r.wakeIn(left)
			return
		}
		r.finished = slices.Delete(r.finished, 0, 1)
		delete(r.tasks, t.id)
		r.forget(t.id)
		t.release()
	}
}

func (r *Registry) forget(id string) {
	defer func() {
		if p := recover(); p != nil {
			r.o.Log.Error("forgetting a task panicked", "task", id, "panic", p)
		}
	}()
	r.o.Forget(id)
}

// wakeIn sets the timer that forgets by age.
func (r *Registry) wakeIn(left time.Duration) {
	if r.closed {
		return
	}
	if r.expiry != nil {
		r.expiry.Reset(left)
		return
	}
	r.expiry = time.AfterFunc(left, func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.forgetOld()
	})
}
