package docker

import (
	"context"
	"encoding/json"
	"strings"

	containertypes "github.com/docker/docker/api/types/container"
)

// Stats are what a container uses: processor time as a share of the second before,
// memory and processes now, traffic since it was started.
type Stats struct {
	CPUPercent float64   `json:"cpu_percent" description:"of one CPU: 200 is two CPUs at work all the time"`
	Memory     MemoryUse `json:"memory"`
	Network    Traffic   `json:"network" description:"all interfaces together, bytes since the container started"`
	Block      BlockIO   `json:"block" description:"all devices together, bytes since the container started"`
	PIDs       uint64    `json:"pids" description:"processes and threads"`
}

// MemoryUse is in bytes. What the kernel only caches for files counts as free, as in
// docker stats.
type MemoryUse struct {
	Used    uint64  `json:"used"`
	Limit   uint64  `json:"limit" description:"of the container, or of the machine where it has none"`
	Percent float64 `json:"percent" description:"used, of limit"`
}

// Traffic is in bytes.
type Traffic struct {
	Received uint64 `json:"rx"`
	Sent     uint64 `json:"tx"`
}

// BlockIO is in bytes.
type BlockIO struct {
	Read    uint64 `json:"read"`
	Written uint64 `json:"write"`
}

// Stats measures a running container, which takes the engine a second or two. One
// that does not run is an ErrConflict.
func (e *Engine) Stats(ctx context.Context, idOrName string) (Container, Stats, error) {
	c, err := e.running(ctx, "cannot measure container", idOrName)
	if err != nil {
		return Container{}, Stats{}, err
	}
	response, err := e.api().ContainerStats(ctx, c.ID, false)
	if err != nil {
		return Container{}, Stats{}, e.explain(ctx, "cannot measure container "+c.Name, err)
	}
	defer response.Body.Close()
	var figures containertypes.StatsResponse
	if err := json.NewDecoder(response.Body).Decode(&figures); err != nil {
		return Container{}, Stats{}, e.explain(ctx, "cannot measure container "+c.Name, err)
	}
	return c, stats(&figures), nil
}

// stats makes the engine's counters figures. Counters of a container that has
// stopped are zero, and so are the figures.
func stats(r *containertypes.StatsResponse) Stats {
	s := Stats{CPUPercent: cpuPercent(r), Memory: memory(&r.MemoryStats), PIDs: r.PidsStats.Current}
	for _, n := range r.Networks {
		s.Network.Received += n.RxBytes
		s.Network.Sent += n.TxBytes
	}
	for _, entry := range r.BlkioStats.IoServiceBytesRecursive {
		switch strings.ToLower(entry.Op) {
		case "read":
			s.Block.Read += entry.Value
		case "write":
			s.Block.Written += entry.Value
		}
	}
	return s
}

// cpuPercent compares the container's processor time with that of the whole
// machine, both since the measurement before. The first measurement of a stream
// has none before it, and is 0.
func cpuPercent(r *containertypes.StatsResponse) float64 {
	now, before := &r.CPUStats, &r.PreCPUStats
	if now.CPUUsage.TotalUsage <= before.CPUUsage.TotalUsage || now.SystemUsage <= before.SystemUsage || before.SystemUsage == 0 {
		return 0
	}
	cpus := float64(now.OnlineCPUs)
	if cpus == 0 { // an engine before 17.06
		cpus = float64(len(now.CPUUsage.PercpuUsage))
	}
	used := float64(now.CPUUsage.TotalUsage - before.CPUUsage.TotalUsage)
	return used / float64(now.SystemUsage-before.SystemUsage) * cpus * 100
}

// memory takes off what is in use for inactive files; cgroup v1 and v2 have names
// of their own for that.
func memory(m *containertypes.MemoryStats) MemoryUse {
	used := MemoryUse{Used: m.Usage, Limit: m.Limit}
	for _, name := range []string{"total_inactive_file", "inactive_file"} {
		if cached, ok := m.Stats[name]; ok && cached < m.Usage {
			used.Used = m.Usage - cached
			break
		}
	}
	if m.Limit > 0 {
		used.Percent = float64(used.Used) / float64(m.Limit) * 100
	}
	return used
}
