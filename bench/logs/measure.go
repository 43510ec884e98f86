//go:build linux

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"os/exec"
	"syscall"
	"time"

	"github.com/coder/websocket"

	"hub/bench/internal/proc"
)

// start begins a container of a new name.
func (o options) start(ctx context.Context) (name string, remove func(), err error) {
	name = fmt.Sprintf("bench-logs-%08x", rand.Uint32())
	out, err := exec.CommandContext(ctx, "docker", "run", "-d", "--name", name, o.image, "sh", "-c", o.script()).CombinedOutput()
	if err != nil {
		return "", nil, fmt.Errorf("cannot start a container of %s (-image names another): %w\n%s", o.image, err, out)
	}
	return name, func() { _ = exec.Command("docker", "rm", "-f", name).Run() }, nil
}

// dockerLogs is what docker logs -f spends on a container's whole log.
func dockerLogs(ctx context.Context, o options) (time.Duration, error) {
	name, remove, err := o.start(ctx)
	if err != nil {
		return 0, err
	}
	defer remove()
	command := exec.CommandContext(ctx, "docker", "logs", "-f", name) // its output goes to /dev/null
	if err := command.Run(); err != nil {
		return 0, fmt.Errorf("docker logs failed: %w", err)
	}
	return command.ProcessState.UserTime() + command.ProcessState.SystemTime(), nil
}

// hubLogs is what a hub spends on the same, from before its reader comes until the
// container's end has arrived there.
func hubLogs(ctx context.Context, program, dir string, o options) (cpu time.Duration, err error) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Minute)
	defer cancel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	addr := listener.Addr().String()
	listener.Close()
	hub := exec.CommandContext(ctx, program, "--listen", addr)
	hub.Dir = dir
	var said bytes.Buffer
	hub.Stdout, hub.Stderr = &said, &said
	if err := hub.Start(); err != nil {
		return 0, err
	}
	defer func() {
		_ = hub.Process.Signal(syscall.SIGTERM)
		_ = hub.Wait()
		if err != nil {
			err = fmt.Errorf("%w\nthe hub said: %s", err, said.String())
		}
	}()
	if err := ready(ctx, addr); err != nil {
		return 0, err
	}
	before, err := proc.CPU(hub.Process.Pid)
	if err != nil {
		return 0, err
	}
	name, remove, err := o.start(ctx)
	if err != nil {
		return 0, err
	}
	defer remove()
	if err := read(ctx, "ws://"+addr+"/stream/containers/"+name+"/logs?since=all", o.lines); err != nil {
		return 0, err
	}
	after, err := proc.CPU(hub.Process.Pid)
	return after - before, err
}

func ready(ctx context.Context, addr string) error {
	for ctx.Err() == nil {
		if answer, err := http.Get("http://" + addr + "/readyz"); err == nil {
			answer.Body.Close()
			if answer.StatusCode == http.StatusOK {
				return nil
			}
		}
		time.Sleep(20 * time.Millisecond)
	}
	return errors.New("the hub does not become ready")
}

// read takes everything up to the container's end, and counts the lines.
func read(ctx context.Context, url string, want int) error {
	c, _, err := websocket.Dial(ctx, url, nil)
	if err != nil {
		return err
	}
	defer c.CloseNow()
	for lines := 0; ; {
		_, message, err := c.Read(ctx)
		if err != nil {
			return fmt.Errorf("after %d lines: %w", lines, err)
		}
		switch {
		case bytes.Contains(message, []byte(`"type":"line"`)):
			lines++
		case bytes.Contains(message, []byte(`"event":"stopped"`)):
			if lines != want {
				return fmt.Errorf("%d lines came, want %d", lines, want)
			}
			return nil
		case bytes.Contains(message, []byte(`"type":"gap"`)) || !json.Valid(message):
			return fmt.Errorf("after %d lines: %s", lines, message)
		}
	}
}
