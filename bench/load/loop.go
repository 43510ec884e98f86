//go:build linux

package main

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"runtime"
	"time"

	"golang.org/x/sys/unix"
)

var (
	errEnded  = errors.New("the server ended the stream")
	errBroken = errors.New("the stream's framing is broken")
)

// What an epoll event belongs to: a reader's number, or one of these.
const (
	publisherEvent = -1 - iota
	timerEvent
)

// aTurn is how many sockets are handled before the publisher is looked after
// again: it must not wait for a thousand readers, or a server that could do
// more is kept waiting too.
const aTurn = 32

// bench is the one thread with all its sockets.
type bench struct {
	target  target
	to      unix.Sockaddr
	run     uint16 // marks this run's stamps
	started time.Time
	epoll   int
	events  []unix.EpollEvent
	buffer  []byte
	readers []reader
	ready   int // readers whose stream is open
	publisher
	tally
}

// newBench takes the thread it is called on for itself.
func newBench(t target) (*bench, error) {
	runtime.LockOSThread()
	addr, err := net.ResolveTCPAddr("tcp4", t.addr)
	if err != nil {
		return nil, fmt.Errorf("cannot use -addr: %w", err)
	}
	epoll, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		return nil, fmt.Errorf("cannot open epoll: %w", err)
	}
	return &bench{
		target: t, epoll: epoll, started: time.Now(), run: uint16(rand.Uint32()),
		to:     &unix.SockaddrInet4{Port: addr.Port, Addr: [4]byte(addr.IP.To4())},
		events: make([]unix.EpollEvent, aTurn), buffer: make([]byte, 256<<10),
	}, nil
}

// now is the time since the bench began, by the monotonic clock.
func (b *bench) now() time.Duration { return time.Since(b.started) }

// until turns the loop until done, or for the given time at most; it tells
// whether it was done.
func (b *bench) until(limit time.Duration, done func() bool) (bool, error) {
	for deadline := b.now() + limit; !done(); {
		left := deadline - b.now()
		if left <= 0 {
			return false, nil
		}
		if err := b.turn(min(left, 20*time.Millisecond)); err != nil {
			return false, err
		}
	}
	return true, nil
}

// turn publishes if it is time, waits for sockets, and handles each once.
func (b *bench) turn(wait time.Duration) error {
	if err := b.pump(); err != nil {
		return err
	}
	n, err := unix.EpollWait(b.epoll, b.events, int(wait/time.Millisecond)+1)
	if err != nil && err != unix.EINTR {
		return fmt.Errorf("cannot wait for sockets: %w", err)
	}
	for _, event := range b.events[:max(n, 0)] {
		switch event.Fd {
		case publisherEvent: // below
		case timerEvent:
			err = b.publisher.timer.rang()
		default:
			err = b.read(int(event.Fd), event.Events)
		}
		if err != nil {
			return err
		}
	}
	if b.publisher.waiting {
		return b.publisher.handle(b.now())
	}
	return nil
}

// read takes all that is in a socket. Epoll reports it once for each arrival:
// a read that does not fill the buffer has emptied it, and only after a hangup
// is there an end to be read behind the data. A reader that fails before its
// stream was open ends the run; later that is the server's doing, and counted.
func (b *bench) read(i int, events uint32) error {
	const hangup = unix.EPOLLRDHUP | unix.EPOLLHUP | unix.EPOLLERR
	r := &b.readers[i]
	for {
		n, err := readSocket(r.fd, b.buffer)
		now := b.now()
		switch {
		case err == unix.EINTR:
			continue
		case err == unix.EAGAIN:
			return nil
		case err == nil && n == 0:
			err = io.EOF
		case err == nil:
			b.tally.reads++
			b.tally.bytes += int64(n)
			err = b.take(i, b.buffer[:n], now)
		}
		if err != nil && r.frames == nil {
			return fmt.Errorf("reader %d of %d was not taken: %w", i+1, len(b.readers), err)
		}
		if err != nil {
			b.closed(i, err)
			return nil
		}
		if r.stalled || n < len(b.buffer) && events&hangup == 0 {
			return nil
		}
	}
}

func (b *bench) watch(fd int, events uint32, as int) error {
	event := unix.EpollEvent{Events: events, Fd: int32(as)}
	if err := unix.EpollCtl(b.epoll, unix.EPOLL_CTL_ADD, fd, &event); err != nil {
		return fmt.Errorf("cannot watch a socket: %w", err)
	}
	return nil
}
