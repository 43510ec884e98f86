package main

import (
	"testing"

	"golang.org/x/sys/unix"
)

func TestConnectionsFollowTheDescriptorLimit(t *testing.T) {
	var before unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &before); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = unix.Setrlimit(unix.RLIMIT_NOFILE, &before) })
	for limit, want := range map[uint64]int{1000: 744, 400: 200} {
		if err := unix.Setrlimit(unix.RLIMIT_NOFILE, &unix.Rlimit{Cur: limit, Max: before.Max}); err != nil {
			t.Fatal(err)
		}
		if got := Default().Connections(); got != want {
			t.Errorf("limit %d: %d connections, want %d", limit, got, want)
		}
	}
	if got := (Config{MaxConnections: 7}).Connections(); got != 7 {
		t.Errorf("7 asked for, got %d", got)
	}
}
