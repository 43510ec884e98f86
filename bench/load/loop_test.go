//go:build linux

package main

import (
	"testing"

	"golang.org/x/sys/unix"

	"hub/bench/internal/wire"
)

func TestAnEndRightBehindTheDataIsSeenWithIt(t *testing.T) {
	ends, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_NONBLOCK, 0)
	if err != nil {
		t.Fatal(err)
	}
	unix.Write(ends[1], []byte("the last words"))
	unix.Close(ends[1])
	b, err := newBench(target{addr: "127.0.0.1:1", transport: "sse"})
	if err != nil {
		t.Fatal(err)
	}
	defer b.close()
	b.readers = []reader{{fd: ends[0], frames: wire.Plain{}}}
	b.last = make([]uint32, 1)
	// Epoll tells of both once, and never again.
	if err := b.read(0, unix.EPOLLIN|unix.EPOLLRDHUP); err != nil {
		t.Fatal(err)
	}
	if b.tally.bytes != 14 || b.closedReaders != 1 || b.reason != "EOF" {
		t.Errorf("%d bytes, %d closed: %q", b.tally.bytes, b.closedReaders, b.reason)
	}
}
