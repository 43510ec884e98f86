//go:build linux

package main

import (
	"fmt"
	"unsafe"

	"golang.org/x/sys/unix"
)

// openSocket connects and sends the request. The connect waits: on loopback it
// takes no longer than the call.
func openSocket(to unix.Sockaddr, request []byte, receive int) (fd int, err error) {
	fd, err = unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return -1, fmt.Errorf("cannot open a socket: %w", err)
	}
	if receive > 0 {
		err = unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_RCVBUF, receive)
	}
	for _, step := range []func() error{
		func() error { return unix.SetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_NODELAY, 1) },
		func() error { return unix.Connect(fd, to) },
		func() error { return unix.SetNonblock(fd, true) },
		func() error { _, err := unix.Write(fd, request); return err },
	} {
		if err == nil {
			err = step()
		}
	}
	if err != nil {
		unix.Close(fd)
		return -1, fmt.Errorf("cannot connect: %w", err)
	}
	return fd, nil
}

// readSocket is read(2) on a socket that does not wait. The bare call spares
// the runtime's bookkeeping for calls that do.
func readSocket(fd int, buffer []byte) (int, error) {
	n, _, errno := unix.RawSyscall(unix.SYS_READ, uintptr(fd), uintptr(unsafe.Pointer(unsafe.SliceData(buffer))), uintptr(len(buffer)))
	if errno != 0 {
		return 0, errno
	}
	return int(n), nil
}

func closeSocket(fd *int) {
	unix.Close(*fd)
	*fd = -1
}
