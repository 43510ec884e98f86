package broker

// entry is what the journal holds of an event: its seq is its place.
type entry struct {
	topic *topic
	n     uint64
}

// journal names the topic of each of the newest events of the hub, in seq order.
// Readers of several topics walk it; an entry outlives its event where the
// topic's own bound is tighter.
type journal struct {
	entries ring[entry]
	bound   int
	first   uint64 // seq of the oldest entry; one past the newest when empty
}

func (j *journal) add(t *topic, n uint64) {
	if j.entries.len() == j.bound {
		j.entries.pop()
		j.first++
	}
	j.entries.push(entry{t, n})
}

// holds reports whether every event after seq has its entry.
func (j *journal) holds(seq uint64) bool { return seq+1 >= j.first }

func (j *journal) at(seq uint64) entry { return *j.entries.at(int(seq - j.first)) }
