package docker

import (
	"regexp"
	"strconv"
	"strings"

	containertypes "github.com/docker/docker/api/types/container"
	"github.com/docker/go-units"
)

// Limits bound what a container may use. The zero value bounds nothing, and in an
// update changes nothing.
type Limits struct {
	Memory      string // bytes, or with a unit of 1024: "512m", "2g"; at least 6m
	MemorySwap  string // memory and swap together, at least Memory; "-1" is no bound of swap
	NanoCPUs    int64  // 1,000,000,000 is one CPU
	CPUShares   int64  // weight among containers where CPUs are short; the engine's own is 1024
	PIDs        *int64 // processes and threads; 0 or -1 is no bound
	CPUs        string // those it may run on, such as "0-3,5"
	MemoryNodes string // of NUMA machines, such as "0,1"
}

// least is the engine's own least of Memory, since 20.10.
const least = 6 << 20

// cpuset is a list of numbers and ranges.
var cpuset = regexp.MustCompile(`^\d{1,5}(-\d{1,5})?(,\d{1,5}(-\d{1,5})?)*$`)

// resources are the limits as the engine takes them.
func (l Limits) resources() (r containertypes.Resources, err error) {
	if r.Memory, err = size("mem_limit", l.Memory); err != nil {
		return r, err
	}
	if l.MemorySwap == "-1" {
		r.MemorySwap = -1
	} else if r.MemorySwap, err = size("memswap_limit", l.MemorySwap); err != nil {
		return r, err
	}
	switch {
	case l.Memory != "" && r.Memory < least:
		return r, invalid("mem_limit", "%s is too little memory: it must be at least 6m", l.Memory)
	case r.MemorySwap > 0 && r.MemorySwap < r.Memory:
		return r, invalid("memswap_limit", "%s must be at least mem_limit, %s, which it includes", l.MemorySwap, l.Memory)
	case l.NanoCPUs < 0:
		return r, invalid("nano_cpus", "%d cannot be: 1000000000 is one CPU", l.NanoCPUs)
	case l.CPUShares < 0:
		return r, invalid("cpu_shares", "%d cannot be: it is a weight, 1024 where none is given", l.CPUShares)
	case l.PIDs != nil && *l.PIDs < -1:
		return r, invalid("pids_limit", "%d cannot be: it is a number of processes, or -1 for no limit", *l.PIDs)
	case l.CPUs != "" && !cpuset.MatchString(l.CPUs):
		return r, invalid("cpuset_cpus", `%q is no list of CPUs, such as "0-3,5"`, shorten(l.CPUs))
	case l.MemoryNodes != "" && !cpuset.MatchString(l.MemoryNodes):
		return r, invalid("cpuset_mems", `%q is no list of memory nodes, such as "0,1"`, shorten(l.MemoryNodes))
	}
	r.NanoCPUs, r.CPUShares, r.PidsLimit, r.CpusetCpus, r.CpusetMems = l.NanoCPUs, l.CPUShares, l.PIDs, l.CPUs, l.MemoryNodes
	return r, nil
}

// size reads "512m" as bytes, "" as none.
func size(field, text string) (int64, error) {
	if text == "" {
		return 0, nil
	}
	n, err := units.RAMInBytes(text)
	if err != nil || n <= 0 {
		return 0, invalid(field, `%q is no size: it is a number of bytes, or one with a unit, such as "512m" or "2g"`, shorten(text))
	}
	return n, nil
}

// restartPolicy reads "no", "always", "unless-stopped", "on-failure" and
// "on-failure:5", as the docker command does.
func restartPolicy(text string) (p containertypes.RestartPolicy, err error) {
	name, most, bounded := strings.Cut(text, ":")
	p.Name = containertypes.RestartPolicyMode(name)
	if bounded {
		p.MaximumRetryCount, err = strconv.Atoi(most)
	}
	if err != nil || bounded && !p.IsOnFailure() || containertypes.ValidateRestartPolicy(p) != nil {
		return p, invalid("restart_policy", `%q is none of "no", "always", "unless-stopped", "on-failure" and "on-failure:5"`, shorten(text))
	}
	return p, nil
}
