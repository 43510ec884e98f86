package main

import (
	"context"
	"net"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestTheFirstSignalStopsInOrderAndTheSecondAtOnce(t *testing.T) {
	for sig, want := range map[syscall.Signal]int{syscall.SIGINT: 130, syscall.SIGTERM: 143} {
		exits := make(chan int, 1)
		ctx, stop := orderlyStop(t.Context(), func(code int) { exits <- code })
		kill(t, os.Getpid(), sig)
		<-ctx.Done()
		if cause := context.Cause(ctx).Error(); !strings.Contains(cause, sig.String()) {
			t.Errorf("the cause does not name the signal: %s", cause)
		}
		select {
		case code := <-exits:
			t.Errorf("exit %d after one signal", code)
		default:
		}
		kill(t, os.Getpid(), sig)
		if code := <-exits; code != want {
			t.Errorf("exit code %d after the second %s, want %d", code, sig, want)
		}
		stop()
	}
}

func TestAHubStopsInOrderOnASignal(t *testing.T) {
	for _, sig := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM} {
		addr := freeAddress(t)
		hub := hubCommand(t, "--listen", addr)
		var log strings.Builder
		hub.Stderr = &log
		if err := hub.Start(); err != nil {
			t.Fatal(err)
		}
		waitForListener(t, addr)
		kill(t, hub.Process.Pid, sig)
		if err := hub.Wait(); err != nil {
			t.Errorf("after %s: %v\n%s", sig, err, &log)
		}
	}
}

// hubCommand is this test's own program under the name hub, which TestMain takes for the hub.
func hubCommand(t *testing.T, args ...string) *exec.Cmd {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), self, args...)
	cmd.Args[0] = "hub"
	cmd.Dir = t.TempDir()
	return cmd
}

func freeAddress(t *testing.T) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String()
}

// waitForListener returns once addr takes connections; the test's own deadline bounds it.
func waitForListener(t *testing.T, addr string) {
	for {
		conn, err := net.Dial("tcp", addr)
		if err == nil {
			_ = conn.Close()
			return
		}
		select {
		case <-t.Context().Done():
			t.Fatal(err)
		case <-time.After(10 * time.Millisecond):
		}
	}
}

func kill(t *testing.T, pid int, sig syscall.Signal) {
	t.Helper()
	if err := syscall.Kill(pid, sig); err != nil {
		t.Fatal(err)
	}
}
