package system

import (
	"math"
	"slices"
	"time"

	"github.com/shirou/gopsutil/v3/cpu"
)

// Usage is how busy the machine is, in the shape of GET /system/usage. Amounts are bytes, percentages
// 0 to 100.
type Usage struct {
	CPUPercent float64 `json:"cpu_percent"` // busy share of all processors since the measurement before
	Memory     Memory  `json:"memory"`
	Swap       Space   `json:"swap"`
	DiskRoot   Space   `json:"disk_root"`
	NetIO      NetIO   `json:"net_io"`
	// Stale are the keys above whose figures could not be read and are the last that could.
	Stale []string `json:"stale,omitempty"`
}

// Memory is the machine's main memory. Used leaves out caches, so used and available need not add up.
type Memory struct {
	Total     uint64  `json:"total"`
	Used      uint64  `json:"used"`
	Available uint64  `json:"available"`
	Percent   float64 `json:"percent"` // of the total, what is not available
}

// Space is swap or a file system. Of a file system Free is what an ordinary user may take, so used and
// free add up to less than the total, and Percent is of their sum, as df has it.
type Space struct {
	Total   uint64  `json:"total"`
	Used    uint64  `json:"used"`
	Free    uint64  `json:"free"`
	Percent float64 `json:"percent"`
}

// NetIO counts what all interfaces together have moved since boot.
type NetIO struct {
	BytesSent   uint64 `json:"bytes_sent"`
	BytesRecv   uint64 `json:"bytes_recv"`
	PacketsSent uint64 `json:"packets_sent"`
	PacketsRecv uint64 `json:"packets_recv"`
}

// measure replaces m.last. What cannot be read keeps its value and is named stale. The caller holds m.mu.
func (m *Monitor) measure() {
	usage := m.last
	usage.Stale = nil
	keep := func(err error, keys ...string) bool {
		m.note("reading "+keys[0], err)
		if err != nil {
			usage.Stale = append(usage.Stale, keys...)
		}
		return err == nil
	}
	if times, err := guarded(m.host.times); keep(err, "cpu_percent") {
		usage.CPUPercent = m.meter.percent(times)
	}
	if both, err := guarded(m.host.memory); keep(err, "memory", "swap") {
		usage.Memory, usage.Swap = both.main, both.swap
	}
	if io, err := guarded(m.host.network); keep(err, "net_io") {
		usage.NetIO = io
	}
	space, err := m.disk.value()
	keep(err, "disk_root")
	usage.DiskRoot = space
	slices.Sort(usage.Stale)
	m.last, m.lastAt = usage, time.Now()
}

// meter turns the processors' ever-growing times into a percentage.
type meter struct{ busy, total float64 }

// percent is the busy share since the call before, or since boot the first time. Two calls within the
// kernel's clock tick have no difference and give 0.
func (m *meter) percent(t cpu.TimesStat) float64 {
	// User and nice already hold the guests' time.
	busy := t.User + t.Nice + t.System + t.Irq + t.Softirq + t.Steal
	total := busy + t.Idle + t.Iowait
	before := *m
	*m = meter{busy, total}
	return share(busy-before.busy, total-before.total, 1)
}

// share is part of whole in percent, kept within 0 to 100 and rounded to so many decimals.
func share(part, whole float64, decimals int) float64 {
	if whole <= 0 {
		return 0
	}
	return round(min(max(part/whole*100, 0), 100), decimals)
}

func round(x float64, decimals int) float64 {
	unit := math.Pow10(decimals)
	return math.Round(x*unit) / unit
}
