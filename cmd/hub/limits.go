package main

import "golang.org/x/sys/unix"

const (
	// descriptorReserve is kept back from connections for tasks' pipes, forwarding, the log and /proc.
	descriptorReserve = 256
	// unlimitedConnections stands where the system sets no limit worth the name.
	unlimitedConnections = 1 << 20
)

// Connections is how many connections may be open at once: MaxConnections, or, when that is 0, the
// process's descriptor limit less a reserve of 256, or of half the limit where that is less. Go raises
// the soft limit to the hard one at start, so this is the hard limit in effect.
func (c Config) Connections() int {
	if c.MaxConnections > 0 {
		return c.MaxConnections
	}
	var limit unix.Rlimit
	if unix.Getrlimit(unix.RLIMIT_NOFILE, &limit) != nil {
		return 1024 - descriptorReserve // the customary soft limit
	}
	if limit.Cur > unlimitedConnections {
		return unlimitedConnections
	}
	open := int(limit.Cur)
	return open - min(descriptorReserve, open/2)
}
