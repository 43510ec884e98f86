// Package system says how the machine is: what it is, how busy it is, and which processes make it so.
//
// A Monitor takes one measurement a second and publishes it as one event on the topic system/usage:
//
//	m := system.New(system.Options{Publisher: broker})
//	go m.Run(ctx)
//
// An event's data is the JSON of a Usage, the same that Usage answers, so that a page that polls and a
// page that streams see the same figures. The three answers are:
//
//   - Usage: CPU, memory, swap, the root file system, network counters. It is the last tick while that
//     is younger than one and a half periods, so that asking costs nothing; else it is measured then.
//   - Info: host name, platform, uptime, processors, memory, load averages.
//   - Top: the processes that use most, by CPU or by memory.
//
// # Figures
//
// They mean what psutil's mean, since clients of the older service read them that way. cpu_percent is
// the busy share of all processors since the measurement before, 0 to 100; of the very first
// measurement, since boot. A percentage of memory is what is not available. Percentages are rounded
// to one decimal, a process's share of memory to two. Network counters are sums over all interfaces,
// loopback too, since boot. A process's cpu_percent is in units of one processor, so it may pass 100.
//
// # What a tick may cost
//
// A tick reads /proc/stat, /proc/meminfo and /proc/net/dev: about a tenth of a millisecond, a few
// hundredths of a percent of one processor. Swap comes out of the same read as memory. The file system
// is asked every tenth second only, by a goroutine of its own: where statfs blocks, as on a mount whose
// server is gone, ticks go on with the last value. Never is more than one such call under way.
//
// # Old values
//
// A figure that cannot be read keeps its last value, or zero where there was none, and its key stands
// in the answer's stale list for as long. That it began and that it ended is logged, once each.
//
// # Top
//
// Processor time needs two looks at every process, 200 ms apart, taken for all of them together. Calls
// that come while a sample is taken wait for it and share it, and a sample serves calls for a second:
// a thousand calls a second cost one sample. Names, users and command lines are read for the processes
// that an answer lists, once for each sample. A process that vanishes in the meantime is left out.
//
// # Time and failure
//
// Ticks that could not be taken, because the machine slept, are not made up for. A panic while
// reading a figure counts as a failure to read it. Run returns when its context ends.
package system
