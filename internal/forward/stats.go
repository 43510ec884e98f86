package forward

import "time"

// Stats is how forwarding goes. Its counts are of events of the tasks' topics; together they are those taken off the broker, and its gaps.
type Stats struct {
	Delivered uint64
	GivenUp   uint64
	Omitted   uint64 // the contract has no object for them
	Backlog   int    // taken and neither of these yet
	Bytes     int64  // of the objects in the backlog

	Failing     bool      // the newest try was no success
	LastError   string    // of the newest try that was none, without secrets; "" when there was none
	LastErrorAt time.Time // zero when there was none
	LastSuccess time.Time // of the newest delivery; zero when there was none
}

// Endpoint is where it forwards to: scheme and host, without what may be secret.
func (f *Forwarder) Endpoint() string { return f.target.name }

// Stats may be called from any goroutine, at any time.
func (f *Forwarder) Stats() Stats {
	s := f.backlog.stats()
	f.mu.Lock()
	defer f.mu.Unlock()
	s.Failing, s.LastError, s.LastErrorAt, s.LastSuccess = f.last.failed, f.last.err, f.last.errAt, f.last.success
	return s
}

func (f *Forwarder) succeeded() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.last.failed, f.last.success = false, time.Now()
}

func (f *Forwarder) failed(reason string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.last.failed, f.last.err, f.last.errAt = true, reason, time.Now()
}
