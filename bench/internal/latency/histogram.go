// Package latency counts times into buckets that grow with the time, so that
// millions of them take little room and quantiles stay true to 1.6 %.
package latency

import (
	"math/bits"
	"time"
)

const (
	stepBits = 6
	steps    = 1 << stepBits // buckets for each power of two
)

// Histogram counts durations. The zero Histogram is empty.
type Histogram struct {
	counts [(64 - stepBits) * steps]uint64
	n      uint64
	max    time.Duration
}

// Add counts one duration; a negative one counts as 0.
func (h *Histogram) Add(d time.Duration) {
	d = max(d, 0)
	h.counts[bucket(uint64(d))]++
	h.n++
	h.max = max(h.max, d)
}

// Quantile returns the smallest duration, to within a bucket, that at least
// the share q (0 to 1) of all do not exceed; 0 when there are none.
func (h *Histogram) Quantile(q float64) time.Duration {
	seen, want := uint64(0), q*float64(h.n)
	for i, n := range h.counts {
		seen += n
		if n > 0 && float64(seen) >= want {
			return min(time.Duration(upper(i)), h.max)
		}
	}
	return h.max
}

// Max returns the longest duration, exactly.
func (h *Histogram) Max() time.Duration { return h.max }

// bucket numbers values so that the first 2*steps have one each, and every
// further power of two is cut into the same number of steps.
func bucket(v uint64) int {
	shift := max(bits.Len64(v)-1-stepBits, 0)
	return shift<<stepBits + int(v>>shift)
}

// upper is the largest value in a bucket.
func upper(i int) uint64 {
	if i < 2*steps {
		return uint64(i)
	}
	shift := i>>stepBits - 1
	mantissa := uint64(i - shift<<stepBits)
	return (mantissa+1)<<shift - 1
}
