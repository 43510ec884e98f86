package system

import (
	"errors"
	"sync"
	"time"
)

const (
	// diskEvery is the time from one look at the file system to the next: it fills slowly.
	diskEvery = 10 * time.Second
	// diskDeadline is how long a look may take before the value it would replace counts as old.
	diskDeadline = 2 * time.Second
	// diskFirstWait is how long the first measurement waits for a first value.
	diskFirstWait = 100 * time.Millisecond
)

var errDiskBlocked = errors.New("the file system does not answer")

// diskProbe asks the file system in a goroutine of its own, at most one at a time, because statfs
// can block for ever where no deadline reaches it.
type diskProbe struct {
	read func() (Space, error)

	mu    sync.Mutex
	space Space
	err   error
	asked time.Time     // when the latest look began; zero before the first
	done  chan struct{} // closed when it ended
}

// value is the latest value known, with an error while that is not to be had fresh. It begins a new
// look when one is due, and waits for it only the first time, and then only shortly.
func (p *diskProbe) value() (Space, error) {
	p.mu.Lock()
	first := p.asked.IsZero()
	if first || p.answered() && time.Since(p.asked) >= diskEvery {
		p.asked, p.done = time.Now(), make(chan struct{})
		go p.look(p.done)
	}
	done := p.done
	p.mu.Unlock()
	if first {
		select {
		case <-done:
		case <-time.After(diskFirstWait):
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.answered() && (first || time.Since(p.asked) > diskDeadline) {
		return p.space, errDiskBlocked
	}
	return p.space, p.err
}

// answered says whether the latest look has ended. The caller holds p.mu.
func (p *diskProbe) answered() bool {
	select {
	case <-p.done:
		return true
	default:
		return false
	}
}

// look asks once and keeps the answer; on an error it keeps the value from before.
func (p *diskProbe) look(done chan struct{}) {
	defer close(done)
	space, err := guarded(p.read)
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.err = err; err == nil {
		p.space = space
	}
}
