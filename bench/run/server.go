//go:build linux

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

const (
	readyWithin = 10 * time.Second
	goneWithin  = 12 * time.Second // a hub may take 10 s to say good-bye
)

// process is a server that was started here.
type process struct {
	command *exec.Cmd
	addr    string
	said    bytes.Buffer  // its output, complete once gone is closed
	gone    chan struct{} // closed when it has ended
}

// startServer starts a server on the CPU and waits until it is ready.
func startServer(ctx context.Context, dir, name string, cpu int) (*process, error) {
	addr, err := freeAddress()
	if err != nil {
		return nil, err
	}
	p := &process{addr: addr, gone: make(chan struct{}), command: exec.Command(filepath.Join(dir, name), "--listen", addr)}
	p.command.Dir = dir // away from any configuration of this directory
	p.command.Env = append(os.Environ(), "GOMAXPROCS=1")
	p.command.Stdout, p.command.Stderr = &p.said, &p.said
	if err := startOn(cpu, p.command); err != nil {
		return nil, fmt.Errorf("cannot start it: %w", err)
	}
	go func() {
		p.command.Wait()
		close(p.gone)
	}()
	if err := p.ready(ctx); err != nil {
		p.stop()
		return nil, fmt.Errorf("%w\n%s", err, p.lastWords())
	}
	return p, nil
}

// freeAddress is one that nobody listened on a moment ago.
func freeAddress() (string, error) {
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("cannot find a free port: %w", err)
	}
	defer listener.Close()
	return listener.Addr().String(), nil
}

func (p *process) ready(ctx context.Context) error {
	client := http.Client{Timeout: time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
	for deadline := time.Now().Add(readyWithin); time.Now().Before(deadline); {
		answer, err := client.Get("http://" + p.addr + "/readyz")
		if err == nil {
			answer.Body.Close()
			if answer.StatusCode == http.StatusOK {
				return nil
			}
		}
		select {
		case <-time.After(10 * time.Millisecond):
		case <-p.gone:
			return errors.New("it ended before it was ready")
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return fmt.Errorf("it is not ready after %v", readyWithin)
}

// stop ends the server, gently first.
func (p *process) stop() {
	p.command.Process.Signal(syscall.SIGTERM)
	select {
	case <-p.gone:
	case <-time.After(goneWithin):
		p.command.Process.Kill()
		<-p.gone
	}
}

// lastWords is the end of what the server printed. Call it after stop.
func (p *process) lastWords() string {
	text := strings.TrimSpace(p.said.String())
	return text[max(0, len(text)-2000):]
}
