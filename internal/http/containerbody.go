package http

import (
	"encoding/json"

	"hub/internal/docker"
)

// runContainerBody is the body of /docker/run.
type runContainerBody struct {
	Image      string                     `json:"image" check:"required" description:"name, with a tag or digest where wanted, or an id; pulled where it is missing"`
	Name       string                     `json:"name" description:"the engine makes one up where none is given"`
	Command    json.RawMessage            `json:"command" types:"string,array" description:"one string, split as a shell splits words (no shell sees it), or a list of words"`
	Ports      map[string]json.RawMessage `json:"ports" description:"by the container's port, such as 80/tcp, the host's: 8080, \"127.0.0.1:8080\", [\"127.0.0.1\", 8080], a list of these, or null for any"`
	Env        map[string]string          `json:"env" check:"loose"`
	Detach     bool                       `json:"detach" description:"default true; false waits for the container's end and answers with its exit code and logs"`
	Entrypoint json.RawMessage            `json:"entrypoint" types:"string,array" description:"as command; the image's where none is given"`
	Labels     map[string]string          `json:"labels" check:"loose"`
	WorkingDir string                     `json:"working_dir" description:"absolute"`
	User       string                     `json:"user" check:"loose" description:"name, uid or uid:gid"`
	Hostname   string                     `json:"hostname"`
	Restart    string                     `json:"restart_policy" description:"no, always, unless-stopped, on-failure or on-failure:5"`
}

func (b runContainerBody) spec() (s docker.RunSpec, err error) {
	s = docker.RunSpec{
		Image: b.Image, Name: b.Name, Env: b.Env, Labels: b.Labels, WorkingDir: b.WorkingDir, User: b.User, Hostname: b.Hostname, Restart: b.Restart,
	}
	if s.Command, err = argv("command", b.Command); err != nil {
		return s, err
	}
	if s.Entrypoint, err = argv("entrypoint", b.Entrypoint); err != nil {
		return s, err
	}
	s.Ports, err = hostPorts(b.Ports)
	return s, err
}

// runExtendedBody is the body of /docker/run-extended. What is not here, such as
// privileged, cannot be asked for.
type runExtendedBody struct {
	runContainerBody
	limitsBody
	Volumes    map[string]mountBody `json:"volumes" description:"by a volume's name or an absolute path of the host"`
	Network    string               `json:"network" description:"by name or id; host and container:x need allow_host_access"`
	StorageOpt map[string]string    `json:"storage_opt" check:"loose" description:"size alone, where the engine's storage can bound it"`
	LogDriver  string               `json:"log_driver" description:"json-file, local, none or journald"`
	LogOptions map[string]string    `json:"log_options" check:"loose" description:"max-size, max-file, mode, max-buffer-size, labels, env, tag, compress"`
}

// mountBody is where a volume or folder stands in the container.
type mountBody struct {
	Bind string `json:"bind" check:"required" description:"absolute path in the container"`
	Mode string `json:"mode" description:"rw, the default, or ro; beside it z, Z, nocopy"`
}

// limitsBody is what a container may use.
type limitsBody struct {
	MemLimit     string `json:"mem_limit" check:"loose" description:"bytes, or with a unit: 512m; at least 6m"`
	MemswapLimit string `json:"memswap_limit" check:"loose" description:"memory and swap together, at least mem_limit; -1 is no bound of swap"`
	NanoCPUs     int64  `json:"nano_cpus" check:"loose" description:"1000000000 is one CPU"`
	CPUShares    int64  `json:"cpu_shares" check:"loose" description:"weight where CPUs are short; 1024 where none is given"`
	PidsLimit    *int64 `json:"pids_limit" check:"loose" description:"processes and threads; -1 is no bound"`
	CpusetCpus   string `json:"cpuset_cpus" check:"loose" description:"such as 0-3,5"`
	CpusetMems   string `json:"cpuset_mems" check:"loose" description:"such as 0,1"`
}

func (b limitsBody) limits() docker.Limits {
	return docker.Limits{
		Memory: b.MemLimit, MemorySwap: b.MemswapLimit, NanoCPUs: b.NanoCPUs, CPUShares: b.CPUShares,
		PIDs: b.PidsLimit, CPUs: b.CpusetCpus, MemoryNodes: b.CpusetMems,
	}
}

func (b runExtendedBody) spec() (docker.RunSpec, error) {
	s, err := b.runContainerBody.spec()
	s.Limits, s.Network, s.StorageOpt, s.LogDriver, s.LogOptions = b.limits(), b.Network, b.StorageOpt, b.LogDriver, b.LogOptions
	for source, m := range b.Volumes {
		s.Mounts = append(s.Mounts, docker.Mount{Source: source, Target: m.Bind, Mode: m.Mode})
	}
	return s, err
}
