package system

import (
	"encoding/json"
	"log/slog"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shirou/gopsutil/v3/cpu"
)

func TestCPUPercentIsTheBusyShareSinceTheMeasurementBefore(t *testing.T) {
	var m meter
	for _, step := range []struct {
		name  string
		times cpu.TimesStat
		want  float64
	}{
		{"since boot", cpu.TimesStat{User: 20, Nice: 1, System: 2, Irq: 3, Softirq: 4, Steal: 10, Idle: 50, Iowait: 10}, 40},
		{"no time passed", cpu.TimesStat{User: 20, Nice: 1, System: 2, Irq: 3, Softirq: 4, Steal: 10, Idle: 50, Iowait: 10}, 0},
		{"all busy, a guest's time counted once", cpu.TimesStat{User: 22, Guest: 2, Nice: 1, System: 2, Irq: 3, Softirq: 4, Steal: 10, Idle: 50, Iowait: 10}, 100},
		{"waiting for a disk is not busy", cpu.TimesStat{User: 22, Nice: 1, System: 2, Irq: 3, Softirq: 4, Steal: 10, Idle: 50, Iowait: 12}, 0},
		{"a third, one decimal", cpu.TimesStat{User: 23, Nice: 1, System: 2, Irq: 3, Softirq: 4, Steal: 10, Idle: 52, Iowait: 12}, 33.3},
		{"idle ran backwards, as some kernels let it", cpu.TimesStat{User: 24, Nice: 1, System: 2, Irq: 3, Softirq: 4, Steal: 10, Idle: 51.5, Iowait: 12}, 100},
	} {
		if got := m.percent(step.times); got != step.want {
			t.Errorf("%s: %v, want %v", step.name, got, step.want)
		}
	}
}

func TestUsageOfThisMachine(t *testing.T) {
	m := New(Options{Log: slog.New(slog.DiscardHandler)})
	m.Usage()
	busyUntil := time.Now().Add(300 * time.Millisecond)
	for time.Now().Before(busyUntil) { // one processor at least is busy
	}
	m.mu.Lock()
	m.measure()
	m.mu.Unlock()
	u := m.Usage()
	if least := 100 / float64(runtime.NumCPU()) / 4; u.CPUPercent < least || u.CPUPercent > 100 {
		t.Errorf("cpu_percent %v with a processor busy, want at least %v", u.CPUPercent, least)
	}
	if u.Memory.Total == 0 || u.Memory.Used == 0 || u.Memory.Used > u.Memory.Total || u.Memory.Available > u.Memory.Total {
		t.Errorf("memory %+v", u.Memory)
	}
	if u.DiskRoot.Total == 0 || u.DiskRoot.Used+u.DiskRoot.Free > u.DiskRoot.Total || u.DiskRoot.Percent > 100 {
		t.Errorf("disk_root %+v", u.DiskRoot)
	}
	if u.Swap.Used+u.Swap.Free != u.Swap.Total {
		t.Errorf("swap %+v", u.Swap)
	}
	if u.Stale != nil {
		t.Errorf("stale: %v", u.Stale)
	}
}

// shape replaces every value in JSON by its type, so that names, nesting and types can be compared.
func shape(t *testing.T, v any) any {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var decoded any
	d := json.NewDecoder(strings.NewReader(string(text)))
	d.UseNumber()
	if err := d.Decode(&decoded); err != nil {
		t.Fatal(err)
	}
	return typesOf(decoded)
}

func typesOf(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for key := range v {
			v[key] = typesOf(v[key])
		}
		return v
	case []any:
		for i := range v {
			v[i] = typesOf(v[i])
		}
		return v
	case json.Number:
		return "number"
	case string:
		return "text"
	default:
		return v
	}
}

func TestShapesOfTheAnswers(t *testing.T) {
	type object = map[string]any
	const number, text = "number", "text"
	space := object{"total": number, "used": number, "free": number, "percent": number}
	usage := object{
		"cpu_percent": number,
		"memory":      object{"total": number, "used": number, "available": number, "percent": number},
		"swap":        space,
		"disk_root":   space,
		"net_io":      object{"bytes_sent": number, "bytes_recv": number, "packets_sent": number, "packets_recv": number},
	}
	info := object{
		"hostname": text, "platform": text, "uptime_seconds": number,
		"cpu":     object{"logical": number, "physical": number},
		"memory":  object{"total": number, "available": number},
		"loadavg": object{"1m": number, "5m": number, "15m": number},
	}
	process := object{
		"pid": number, "name": text, "username": text, "cpu_percent": number, "memory_percent": number,
		"rss": number, "cmdline": []any{text, text},
	}
	for name, pair := range map[string][2]any{
		"usage":      {shape(t, Usage{}), usage},
		"info":       {shape(t, Info{LoadAvg: &LoadAvg{}}), info},
		"process":    {shape(t, Process{Cmdline: []string{"a", "b"}}), process},
		"no loadavg": {shape(t, Info{}).(object)["loadavg"], nil},
	} {
		if diff := cmp.Diff(pair[1], pair[0]); diff != "" {
			t.Errorf("%s (- wanted, + got):\n%s", name, diff)
		}
	}
}

func TestInfoOfThisMachine(t *testing.T) {
	info, err := New(Options{}).Info()
	if err != nil {
		t.Fatal(err)
	}
	if name, _ := os.Hostname(); info.Hostname != name {
		t.Errorf("hostname %q, want %q", info.Hostname, name)
	}
	if !strings.HasPrefix(strings.ToLower(info.Platform), runtime.GOOS+"-") {
		t.Errorf("platform %q", info.Platform)
	}
	if info.UptimeSeconds <= 0 || info.CPU.Logical < 1 || info.CPU.Physical < 1 || info.CPU.Physical > info.CPU.Logical {
		t.Errorf("%+v", info)
	}
	if info.Memory.Total == 0 || info.Memory.Available > info.Memory.Total || info.LoadAvg == nil {
		t.Errorf("%+v", info)
	}
}
