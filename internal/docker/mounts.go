package docker

import (
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// Mount is a folder or file of the host, or a volume, in a container.
type Mount struct {
	Source string // an absolute path of the host, or the name of a volume; either is made where there is none
	Target string // an absolute path of the container
	Mode   string // "rw", "ro", "z", "Z", "nocopy" or several with commas; "" is "rw"
}

// binds are mounts as the engine takes them. The host's folders are given without
// links, as they were looked at here. The errors: ErrInvalid, ErrForbidden.
func (e *Engine) binds(mounts []Mount) ([]string, error) {
	var binds []string
	for _, m := range mounts {
		source, err := e.source(m.Source)
		if err != nil {
			return nil, err
		}
		target, mode := path.Clean(m.Target), m.Mode
		if !path.IsAbs(m.Target) || target == "/" || strings.ContainsAny(m.Target, ":\x00") {
			return nil, invalid("volumes", "cannot mount %s at %q: it must be an absolute path in the container, not / itself, without a colon", m.Source, shorten(m.Target))
		}
		if mode == "" {
			mode = "rw"
		}
		for option := range strings.SplitSeq(mode, ",") {
			if !slices.Contains([]string{"rw", "ro", "z", "Z", "nocopy"}, option) {
				return nil, invalid("volumes", "cannot mount %s as %q: the modes are rw and ro, beside them z, Z and nocopy", m.Source, shorten(mode))
			}
		}
		binds = append(binds, source+":"+target+":"+mode)
	}
	slices.Sort(binds)
	return binds, nil
}

// source is what may be mounted: a volume's name, or a path of the host.
func (e *Engine) source(given string) (string, error) {
	switch {
	case idGrammar.MatchString(given):
		return given, nil
	case !filepath.IsAbs(given) || strings.ContainsAny(given, ":\x00"):
		return "", invalid("volumes", "cannot mount %q: it must be a volume's name or an absolute path of the host, without a colon", shorten(given))
	}
	whole := filepath.Clean(given)
	if _, local := strings.CutPrefix(e.Host(), "unix://"); local {
		real, err := resolved(whole)
		if err != nil {
			return "", pathError(whole, err)
		}
		whole = real
	}
	if strings.Contains(whole, ":") {
		return "", invalid("volumes", "cannot mount %q: it leads to %s, which has a colon", shorten(given), whole)
	}
	if !e.o.AllowHostAccess {
		if _, proc := under("/proc", whole); proc {
			return "", fail(ErrForbidden, "cannot mount %s: /proc leads to all of the host; allow_host_access would allow that", given)
		}
		for _, socket := range e.sockets() {
			if _, holds := under(whole, socket); holds {
				return "", fail(ErrForbidden, "cannot mount %s: it holds the engine's socket %s; allow_host_access would allow that", given, socket)
			}
		}
	}
	return whole, e.o.Roots.Allows(whole)
}

// sockets are where an engine, or what runs its containers, is spoken to: whoever
// has one of them has the host.
func (e *Engine) sockets() []string {
	sockets := []string{"/run/docker.sock", "/var/run/docker.sock", "/run/containerd/containerd.sock", "/run/docker/containerd/containerd.sock"}
	own, local := strings.CutPrefix(e.Host(), "unix://")
	if !local {
		return sockets
	}
	if real, err := resolved(filepath.Clean(own)); err == nil {
		sockets = append(sockets, real)
	}
	return append(sockets, own)
}
