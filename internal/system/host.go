package system

import (
	"errors"

	"github.com/shirou/gopsutil/v3/cpu"
	"github.com/shirou/gopsutil/v3/disk"
	"github.com/shirou/gopsutil/v3/mem"
	"github.com/shirou/gopsutil/v3/net"
)

// host is where measurements come from; tests put other ones in its place.
type host struct {
	times   func() (cpu.TimesStat, error)
	memory  func() (memories, error)
	network func() (NetIO, error)
	disk    func() (Space, error)
}

// memories come out of one read.
type memories struct {
	main Memory
	swap Space
}

// thisHost reads the machine we run on.
var thisHost = host{times: readTimes, memory: readMemory, network: readNetwork, disk: readDisk}

var errNothing = errors.New("the system tells nothing")

func readTimes() (cpu.TimesStat, error) {
	all, err := cpu.Times(false)
	if err != nil {
		return cpu.TimesStat{}, err
	}
	if len(all) == 0 {
		return cpu.TimesStat{}, errNothing
	}
	return all[0], nil
}

// readMemory takes swap from the same read: asking for it apart would parse /proc/vmstat as well.
func readMemory() (memories, error) {
	vm, err := mem.VirtualMemory()
	if err != nil {
		return memories{}, err
	}
	if vm.Total == 0 {
		return memories{}, errNothing
	}
	used := vm.Used
	if used > vm.Total { // in some containers the caches counted exceed the total
		used = vm.Total - min(vm.Free, vm.Total)
	}
	available := min(vm.Available, vm.Total)
	swapUsed := vm.SwapTotal - min(vm.SwapFree, vm.SwapTotal)
	return memories{
		main: Memory{
			Total: vm.Total, Used: used, Available: available,
			Percent: share(float64(vm.Total-available), float64(vm.Total), 1),
		},
		swap: Space{
			Total: vm.SwapTotal, Used: swapUsed, Free: vm.SwapFree,
			Percent: share(float64(swapUsed), float64(vm.SwapTotal), 1),
		},
	}, nil
}

func readNetwork() (NetIO, error) {
	all, err := net.IOCounters(false)
	if err != nil {
		return NetIO{}, err
	}
	if len(all) == 0 {
		return NetIO{}, errNothing
	}
	n := all[0]
	return NetIO{BytesSent: n.BytesSent, BytesRecv: n.BytesRecv, PacketsSent: n.PacketsSent, PacketsRecv: n.PacketsRecv}, nil
}

func readDisk() (Space, error) {
	u, err := disk.Usage("/")
	if err != nil {
		return Space{}, err
	}
	return Space{Total: u.Total, Used: u.Used, Free: u.Free, Percent: round(u.UsedPercent, 1)}, nil
}
