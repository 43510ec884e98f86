package docker

import (
	"maps"
	"slices"
	"strings"

	containertypes "github.com/docker/docker/api/types/container"
	networktypes "github.com/docker/docker/api/types/network"
)

// RunSpec says what is run. All but the image may be left out. What is not here
// cannot be asked for: no privileges, no devices, no capabilities, no namespaces
// of others.
type RunSpec struct {
	Image      string // as the docker command takes it: a name, with a tag or digest, or an id
	Name       string // "" lets the engine make one up
	Command    []string
	Entrypoint []string // nil is the image's
	Env        map[string]string
	Ports      Ports
	Labels     map[string]string
	WorkingDir string // absolute
	User       string // "name", "uid" or "uid:gid"
	Hostname   string

	Mounts     []Mount
	Network    string // by name or id; "none" for none, "" for the engine's own
	Limits     Limits
	StorageOpt map[string]string // "size" alone, where the engine's storage can bound it
	LogDriver  string            // "" is the engine's own
	LogOptions map[string]string
	Restart    string // "no", "always", "unless-stopped", "on-failure", "on-failure:5"
}

// CheckRun says what is wrong with a spec before anything is done, as far as that
// shows without the engine: ErrInvalid with the field, ErrForbidden.
func (e *Engine) CheckRun(s RunSpec) error {
	_, _, err := e.configs(s)
	return err
}

// configs are a spec as the engine takes it, made from nothing.
func (e *Engine) configs(s RunSpec) (*containertypes.Config, *containertypes.HostConfig, error) {
	exposed, bindings, err := s.Ports.bindings()
	if err != nil {
		return nil, nil, err
	}
	env, err := environment(s.Env)
	if err != nil {
		return nil, nil, err
	}
	if err := s.checkWords(); err != nil {
		return nil, nil, err
	}
	host := &containertypes.HostConfig{PortBindings: bindings, NetworkMode: containertypes.NetworkMode(s.Network), StorageOpt: s.StorageOpt}
	if host.Binds, err = e.binds(s.Mounts); err != nil {
		return nil, nil, err
	}
	if host.Resources, err = s.Limits.resources(); err != nil {
		return nil, nil, err
	}
	if host.MemorySwap != 0 && host.Memory == 0 {
		return nil, nil, invalid("memswap_limit", "it needs mem_limit beside it, which it includes")
	}
	if host.RestartPolicy, err = restartPolicy(s.Restart); err != nil {
		return nil, nil, err
	}
	if host.LogConfig, err = e.logSettings(s.LogDriver, s.LogOptions); err != nil {
		return nil, nil, err
	}
	return &containertypes.Config{
		Image: s.Image, Cmd: s.Command, Entrypoint: s.Entrypoint, Env: env, ExposedPorts: exposed,
		Labels: s.Labels, WorkingDir: s.WorkingDir, User: s.User, Hostname: s.Hostname,
	}, host, e.checkNetwork(s.Network)
}

// checkWords looks at what needs no more than its own text.
func (s RunSpec) checkWords() error {
	if _, err := parseImage("image", s.Image); err != nil {
		return err
	}
	switch {
	case s.Name != "" && (!idGrammar.MatchString(s.Name) || len(s.Name) < 2):
		return invalid("name", "%q cannot be a container's name: it has at least two of a-z A-Z 0-9 _ . - and begins with a letter or digit", shorten(s.Name))
	case s.WorkingDir != "" && !strings.HasPrefix(s.WorkingDir, "/"):
		return invalid("working_dir", "%q is no absolute path of the container", shorten(s.WorkingDir))
	case strings.ContainsAny(s.Hostname, " /:\n\x00") || len(s.Hostname) > 64:
		return invalid("hostname", "%q cannot be a host's name", shorten(s.Hostname))
	}
	for option, value := range s.StorageOpt {
		if option != "size" {
			return invalid("storage_opt", "%q is not known, only size", shorten(option))
		}
		if _, err := size("storage_opt", value); err != nil {
			return err
		}
	}
	return nil
}

// environment is sorted, so that the same request makes the same container.
func environment(env map[string]string) ([]string, error) {
	var list []string
	for _, name := range slices.Sorted(maps.Keys(env)) {
		if name == "" || strings.ContainsAny(name, "=\x00") || strings.ContainsRune(env[name], 0) {
			return nil, invalid("env", "%q cannot be set: a name is not empty and has no =, and neither it nor its value has a NUL", shorten(name))
		}
		list = append(list, name+"="+env[name])
	}
	return list, nil
}

// checkNetwork keeps the host's network and those of other containers from a
// container, unless the host is the requests' to use.
func (e *Engine) checkNetwork(name string) error {
	mode := containertypes.NetworkMode(name)
	switch {
	case name == "" || e.o.AllowHostAccess && (mode.IsHost() || mode.IsContainer()):
		return nil
	case mode.IsHost() || mode.IsContainer():
		return fail(ErrForbidden, "the network %q is not allowed: it is that of the host or of another container; allow_host_access would allow it", shorten(name))
	case !idGrammar.MatchString(name):
		return invalid("network", "%q cannot be a network's name", shorten(name))
	}
	return nil
}

// ownNetwork reports whether a network is none that could be looked up.
func ownNetwork(name string) bool {
	mode := containertypes.NetworkMode(name)
	return name == "" || name == networktypes.NetworkBridge || mode.IsDefault() || mode.IsNone() || mode.IsHost() || mode.IsContainer()
}
