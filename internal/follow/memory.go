package follow

import "time"

// remembered is how many of the newest messages a memory holds.
const remembered = 1024

// memory is where a follower is in a log of the engine's: the newest messages,
// each by its time and a sum of its text. After an interruption it asks the
// engine for what came since a little earlier, and tells what is new from what it
// has already. A place by time alone would not do: messages of two streams come
// slightly out of the order of their times, and several may share one.
type memory struct {
	ring   []mark // grows up to remembered, then goes round
	next   int    // where the next goes, once it goes round
	newest int64  // the latest time in it
	last   mark   // the newest

	again    map[mark]int // after rewind: those that are to come again, and how often
	edge     int64        // the newest time then
	proof    mark         // the last then; when it comes again, nothing was lost
	unproven bool         // it has not yet
}

type mark struct {
	at  int64 // Unix nanoseconds
	sum uint64
}

// since is from when on messages are to be asked for: all, when there is no
// memory yet. It is the middle of the memory, so that one that came late by a few
// messages is neither missed nor taken twice.
func (m *memory) since() time.Time {
	switch {
	case m.empty():
		return time.Time{}
	case len(m.ring) < remembered:
		oldest := m.ring[0].at
		for _, k := range m.ring {
			oldest = min(oldest, k.at)
		}
		return time.Unix(0, oldest)
	}
	oldest := m.newest // of the newest half: the engine's clock may have been set back
	for i := remembered / 2; i < remembered; i++ {
		oldest = min(oldest, m.ring[(m.next+i)%remembered].at)
	}
	return time.Unix(0, oldest)
}

func (m *memory) empty() bool { return len(m.ring) == 0 }

// rewind is called before the engine is asked again, from since on.
func (m *memory) rewind() {
	if m.empty() {
		return
	}
	from := m.since().UnixNano()
	m.again, m.edge, m.proof, m.unproven = map[mark]int{}, m.newest, m.last, m.last.at >= from
	for _, k := range m.ring {
		if k.at >= from {
			m.again[k]++
		}
	}
}

// seen reports whether a message is one that had come before the interruption,
// and comes again now.
func (m *memory) seen(k mark) bool {
	if m.again == nil {
		return false
	}
	if left := m.again[k]; left > 0 {
		m.again[k] = left - 1
		m.unproven = m.unproven && k != m.proof
		return true
	}
	if k.at > m.edge+int64(time.Second) {
		m.again = nil
	}
	return false
}

// torn reports, once, whether messages are missing, as far as one can know,
// between the last before the interruption and one of this time that has not been
// seen: the last has not come again, so what the engine has begins behind it.
func (m *memory) torn(at int64) bool {
	if !m.unproven || at <= m.edge {
		return false
	}
	m.unproven = false
	return true
}

// add remembers a message.
func (m *memory) add(k mark) {
	m.last = k
	m.newest = max(m.newest, k.at)
	if len(m.ring) < remembered {
		m.ring = append(m.ring, k)
		return
	}
	m.ring[m.next] = k
	m.next = (m.next + 1) % remembered
}
