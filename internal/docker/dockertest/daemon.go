package dockertest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	containertypes "github.com/docker/docker/api/types/container"
	"github.com/docker/docker/client"
)

// Daemon is a dockerd of the tests' own.
type Daemon struct {
	Host string // its DOCKER_HOST

	folder string
	bridge bridge

	mu      sync.Mutex
	process *process // nil while it does not run
}

// newDaemon makes a daemon that is not started yet.
func newDaemon() (*Daemon, error) {
	if os.Geteuid() != 0 {
		return nil, errors.New("no Docker engine answers and only root can start one: start it, or name another in DOCKER_HOST")
	}
	if _, err := exec.LookPath("dockerd"); err != nil {
		return nil, errors.New("no Docker engine answers and there is no dockerd: run make setup, or name an engine in DOCKER_HOST")
	}
	folder, err := os.MkdirTemp("", "hub-engine-")
	if err != nil {
		return nil, err
	}
	d := &Daemon{Host: "unix://" + filepath.Join(folder, "docker.sock"), folder: folder}
	if d.bridge, err = newBridge(); err != nil {
		os.RemoveAll(folder)
		return nil, err
	}
	return d, nil
}

// Start starts it, or starts it again after Stop or Kill, with all that it had.
func (d *Daemon) Start() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.process != nil {
		return errors.New("the engine runs already")
	}
	// A killed one leaves these, and takes the zombie of its containerd for one that runs.
	_ = os.Remove(filepath.Join(d.folder, "pid"))
	_ = os.Remove(filepath.Join(d.folder, "exec/containerd/containerd.pid"))
	p, err := start(filepath.Join(d.folder, "log"), "dockerd",
		"--host", d.Host, "--data-root", filepath.Join(d.folder, "data"), "--exec-root", filepath.Join(d.folder, "exec"),
		"--pidfile", filepath.Join(d.folder, "pid"), "--bridge", d.bridge.name,
		"--iptables=false", "--ip6tables=false", "--ip-masq=false", "--ip-forward=false", "--shutdown-timeout", "2")
	if err != nil {
		return err
	}
	api, err := client.NewClientWithOpts(client.WithHost(d.Host))
	if err != nil {
		return err
	}
	defer api.Close()
	for range 600 {
		if _, err = api.Ping(context.Background()); err == nil {
			d.process = p
			return nil
		}
		select {
		case <-p.gone:
			return fmt.Errorf("dockerd ended: %s", d.lastWords())
		case <-time.After(50 * time.Millisecond):
		}
	}
	p.end(syscall.SIGKILL)
	return fmt.Errorf("dockerd does not answer: %w: %s", err, d.lastWords())
}

// Stop ends it in order, its containers too.
func (d *Daemon) Stop() { d.end(syscall.SIGTERM) }

// Kill ends it at once, as a crash does.
func (d *Daemon) Kill() { d.end(syscall.SIGKILL) }

// Hang stops its process without ending it, until the returned function is called.
func (d *Daemon) Hang() (goOn func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	p := d.process
	p.signal(syscall.SIGSTOP)
	p.stopped()
	return func() { p.signal(syscall.SIGCONT) }
}

func (d *Daemon) end(signal syscall.Signal) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.process != nil {
		d.process.end(signal)
		d.process = nil
	}
}

// remove ends it for good, with all that it had.
func (d *Daemon) remove() error {
	if err := d.Start(); err == nil || d.process != nil {
		d.empty() // what a killed daemon left running is its child no more
	}
	d.Stop()
	killAll(d.folder)
	d.bridge.remove()
	d.unmount()
	return os.RemoveAll(d.folder)
}

// empty removes its containers.
func (d *Daemon) empty() {
	api, err := client.NewClientWithOpts(client.WithHost(d.Host), client.WithAPIVersionNegotiation())
	if err != nil {
		return
	}
	defer api.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	containers, _ := api.ContainerList(ctx, containertypes.ListOptions{All: true})
	for _, c := range containers {
		_ = api.ContainerRemove(ctx, c.ID, containertypes.RemoveOptions{Force: true, RemoveVolumes: true})
	}
}

// unmount lets go of what a killed daemon left mounted under its folder.
func (d *Daemon) unmount() {
	mounts, _ := os.ReadFile("/proc/self/mounts")
	for line := range strings.Lines(string(mounts)) {
		if fields := strings.Fields(line); len(fields) > 1 && strings.HasPrefix(fields[1], d.folder+"/") {
			_ = syscall.Unmount(fields[1], syscall.MNT_DETACH)
		}
	}
}

func (d *Daemon) lastWords() string {
	log, _ := os.ReadFile(filepath.Join(d.folder, "log"))
	lines := bytes.Split(bytes.TrimSpace(log), []byte("\n"))
	return string(bytes.Join(lines[max(0, len(lines)-5):], []byte("; ")))
}
