package system

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/shirou/gopsutil/v3/cpu"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// recorder is a Publisher that keeps what it gets.
type recorder struct {
	mu     sync.Mutex
	events []event
}

type event struct{ topic, kind, data string }

func (r *recorder) Publish(topic, kind string, data []byte) (uint64, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.events = append(r.events, event{topic, kind, string(data)})
	return uint64(len(r.events)), nil
}

func (r *recorder) seen() []event {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.events
}

var errFake = errors.New("no such figure")

// fakeHost is a host whose figures are small numbers, with a count of the reads of each.
type fakeHost struct {
	timesReads, memoryReads, diskReads atomic.Int32
	fail                               atomic.Bool // all but the disk
}

func (f *fakeHost) host() host {
	err := func() error {
		if f.fail.Load() {
			return errFake
		}
		return nil
	}
	return host{
		times: func() (cpu.TimesStat, error) {
			n := float64(f.timesReads.Add(1))
			return cpu.TimesStat{User: n, Idle: 3 * n}, err()
		},
		memory: func() (memories, error) {
			f.memoryReads.Add(1)
			return memories{Memory{Total: 100, Used: 40, Available: 50, Percent: 50}, Space{Total: 10, Used: 1, Free: 9, Percent: 10}}, err()
		},
		network: func() (NetIO, error) {
			return NetIO{BytesSent: 1, BytesRecv: 2, PacketsSent: 3, PacketsRecv: 4}, err()
		},
		disk: func() (Space, error) {
			f.diskReads.Add(1)
			return Space{Total: 1000, Used: 250, Free: 700, Percent: 26.3}, nil
		},
	}
}
