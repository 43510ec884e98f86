package pipeline

import (
	"context"
	"slices"
	"sync"
)

// turns are keys that one at a time may hold, first come, first served.
type turns struct {
	mu     sync.Mutex
	queues map[string][]*turn // by key; the first of each has it
}

// turn is somebody's place in a queue.
type turn struct {
	who  string
	mine chan struct{} // closed once it has the key
}

func newTurns() *turns { return &turns{queues: map[string][]*turn{}} }

// take takes several keys and gives them back when the returned function is called. Before it waits for one it says for which, and whose
// that is. The keys are taken in one order by all, so that nobody waits for somebody who waits for him. When ctx ends, none is held.
func (t *turns) take(ctx context.Context, who string, keys []string, waits func(key, whose string)) (giveBack func(), err error) {
	keys = slices.Compact(slices.Sorted(slices.Values(keys)))
	held := map[string]*turn{}
	giveBack = func() {
		for key, mine := range held {
			t.leave(key, mine)
		}
		clear(held)
	}
	for _, key := range keys {
		mine, whose := t.join(key, who)
		held[key] = mine
		if whose != "" {
			waits(key, whose)
		}
		select {
		case <-mine.mine:
		case <-ctx.Done():
			giveBack()
			return nil, context.Cause(ctx)
		}
	}
	return giveBack, nil
}

// join stands in the queue for a key. Whose it is now is "" where it is ours at once.
func (t *turns) join(key, who string) (mine *turn, whose string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	mine = &turn{who, make(chan struct{})}
	t.queues[key] = append(t.queues[key], mine)
	if first := t.queues[key][0]; first != mine {
		return mine, first.who
	}
	close(mine.mine)
	return mine, ""
}

// leave leaves a queue, wherever in it one stands.
func (t *turns) leave(key string, mine *turn) {
	t.mu.Lock()
	defer t.mu.Unlock()
	queue := t.queues[key]
	i := slices.Index(queue, mine)
	queue = slices.Delete(queue, i, i+1)
	switch t.queues[key] = queue; {
	case len(queue) == 0:
		delete(t.queues, key)
	case i == 0:
		close(queue[0].mine)
	}
}
