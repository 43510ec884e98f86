//go:build linux

package main

import (
	"crypto/sha1"
	"encoding/base64"
	"net"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// patience is how long a reader whose socket is full may hold the others up.
const patience = time.Second

const streamHead = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n" +
	"Cache-Control: no-cache, no-transform\r\nTransfer-Encoding: chunked\r\n\r\n"

// upgradeHead accepts a WebSocket (RFC 6455 section 4.2.2).
func upgradeHead(key string) string {
	sum := sha1.Sum([]byte(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))
	return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
		"Sec-WebSocket-Accept: " + base64.StdEncoding.EncodeToString(sum[:]) + "\r\n\r\n"
}

type reader struct {
	conn *net.TCPConn
	fd   uintptr // of conn, which stays open for as long as the reader is kept
}

func newReader(conn *net.TCPConn) (*reader, error) {
	raw, err := conn.SyscallConn()
	if err != nil {
		return nil, err
	}
	r := &reader{conn: conn}
	err = raw.Control(func(fd uintptr) { r.fd = fd })
	return r, err
}

// write tries the bare system call, without the runtime's bookkeeping for
// calls that may block: Go's sockets do not. Only a full socket takes the
// ordinary way, which waits.
func (r *reader) write(b []byte) error {
	for len(b) > 0 {
		n, _, errno := unix.RawSyscall(unix.SYS_WRITE, r.fd, uintptr(unsafe.Pointer(unsafe.SliceData(b))), uintptr(len(b)))
		if errno == unix.EINTR {
			continue
		}
		if errno != 0 {
			r.conn.SetWriteDeadline(time.Now().Add(patience))
			_, err := r.conn.Write(b)
			return err
		}
		b = b[n:]
	}
	return nil
}
