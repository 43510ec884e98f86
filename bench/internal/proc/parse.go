//go:build linux

package proc

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// tick is the unit of times in /proc: USER_HZ is 100 on every architecture Go
// runs Linux on.
const tick = time.Second / 100

// parseStat reads utime and stime, the 14th and 15th field of /proc/PID/stat.
func parseStat(text string) (time.Duration, error) {
	// The second field is the command in parentheses and may hold anything,
	// spaces and parentheses too: count from its end.
	end := strings.LastIndexByte(text, ')')
	fields := strings.Fields(text[end+1:])
	if end < 0 || len(fields) < 13 {
		return 0, errors.New("too few fields")
	}
	return ticks(fields[11:13])
}

// parseBusy adds up user, nice, system, irq, softirq and steal of one CPU.
// Guest time is part of user time already.
func parseBusy(text string, cpu int) (time.Duration, error) {
	for line := range strings.Lines(text) {
		fields := strings.Fields(line)
		if len(fields) >= 9 && fields[0] == "cpu"+strconv.Itoa(cpu) {
			return ticks(append(fields[1:4:4], fields[6:9]...))
		}
	}
	return 0, fmt.Errorf("no CPU %d", cpu)
}

func ticks(fields []string) (sum time.Duration, err error) {
	for _, field := range fields {
		n, err := strconv.ParseInt(field, 10, 64)
		if err != nil {
			return 0, err
		}
		sum += time.Duration(n) * tick
	}
	return sum, nil
}

// parseRollup reads the sums of /proc/PID/smaps_rollup.
func parseRollup(text string) (m Memory, err error) {
	found := 0
	for line := range strings.Lines(text) {
		fields := strings.Fields(line)
		if len(fields) != 3 || fields[0] != "Rss:" && fields[0] != "Pss:" {
			continue
		}
		kilobytes, err := strconv.ParseInt(fields[1], 10, 64)
		if err != nil {
			return m, err
		}
		found++
		if fields[0] == "Rss:" {
			m.RSS = kilobytes << 10
		} else {
			m.PSS = kilobytes << 10
		}
	}
	if found != 2 {
		return m, errors.New("no Rss or no Pss")
	}
	return m, nil
}
