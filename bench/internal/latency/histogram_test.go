package latency

import (
	"math"
	"testing"
	"time"
)

func TestQuantilesAreTrueToTwoPercent(t *testing.T) {
	var h Histogram
	for i := 1; i <= 100_000; i++ {
		h.Add(time.Duration(i) * time.Microsecond)
	}
	for q, want := range map[float64]time.Duration{
		0.5: 50 * time.Millisecond, 0.99: 99 * time.Millisecond, 0.999: 99_900 * time.Microsecond, 1: 100 * time.Millisecond,
	} {
		got := h.Quantile(q)
		if off := math.Abs(float64(got)/float64(want) - 1); off > 0.02 {
			t.Errorf("quantile %v is %v, want %v", q, got, want)
		}
	}
	if h.Max() != 100*time.Millisecond {
		t.Errorf("longest is %v", h.Max())
	}
}

func TestEveryValueLiesInItsBucketAndBucketsTouch(t *testing.T) {
	for shift := range 63 {
		for _, v := range []uint64{1 << shift, 1<<shift + 1, 1<<(shift+1) - 1} {
			i := bucket(v)
			if v > upper(i) || i > 0 && v <= upper(i-1) {
				t.Errorf("%d is in bucket %d, which ends at %d", v, i, upper(i))
			}
		}
	}
	if last := bucket(math.MaxInt64); last >= len(Histogram{}.counts) {
		t.Errorf("the longest duration is in bucket %d of %d", last, len(Histogram{}.counts))
	}
}

func TestAnEmptyHistogramSaysZeroAndANegativeTimeCountsAsZero(t *testing.T) {
	var h Histogram
	if got := h.Quantile(0.5); got != 0 {
		t.Errorf("median of nothing is %v", got)
	}
	h.Add(-time.Second)
	if got := h.Quantile(1); got != 0 {
		t.Errorf("a negative time counts as %v", got)
	}
}
