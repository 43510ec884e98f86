package system

import (
	"fmt"
	"os/user"
	"strconv"
	"sync"
	"time"

	"github.com/shirou/gopsutil/v3/process"
)

// sampleInterval is the time between the two looks at every process.
const sampleInterval = 200 * time.Millisecond

func init() {
	// Else gopsutil reads /proc/stat again for each process, for a start time that nobody asks for.
	process.EnableBootTimeCache(true)
}

// sample is all processes at one moment. It is shared by callers and does not change, but for
// descriptions, which are read when first asked for.
type sample struct {
	taken           time.Time
	processes       []*entry
	byCPU, byMemory func() []*entry // sorted when first asked for
}

// entry is one process of a sample.
type entry struct {
	pid      int32
	cpu      float64 // percent of one processor
	rss      uint64
	describe func() (Process, bool) // false when it is gone
}

// look is a process's processor time at a moment.
type look struct {
	cpu float64 // seconds
	at  time.Time
}

// takeSample looks twice at every process.
func (m *Monitor) takeSample() (*sample, error) {
	began := time.Now()
	before, err := lookAtAll()
	if err != nil {
		return nil, err
	}
	time.Sleep(sampleInterval - time.Since(began))
	after, err := lookAtAll()
	if err != nil {
		return nil, err
	}
	memory, err := m.host.memory()
	if err != nil {
		return nil, fmt.Errorf("cannot read the memory: %w", err)
	}
	s := &sample{taken: time.Now()}
	name := userNames()
	for pid, now := range after {
		p := &process.Process{Pid: pid}
		info, err := p.MemoryInfo()
		if err != nil {
			continue // gone
		}
		e := &entry{pid: pid, cpu: cpuPercent(firstLook(before, pid, began), now), rss: info.RSS}
		e.describe = describing(p, e, memory.main.Total, name)
		s.processes = append(s.processes, e)
	}
	s.byCPU = sync.OnceValue(func() []*entry {
		return ordered(s.processes, func(e *entry) float64 { return e.cpu })
	})
	s.byMemory = sync.OnceValue(func() []*entry {
		return ordered(s.processes, func(e *entry) float64 { return float64(e.rss) })
	})
	return s, nil
}

// lookAtAll notes the processor time of every process there is.
func lookAtAll() (map[int32]look, error) {
	pids, err := process.Pids()
	if err != nil {
		return nil, fmt.Errorf("cannot list processes: %w", err)
	}
	looks := make(map[int32]look, len(pids))
	for _, pid := range pids {
		times, err := (&process.Process{Pid: pid}).Times()
		if err != nil {
			continue // gone, or hidden from us
		}
		looks[pid] = look{times.User + times.System, time.Now()}
	}
	return looks, nil
}

// firstLook is the look at pid of before; a process that is not there was born since began, and all
// its time is of this interval.
func firstLook(before map[int32]look, pid int32, began time.Time) look {
	if l, ok := before[pid]; ok {
		return l
	}
	return look{at: began}
}

// cpuPercent is 0 where time ran backwards: another process has taken over the number.
func cpuPercent(then, now look) float64 {
	elapsed := now.at.Sub(then.at).Seconds()
	if elapsed <= 0 || now.cpu < then.cpu {
		return 0
	}
	return round((now.cpu-then.cpu)/elapsed*100, 1)
}

// describing reads a process's name, user and command line once, when first called.
func describing(p *process.Process, e *entry, memory uint64, username func(uid int32) string) func() (Process, bool) {
	return sync.OnceValues(func() (Process, bool) {
		name, err := p.Name()
		if err != nil {
			return Process{}, false
		}
		uids, err := p.Uids()
		if err != nil || len(uids) == 0 {
			return Process{}, false
		}
		words, err := p.CmdlineSlice()
		if err != nil {
			return Process{}, false
		}
		if words == nil {
			words = []string{}
		}
		return Process{
			PID: e.pid, Name: name, Username: username(uids[0]),
			CPUPercent: e.cpu, MemoryPercent: share(float64(e.rss), float64(memory), 2), RSS: e.rss, Cmdline: words,
		}, true
	})
}

// userNames returns a function from a user's number to its name, or to the number where it has none;
// it remembers, since each look-up may read the whole /etc/passwd.
func userNames() func(uid int32) string {
	var mu sync.Mutex
	names := map[int32]string{}
	return func(uid int32) string {
		mu.Lock()
		defer mu.Unlock()
		if name, ok := names[uid]; ok {
			return name
		}
		number := strconv.Itoa(int(uid))
		name := number
		if u, err := user.LookupId(number); err == nil {
			name = u.Username
		}
		names[uid] = name
		return name
	}
}
