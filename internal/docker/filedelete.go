package docker

import (
	"context"
	"slices"
	"strings"
)

// Folders that no request may delete in a container, and those of which it may
// not delete what lies in them either: the kernel's, shared with the host.
var (
	keptFolders   = []string{"/", "/dev", "/proc", "/sys"}
	kernelFolders = []string{"/proc/", "/sys/"}
)

// mostSaid is how many bytes of what rm says are kept.
const mostSaid = 64 << 10

// Deleted is how rm ended.
type Deleted struct {
	ExitCode int    // 0 also where there was nothing
	Output   string // what rm said, at most its first 64 KiB
}

// DeleteFile runs rm -rf in a running container, as its root, with the path as an
// argument of its own. Where the container does not run or has no rm it is an
// ErrConflict, and an ErrForbidden for /, /dev, /proc and /sys; /etc needs force. A
// link is deleted, not what it leads to.
func (e *Engine) DeleteFile(ctx context.Context, idOrName, path string, force bool) (Deleted, error) {
	clean, err := checkPath(path)
	if err != nil {
		return Deleted{}, err
	}
	tried := "cannot delete " + quoted(clean) + " in container"
	switch {
	case slices.Contains(keptFolders, clean), slices.ContainsFunc(kernelFolders, func(f string) bool { return strings.HasPrefix(clean, f) }):
		return Deleted{}, fail(ErrForbidden, "%s: a container cannot be without it", tried)
	case clean == "/etc" && !force:
		return Deleted{}, fail(ErrForbidden, "%s: a container needs it; with force it is deleted all the same", tried)
	}
	c, err := e.running(ctx, tried, idOrName)
	if err != nil {
		return Deleted{}, err
	}
	var said []byte
	exitCode, err := e.Exec(ctx, ExecSpec{Container: c.ID, Cmd: []string{"rm", "-rf", "--", clean}, User: "0", Workdir: "/"},
		func(_ string, p []byte) { said = append(said, p[:min(len(p), mostSaid-len(said))]...) })
	d := Deleted{exitCode, strings.ToValidUTF8(string(said), "\uFFFD")}
	if err == nil && exitCode >= 126 && strings.Contains(d.Output, "executable file not found") {
		return d, fail(ErrConflict, "%s %s: it has no rm", tried, c.Name)
	}
	return d, err
}
