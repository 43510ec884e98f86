package http

import (
	"net"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

func readTCPInfo(c net.Conn) (linkState, bool) {
	sc, ok := c.(syscall.Conn)
	if !ok {
		return linkState{}, false
	}
	raw, err := sc.SyscallConn()
	if err != nil {
		return linkState{}, false
	}
	var info *unix.TCPInfo
	var asked error
	err = raw.Control(func(fd uintptr) {
		info, asked = unix.GetsockoptTCPInfo(int(fd), unix.IPPROTO_TCP, unix.TCP_INFO)
	})
	if err != nil || asked != nil {
		return linkState{}, false
	}
	return linkState{
		Acked:    info.Bytes_acked,
		Unacked:  info.Unacked,
		Unsent:   info.Notsent_bytes,
		HungUp:   info.State != established,
		SinceAck: time.Duration(info.Last_ack_recv) * time.Millisecond,
	}, true
}

// established is the state of a connection that both ends still hold open, from
// the kernel's include/net/tcp_states.h.
const established = 1
