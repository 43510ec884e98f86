package http

import (
	"net"
	"time"
)

// linkState is what the system knows about a TCP connection's sending side.
type linkState struct {
	Acked    uint64        // bytes the far end has acknowledged, ever
	Unacked  uint32        // segments sent and not acknowledged
	Unsent   uint32        // bytes written and not sent, for example because its window is shut
	HungUp   bool          // the far end has closed its side
	SinceAck time.Duration // since any acknowledgement came, in whole milliseconds
}

// owes says whether the far end has something to take.
func (l linkState) owes() bool { return l.Unacked > 0 || l.Unsent > 0 }

// linkOf asks the system about c, through whatever is wrapped around it. false:
// the system does not tell, or c is not TCP or is closed.
func linkOf(c net.Conn) (linkState, bool) {
	for {
		switch w := c.(type) {
		case interface{ UnsafeConn() net.Conn }: // fasthttp's hijacked connection
			c = w.UnsafeConn()
		case interface{ NetConn() net.Conn }: // crypto/tls
			c = w.NetConn()
		default:
			return readTCPInfo(c)
		}
	}
}

// hungUp says whether the far end is known to have closed the connection.
func hungUp(c net.Conn) bool {
	link, ok := linkOf(c)
	return ok && link.HungUp
}

// linkWatch judges a link by several looks at it. One look is not enough: the
// last acknowledgement of a link that was idle for an hour is an hour old in the
// moment when something is sent again.
type linkWatch struct {
	acked uint64
	since time.Time // when acked last rose, or the link last owed nothing
}

// Limits of a link that owes something: without any acknowledgement it is dead,
// with acknowledgements that never rise its reader is stuck. With a ping each
// 15 s and a look each 2 or 3, a link that died is closed within 45 s.
const (
	deadAfter  = 20 * time.Second
	stuckAfter = patience
)

// idle notes what is acknowledged by now, and returns how long that has not
// risen, as far as this watch has seen.
func (w *linkWatch) idle(now time.Time, acked uint64) time.Duration {
	if w.since.IsZero() || acked != w.acked {
		w.acked, w.since = acked, now
	}
	return now.Sub(w.since)
}

// look notes the link's state and says whether it is to be closed, and why.
func (w *linkWatch) look(now time.Time, l linkState) (why string, end bool) {
	if !l.owes() {
		w.since = time.Time{} // the clock starts with the first look at which something is owed
		return "", false
	}
	idle := w.idle(now, l.Acked)
	switch {
	case idle >= deadAfter && l.SinceAck >= deadAfter:
		return "the link is dead", true
	case idle >= stuckAfter:
		return "nothing was taken for too long", true
	}
	return "", false
}
