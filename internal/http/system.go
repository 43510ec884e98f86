package http

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"hub/internal/system"
)

// defaultTop is how many processes are listed where no limit is given.
const defaultTop = 10

var (
	systemInfoDoc = operation{
		more: "Memory is in bytes. `loadavg` is null where the system has none.",
		gives: system.Info{
			Hostname: "build-1", Platform: "Linux-6.1.0-x86_64", UptimeSeconds: 86400, CPU: system.Processors{Logical: 8, Physical: 4},
			Memory: system.Available{Total: 16 << 30, Available: 9 << 30}, LoadAvg: &system.LoadAvg{One: 0.42, Five: 0.37, Fifteen: 0.35},
		},
	}
	systemUsageDoc = operation{
		more: "The last tick of the topic system/usage, one a second. Sizes are in bytes; `stale` names figures that could not be read anew.",
		gives: system.Usage{
			CPUPercent: 12.5, Memory: system.Memory{Total: 16 << 30, Used: 7 << 30, Available: 9 << 30, Percent: 43.7},
			Swap:     system.Space{Total: 2 << 30, Used: 0, Free: 2 << 30, Percent: 0},
			DiskRoot: system.Space{Total: 100 << 30, Used: 40 << 30, Free: 60 << 30, Percent: 40},
			NetIO:    system.NetIO{BytesSent: 1 << 30, BytesRecv: 3 << 30, PacketsSent: 900_000, PacketsRecv: 2_100_000},
		},
	}
	systemTopDoc = operation{
		query: []parameter{
			{"sort", "cpu", "What the highest comes first of: cpu or memory."},
			{"limit", defaultTop, "How many, at least 1."},
		},
		more: "One sample for all processes. `cpu_percent` is of one processor, `rss` in bytes.",
		gives: []system.Process{{
			PID: 4711, Name: "dockerd", Username: "root", CPUPercent: 3.5, MemoryPercent: 1.2, RSS: 190 << 20, Cmdline: []string{"/usr/sbin/dockerd"},
		}},
		fails: []int{422},
	}
)

// infoHandler is a route that answers with one value and has no parameters:
// GET /system/info and GET /system/usage.
func infoHandler[T any](get func(context.Context) (T, error)) fiber.Handler {
	return func(c *fiber.Ctx) error {
		value, err := get(c.UserContext())
		if err != nil {
			return err
		}
		return c.JSON(value)
	}
}

// topHandler is GET /system/top?sort=cpu&limit=10. A *system.ArgumentError of
// top is a fault of the parameter that it names.
func topHandler[T any](top func(ctx context.Context, sort string, limit int) (T, error)) fiber.Handler {
	return func(c *fiber.Ctx) error {
		var wrong faults
		limit := wrong.queryInt(c, "limit", defaultTop, 1, system.MaxTop)
		if len(wrong) > 0 {
			return unprocessable(wrong...)
		}
		list, err := top(c.UserContext(), strings.Clone(c.Query("sort", string(system.ByCPU))), limit)
		var argument *system.ArgumentError
		switch {
		case errors.As(err, &argument):
			return unprocessable(fault{[]any{"query", argument.Name}, argument.Detail, "value_error"})
		case err != nil:
			return err
		}
		return c.JSON(list)
	}
}

// queryInt is a number of the query between least and most, or standard where
// it is not given; anything else is a fault.
func (f *faults) queryInt(c *fiber.Ctx, name string, standard, least, most int) int {
	given := c.Query(name)
	if given == "" {
		return standard
	}
	n, err := strconv.Atoi(given)
	switch loc := []any{"query", name}; {
	case err != nil:
		f.wrong(loc, "int")
	case n < least || n > most:
		*f = append(*f, fault{loc, fmt.Sprintf("must be from %d to %d, not %d", least, most, n), "value_error"})
	}
	return n
}
