package system

import (
	"fmt"
	"os"
	"runtime"
	"sync"

	"github.com/shirou/gopsutil/v3/cpu"
	hostinfo "github.com/shirou/gopsutil/v3/host"
	"github.com/shirou/gopsutil/v3/load"
)

// Info is what the machine is, in the shape of GET /system/info.
type Info struct {
	Hostname      string     `json:"hostname"`
	Platform      string     `json:"platform"` // "Linux-6.1.0-x86_64": system, kernel, architecture
	UptimeSeconds int64      `json:"uptime_seconds"`
	CPU           Processors `json:"cpu"`
	Memory        Available  `json:"memory"`
	LoadAvg       *LoadAvg   `json:"loadavg"` // nil where the system has none
}

// Processors counts processors: Logical as the scheduler sees them, Physical as cores. Where cores
// cannot be told apart, both are the same.
type Processors struct {
	Logical  int `json:"logical"`
	Physical int `json:"physical"`
}

// Available is main memory in bytes, and what of it programs may still take.
type Available struct {
	Total     uint64 `json:"total"`
	Available uint64 `json:"available"`
}

// LoadAvg is how many processes were running or ready, on average over 1, 5 and 15 minutes.
type LoadAvg struct {
	One     float64 `json:"1m"`
	Five    float64 `json:"5m"`
	Fifteen float64 `json:"15m"`
}

// Info asks the machine what it is. The error names what it would not tell.
func (m *Monitor) Info() (Info, error) {
	name, err := os.Hostname()
	if err != nil {
		return Info{}, fmt.Errorf("cannot read the host name: %w", err)
	}
	uptime, err := hostinfo.Uptime()
	if err != nil {
		return Info{}, fmt.Errorf("cannot read the uptime: %w", err)
	}
	memory, err := m.host.memory()
	if err != nil {
		return Info{}, fmt.Errorf("cannot read the memory: %w", err)
	}
	return Info{
		Hostname:      name,
		Platform:      platform(),
		UptimeSeconds: int64(uptime),
		CPU:           processors(),
		Memory:        Available{memory.main.Total, memory.main.Available},
		LoadAvg:       loadAverages(),
	}, nil
}

// platform and processors do not change while we run.
var (
	platform = sync.OnceValue(func() string {
		system := map[string]string{"linux": "Linux", "darwin": "Darwin", "windows": "Windows", "freebsd": "FreeBSD"}[runtime.GOOS]
		if system == "" {
			system = runtime.GOOS
		}
		kernel, err := hostinfo.KernelVersion()
		arch, archErr := hostinfo.KernelArch()
		if err != nil || archErr != nil {
			return system + "-" + runtime.GOARCH
		}
		return system + "-" + kernel + "-" + arch
	})
	processors = sync.OnceValue(func() Processors {
		p := Processors{Logical: runtime.NumCPU()}
		if n, err := cpu.Counts(true); err == nil && n > 0 {
			p.Logical = n
		}
		p.Physical = p.Logical
		if n, err := cpu.Counts(false); err == nil && n > 0 {
			p.Physical = n
		}
		return p
	})
)

// loadAverages is nil on Windows, where gopsutil makes figures up.
func loadAverages() *LoadAvg {
	avg, err := load.Avg()
	if err != nil || runtime.GOOS == "windows" {
		return nil
	}
	return &LoadAvg{One: avg.Load1, Five: avg.Load5, Fifteen: avg.Load15}
}
