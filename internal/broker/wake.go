package broker

import "sync"

// waiters are subscriptions to wake once the lock is released.
type waiters struct{ list *[]*Subscription }

var waitersPool = sync.Pool{New: func() any { return new([]*Subscription) }}

// takeWaiting disarms and returns those who wait for an event of t.
func (t *topic) takeWaiting() waiters {
	var w waiters
	for _, s := range t.selections {
		if len(s.waiting) == 0 {
			continue
		}
		if w.list == nil {
			w.list = waitersPool.Get().(*[]*Subscription)
		}
		for _, r := range s.waiting {
			r.waiting = -1
		}
		*w.list = append(*w.list, s.waiting...)
		clear(s.waiting)
		s.waiting = s.waiting[:0]
	}
	return w
}

func (w waiters) wake() {
	if w.list == nil {
		return
	}
	for _, r := range *w.list {
		r.wake()
	}
	clear(*w.list)
	*w.list = (*w.list)[:0]
	waitersPool.Put(w.list)
}

// wake is called without the lock.
func (s *Subscription) wake() {
	if s.request.Wake != nil {
		s.request.Wake()
		return
	}
	select {
	case s.signal <- struct{}{}:
	default:
	}
}

// arm has the subscription woken at the next event for it.
func (s *Subscription) arm() {
	if s.waiting < 0 {
		s.waiting = len(s.selection.waiting)
		s.selection.waiting = append(s.selection.waiting, s)
	}
}

func (s *Subscription) disarm() {
	if s.waiting < 0 {
		return
	}
	list := s.selection.waiting
	last := list[len(list)-1]
	list[s.waiting], last.waiting = last, s.waiting
	list[len(list)-1] = nil
	s.selection.waiting = list[:len(list)-1]
	s.waiting = -1
}
