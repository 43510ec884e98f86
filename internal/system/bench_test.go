package system

import (
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// BenchmarkTick is what a second of an idle hub costs.
func BenchmarkTick(b *testing.B) {
	m := New(Options{Publisher: &dropping{}})
	m.Usage()
	b.ReportAllocs()
	before := processorTime(b)
	for b.Loop() {
		m.tick()
	}
	b.ReportMetric(float64(processorTime(b)-before)/float64(b.N), "cpu-ns/op")
}

// processorTime is what this process has used so far; unlike the clock it leaves out waiting for others.
func processorTime(b *testing.B) time.Duration {
	var usage unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &usage); err != nil {
		b.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// BenchmarkUsage is what GET /system/usage costs beside its HTTP.
func BenchmarkUsage(b *testing.B) {
	m := New(Options{})
	b.ReportAllocs()
	for b.Loop() {
		m.Usage()
	}
}

// BenchmarkLookAtAll is half of a sample; its time over the processes reported is a look at one.
func BenchmarkLookAtAll(b *testing.B) {
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		looks, err := lookAtAll()
		if err != nil {
			b.Fatal(err)
		}
		n = len(looks)
	}
	b.ReportMetric(float64(n), "processes")
}

type dropping struct{}

func (dropping) Publish(string, string, []byte) (uint64, error) { return 0, nil }
