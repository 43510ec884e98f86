package pipeline

import (
	"context"
	"errors"
	"fmt"
	"os"
	"syscall"
	"time"

	"github.com/shirou/gopsutil/v3/net"
	"github.com/shirou/gopsutil/v3/process"

	"hub/internal/docker"
)

// taken reports whether a program listens on a TCP port of this host, on whatever address. It only binds a socket and does not listen:
// whoever is about to take the port is not in its way.
func taken(port int) bool {
	return errors.Is(bind(syscall.AF_INET, &syscall.SockaddrInet4{Port: port}), syscall.EADDRINUSE) ||
		errors.Is(bind(syscall.AF_INET6, &syscall.SockaddrInet6{Port: port}), syscall.EADDRINUSE)
}

func bind(family int, to syscall.Sockaddr) error {
	socket, err := syscall.Socket(family, syscall.SOCK_STREAM, 0)
	if err != nil {
		return err
	}
	defer syscall.Close(socket)
	if family == syscall.AF_INET6 {
		if err := syscall.SetsockoptInt(socket, syscall.IPPROTO_IPV6, syscall.IPV6_V6ONLY, 1); err != nil {
			return err
		}
	}
	// Connections that are at their end do not count.
	if err := syscall.SetsockoptInt(socket, syscall.SOL_SOCKET, syscall.SO_REUSEADDR, 1); err != nil {
		return err
	}
	return syscall.Bind(socket, to)
}

// heldByProgram is the error of a port that a program of this host has.
func heldByProgram(ctx context.Context, port int) error {
	who, todo := listener(ctx, port), "end it, or choose another host_port"
	if who == "the hub itself" {
		todo = "choose another host_port"
	}
	return fail(docker.ErrConflict, "port %d of the host is held by %s: %s", port, who, todo)
}

// listener says who listens on a port, as far as this process may see that.
func listener(ctx context.Context, port int) string {
	const patience = 2 * time.Second
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	const unknown = "another program"
	sockets, err := net.ConnectionsWithContext(ctx, "tcp")
	if err != nil {
		return unknown
	}
	for _, s := range sockets {
		if s.Status != "LISTEN" || int(s.Laddr.Port) != port || s.Pid == 0 {
			continue
		}
		if int(s.Pid) == os.Getpid() {
			return "the hub itself"
		}
		p := process.Process{Pid: s.Pid}
		name, err := p.NameWithContext(ctx)
		if err != nil {
			name = "a program"
		}
		return fmt.Sprintf("%s (process %d)", name, s.Pid)
	}
	return unknown
}
