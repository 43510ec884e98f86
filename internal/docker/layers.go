package docker

import "strings"

const (
	// nearly is the percentage of work that is done as far as anybody knows; only
	// success makes it 100.
	nearly = 99.9
	// largest is what a layer may say of its bytes, so that sums stay sums.
	largest = 1 << 50
	// mostLayers is how many one event tells of; the others follow in the next. An
	// image has 127 at most.
	mostLayers = 256
)

// layers make one percentage of what the engine says of each layer. All of a
// layer's work is its size, once that is known, and until then the mean of the
// sizes that are; each step takes its share of the work that remains, and the same
// share of the percentage that remains. So it never falls, though layers and sizes
// become known late, and always moves when something was done. A layer that is
// there already is no work.
type layers struct {
	all     []*layer // in the order in which they came
	byID    map[string]*layer
	percent float64
}

type layer struct {
	Layer
	size, sent int64   // of the transfer alone
	done       float64 // share of all its work, 0 to 1
	changed    bool
}

// take takes what is said of a layer.
func (l *layers) take(m message) {
	y := l.layer(m.ID)
	current, total := between(m.Progress.Current), between(m.Progress.Total)
	if m.Progress.Units != "" {
		current, total = 0, 0 // seconds, say
	}
	y.Status, y.Current, y.Total, y.changed = m.Status, current, total, true
	kind := stepOf(m.Status)
	if kind.transfers && total > 0 {
		y.size = total
		y.sent = min(max(y.sent, current), total)
	}
	done := kind.from
	if total > 0 {
		done += (kind.to - kind.from) * float64(min(current, total)) / float64(total)
	}
	if done > 0 && !kind.transfers {
		y.sent = y.size
	}
	if kind.idle && y.done == 0 {
		y.done = 1
		return
	}
	l.advance(y, done)
}

func (l *layers) layer(id string) *layer {
	y, ok := l.byID[id]
	if !ok {
		y = &layer{Layer: Layer{ID: id}}
		if l.byID == nil {
			l.byID = map[string]*layer{}
		}
		l.byID[id] = y
		l.all = append(l.all, y)
	}
	return y
}

func (l *layers) advance(y *layer, done float64) {
	if done <= y.done { // a transfer that begins anew counts once it is further than it was
		return
	}
	mean, left := l.mean(), 0.0
	for _, other := range l.all {
		left += other.weight(mean) * (1 - other.done)
	}
	step := y.weight(mean) * (done - y.done) / left
	l.percent = min(nearly, l.percent+(nearly-l.percent)*step)
	y.done = done
}

// mean is that of the sizes that are known.
func (l *layers) mean() float64 {
	sum, n := 0.0, 0
	for _, y := range l.all {
		if y.size > 0 {
			sum += float64(y.size)
			n++
		}
	}
	return sum / float64(max(n, 1))
}

func (y *layer) weight(mean float64) float64 {
	if y.size > 0 {
		return float64(y.size)
	}
	return max(mean, 1)
}

// progress is the state, with the layers that have changed since it was asked for.
func (l *layers) progress() Progress {
	p := Progress{Percent: l.percent}
	for _, y := range l.all {
		p.Current += y.sent
		p.Total += y.size
		if y.changed && len(p.Layers) < mostLayers {
			y.changed = false
			p.Layers = append(p.Layers, y.Layer)
		}
	}
	return p
}

func between(n int64) int64 { return min(max(n, 0), largest) }

// step is a part of a layer's work: from which share of it to which.
type step struct {
	from, to  float64
	transfers bool // its bytes go over the network
	quiet     bool // no line of its own
	idle      bool // it was done before it began
}

// stepOf knows the engine's words, those of pulls and pushes. A word that it does
// not know is worth a line and no progress.
func stepOf(status string) step {
	switch status {
	case "Pulling fs layer", "Waiting", "Preparing":
		return step{quiet: true}
	case "Downloading":
		return step{to: 0.5, transfers: true, quiet: true}
	case "Verifying Checksum", "Download complete":
		return step{from: 0.5, to: 0.5, quiet: true}
	case "Extracting":
		return step{from: 0.5, to: 1, quiet: true}
	case "Pushing", "Loading layer":
		return step{to: 1, transfers: true, quiet: true}
	case "Pull complete", "Pushed":
		return step{from: 1, to: 1}
	case "Already exists", "Layer already exists":
		return step{from: 1, to: 1, idle: true}
	}
	if strings.HasPrefix(status, "Mounted from ") {
		return step{from: 1, to: 1, idle: true}
	}
	return step{quiet: strings.HasPrefix(status, "Retrying in ")}
}
