package docker

import (
	"encoding/json"
	"testing"

	containertypes "github.com/docker/docker/api/types/container"
)

// The figures are those that docker stats shows for the same counters.
func TestFiguresAreMadeOfTheEnginesCounters(t *testing.T) {
	for name, c := range map[string]struct{ counters, want string }{
		"cgroup v1": {`{
			"cpu_stats": {"cpu_usage": {"total_usage": 3000, "percpu_usage": [1, 2]}, "system_cpu_usage": 20000, "online_cpus": 4},
			"precpu_stats": {"cpu_usage": {"total_usage": 1000}, "system_cpu_usage": 12000},
			"memory_stats": {"usage": 1000, "limit": 4000, "stats": {"total_inactive_file": 200, "inactive_file": 100}},
			"networks": {"eth0": {"rx_bytes": 10, "tx_bytes": 1}, "eth1": {"rx_bytes": 20, "tx_bytes": 2}},
			"blkio_stats": {"io_service_bytes_recursive": [{"op": "Read", "value": 7}, {"op": "Write", "value": 8}, {"op": "Total", "value": 15}, {"op": "read", "value": 1}]},
			"pids_stats": {"current": 5}}`,
			`{"cpu_percent":100,"memory":{"used":800,"limit":4000,"percent":20},"network":{"rx":30,"tx":3},"block":{"read":8,"write":8},"pids":5}`},
		"cgroup v2": {`{
			"cpu_stats": {"cpu_usage": {"total_usage": 300, "percpu_usage": [1, 2]}, "system_cpu_usage": 2000},
			"precpu_stats": {"cpu_usage": {"total_usage": 100}, "system_cpu_usage": 1200},
			"memory_stats": {"usage": 1000, "limit": 2000, "stats": {"inactive_file": 500}}}`,
			`{"cpu_percent":50,"memory":{"used":500,"limit":2000,"percent":25},"network":{"rx":0,"tx":0},"block":{"read":0,"write":0},"pids":0}`},
		"the first of a stream": {`{"cpu_stats": {"cpu_usage": {"total_usage": 300}, "system_cpu_usage": 2000, "online_cpus": 2}, "precpu_stats": {}, "memory_stats": {"usage": 10, "stats": {"inactive_file": 50}}}`,
			`{"cpu_percent":0,"memory":{"used":10,"limit":0,"percent":0},"network":{"rx":0,"tx":0},"block":{"read":0,"write":0},"pids":0}`},
		"one that has stopped": {`{"read":"0001-01-01T00:00:00Z","cpu_stats":{},"precpu_stats":{"cpu_usage":{"total_usage":5},"system_cpu_usage":9},"memory_stats":{}}`,
			`{"cpu_percent":0,"memory":{"used":0,"limit":0,"percent":0},"network":{"rx":0,"tx":0},"block":{"read":0,"write":0},"pids":0}`},
	} {
		var r containertypes.StatsResponse
		if err := json.Unmarshal([]byte(c.counters), &r); err != nil {
			t.Fatal(err)
		}
		if got, err := json.Marshal(stats(&r)); err != nil || string(got) != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}
