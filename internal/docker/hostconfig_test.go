package docker

import (
	"errors"
	"testing"

	containertypes "github.com/docker/docker/api/types/container"
	"github.com/docker/go-connections/nat"
	"github.com/google/go-cmp/cmp"

	"hub/internal/docker/dockertest"
)

// configured is what the engine is sent for a spec.
func configured(t *testing.T, o Options, s RunSpec) (*containertypes.Config, *containertypes.HostConfig, error) {
	t.Helper()
	o.Host = "unix:///nowhere/engine.sock"
	e, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	if s.Image == "" {
		s.Image = "busybox"
	}
	return e.configs(s)
}

func TestTheEngineIsSentWhatTheSpecSaysAndNothingElse(t *testing.T) {
	pids := int64(64)
	folder := t.TempDir()
	config, host, err := configured(t, Options{}, RunSpec{
		Image: "busybox:1", Name: "web", Command: []string{"a", "b c"}, Entrypoint: []string{"sh"}, Env: map[string]string{"B": "2", "A": "1=1"},
		Ports: Ports{"80/tcp": {{"127.0.0.1", 8080}, {"", 8081}}, "53/udp": nil}, Labels: map[string]string{"l": "1"},
		WorkingDir: "/srv", User: "1:2", Hostname: "h",
		Mounts:  []Mount{{folder, "/data/", "ro"}, {"vol", "/v", ""}},
		Network: "front", StorageOpt: map[string]string{"size": "10G"}, LogDriver: "local", LogOptions: map[string]string{"max-size": "1m"},
		Limits:  Limits{"512m", "1g", 500_000_000, 256, &pids, "0-1", "0"},
		Restart: "on-failure:3",
	})
	if err != nil {
		t.Fatal(err)
	}
	real, err := resolved(folder)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(&containertypes.Config{
		Image: "busybox:1", Cmd: []string{"a", "b c"}, Entrypoint: []string{"sh"}, Env: []string{"A=1=1", "B=2"},
		ExposedPorts: nat.PortSet{"80/tcp": {}, "53/udp": {}}, Labels: map[string]string{"l": "1"}, WorkingDir: "/srv", User: "1:2", Hostname: "h",
	}, config); diff != "" {
		t.Errorf("the config: %s", diff)
	}
	if diff := cmp.Diff(&containertypes.HostConfig{
		Binds:        []string{real + ":/data:ro", "vol:/v:rw"},
		PortBindings: nat.PortMap{"80/tcp": {{HostIP: "127.0.0.1", HostPort: "8080"}, {HostPort: "8081"}}, "53/udp": {{}}},
		NetworkMode:  "front", StorageOpt: map[string]string{"size": "10G"},
		LogConfig:     containertypes.LogConfig{Type: "local", Config: map[string]string{"max-size": "1m"}},
		RestartPolicy: containertypes.RestartPolicy{Name: "on-failure", MaximumRetryCount: 3},
		Resources: containertypes.Resources{
			Memory: 512 << 20, MemorySwap: 1 << 30, NanoCPUs: 500_000_000, CPUShares: 256, PidsLimit: &pids, CpusetCpus: "0-1", CpusetMems: "0",
		},
	}, host); diff != "" {
		t.Errorf("the host config: %s", diff)
	}
}

func TestAFieldThatCannotBeIsNamed(t *testing.T) {
	negative := int64(-2)
	for name, c := range map[string]struct {
		field string
		spec  RunSpec
	}{
		"no image":          {"image", RunSpec{Image: "Not An Image"}},
		"flag as a name":    {"name", RunSpec{Name: "--privileged"}},
		"path as a name":    {"name", RunSpec{Name: "../x"}},
		"one letter":        {"name", RunSpec{Name: "x"}},
		"host port":         {"ports", RunSpec{Ports: Ports{"80": {{"", 65536}}}}},
		"negative port":     {"ports", RunSpec{Ports: Ports{"80": {{"", -1}}}}},
		"host address":      {"ports", RunSpec{Ports: Ports{"80": {{"localhost", 1}}}}},
		"port 0":            {"ports", RunSpec{Ports: Ports{"0/tcp": nil}}},
		"port range":        {"ports", RunSpec{Ports: Ports{"80-90/tcp": nil}}},
		"protocol":          {"ports", RunSpec{Ports: Ports{"80/http": nil}}},
		"port word":         {"ports", RunSpec{Ports: Ports{"web": nil}}},
		"env name":          {"env", RunSpec{Env: map[string]string{"A=B": "1"}}},
		"env NUL":           {"env", RunSpec{Env: map[string]string{"A": "\x00"}}},
		"size":              {"mem_limit", RunSpec{Limits: Limits{Memory: "lots"}}},
		"negative size":     {"mem_limit", RunSpec{Limits: Limits{Memory: "-1"}}},
		"too little":        {"mem_limit", RunSpec{Limits: Limits{Memory: "1m"}}},
		"swap":              {"memswap_limit", RunSpec{Limits: Limits{Memory: "64m", MemorySwap: "32m"}}},
		"swap alone":        {"memswap_limit", RunSpec{Limits: Limits{MemorySwap: "32m"}}},
		"swap word":         {"memswap_limit", RunSpec{Limits: Limits{Memory: "64m", MemorySwap: "-2"}}},
		"cpus":              {"nano_cpus", RunSpec{Limits: Limits{NanoCPUs: -1}}},
		"shares":            {"cpu_shares", RunSpec{Limits: Limits{CPUShares: -1}}},
		"pids":              {"pids_limit", RunSpec{Limits: Limits{PIDs: &negative}}},
		"cpuset":            {"cpuset_cpus", RunSpec{Limits: Limits{CPUs: "all"}}},
		"mems":              {"cpuset_mems", RunSpec{Limits: Limits{MemoryNodes: "0;1"}}},
		"storage option":    {"storage_opt", RunSpec{StorageOpt: map[string]string{"dm.x": "1"}}},
		"storage size":      {"storage_opt", RunSpec{StorageOpt: map[string]string{"size": "big"}}},
		"policy":            {"restart_policy", RunSpec{Restart: "sometimes"}},
		"policy count":      {"restart_policy", RunSpec{Restart: "always:3"}},
		"policy no count":   {"restart_policy", RunSpec{Restart: "on-failure:x"}},
		"network":           {"network", RunSpec{Network: "a/b"}},
		"namespace":         {"network", RunSpec{Network: "ns:/proc/1/ns/net"}},
		"folder":            {"working_dir", RunSpec{WorkingDir: "srv"}},
		"hostname":          {"hostname", RunSpec{Hostname: "a b"}},
		"relative source":   {"volumes", RunSpec{Mounts: []Mount{{"./x", "/x", ""}}}},
		"no source":         {"volumes", RunSpec{Mounts: []Mount{{"", "/x", ""}}}},
		"second source":     {"volumes", RunSpec{Mounts: []Mount{{"/tmp/x:/etc", "/x", ""}}}},
		"relative target":   {"volumes", RunSpec{Mounts: []Mount{{"vol", "x", ""}}}},
		"root as a target":  {"volumes", RunSpec{Mounts: []Mount{{"vol", "/x/..", ""}}}},
		"mode in a target":  {"volumes", RunSpec{Mounts: []Mount{{"vol", "/x:ro", ""}}}},
		"mode":              {"volumes", RunSpec{Mounts: []Mount{{"vol", "/x", "exec"}}}},
		"shared mount mode": {"volumes", RunSpec{Mounts: []Mount{{"vol", "/x", "rw,rshared"}}}},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := configured(t, Options{}, c.spec)
			isError(t, name, err, ErrInvalid, c.field)
		})
	}
}

func TestWhatSizesAndPoliciesMean(t *testing.T) {
	for text, want := range map[string]int64{"512m": 512 << 20, "1g": 1 << 30, "8388608": 8 << 20, "7168k": 7 << 20, "64MiB": 64 << 20} {
		if r, err := (Limits{Memory: text}).resources(); err != nil || r.Memory != want {
			t.Errorf("%s: %d, %v", text, r.Memory, err)
		}
	}
	if r, err := (Limits{Memory: "64m", MemorySwap: "-1"}).resources(); err != nil || r.MemorySwap != -1 {
		t.Errorf("-1: %d, %v", r.MemorySwap, err)
	}
	for _, text := range []string{"", "no", "always", "unless-stopped", "on-failure", "on-failure:0"} {
		if _, err := restartPolicy(text); err != nil {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestWithoutLeaveARunDoesNotReachTheHost(t *testing.T) {
	for name, c := range map[string]struct {
		spec RunSpec
		also bool // whether allow_host_access allows it
	}{
		"host network":      {RunSpec{Network: "host"}, true},
		"container network": {RunSpec{Network: "container:web"}, true},
		"syslog":            {RunSpec{LogDriver: "syslog"}, true},
		"gelf option":       {RunSpec{LogDriver: "json-file", LogOptions: map[string]string{"gelf-address": "udp://169.254.169.254:1"}}, true},
		"the host's root":   {RunSpec{Mounts: []Mount{{"/", "/host", "ro"}}}, true},
		"the socket":        {RunSpec{Mounts: []Mount{{"/var/run/docker.sock", "/s", ""}}}, true},
		"its folder":        {RunSpec{Mounts: []Mount{{"/run/", "/s", ""}}}, true},
		"another way":       {RunSpec{Mounts: []Mount{{"/tmp/../run/./docker.sock", "/s", ""}}}, true},
		"through proc":      {RunSpec{Mounts: []Mount{{"/proc/self/root", "/s", ""}}}, true},
		"this engine's":     {RunSpec{Mounts: []Mount{{"/nowhere", "/s", ""}}}, true},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := configured(t, Options{}, c.spec)
			isError(t, name, err, ErrForbidden, "")
			if err != nil && !containsWord(err.Error(), "allow_host_access") {
				t.Errorf("it does not say what would allow it: %v", err)
			}
			if _, _, err := configured(t, Options{AllowHostAccess: true}, c.spec); err != nil {
				t.Errorf("with leave: %v", err)
			}
		})
	}
}

func TestOnlyFoldersOfTheRootsAreMounted(t *testing.T) {
	top := tree(t)
	roots := Options{Roots: Roots{top + "/in"}}
	for source, kind := range map[string]error{
		top + "/in": nil, top + "/in/site/": nil, top + "/in/near/sub": nil, top + "/in/new/folder": nil, top + "/alias/site": nil,
		top + "/out": ErrForbidden, top + "/in/away": ErrForbidden, top + "/in/up/x": ErrForbidden, top + "/in/../out": ErrForbidden,
		top + "/in/nowhere": ErrBadInput, "/etc": ErrForbidden,
	} {
		_, host, err := configured(t, roots, RunSpec{Mounts: []Mount{{source, "/m", ""}}})
		if !errors.Is(err, kind) {
			t.Errorf("%s: %v, want %v", source, err, kind)
		}
		if err == nil && containsWord(host.Binds[0], "near") {
			t.Errorf("the engine is handed a link: %s", host.Binds[0])
		}
	}
}

func TestTheHostsNetworkIsNotReachedByItsID(t *testing.T) {
	t.Parallel()
	r := newRunner(t, Options{})
	api := dockertest.Client(t, r.e.Host())
	host, err := api.NetworkInspect(t.Context(), "host", inspectOptions)
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{host.ID, host.ID[:12]} {
		_, err := r.try(RunSpec{Network: id})
		isError(t, id, err, ErrForbidden, "")
	}
}
