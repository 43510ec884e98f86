//go:build linux

package main

import (
	"fmt"
	"time"

	"golang.org/x/sys/unix"
)

const (
	// handshakes is how many connections may be opening at a time: fewer than
	// any listener's backlog.
	handshakes = 100
	// joining is how long after the response heads a server gets to make the
	// readers known to itself; some do that after the head.
	joining = 200 * time.Millisecond
	// small is the receive buffer of a reader that never reads.
	small = 4 << 10
)

// connect opens count readers, then, when they are all there, stalled ones,
// and returns when all streams are open.
func (b *bench) connect(count, stalled int, query string, limit time.Duration) error {
	request := b.target.subscribe(query)
	b.readers = make([]reader, count+stalled)
	b.tally.last = make([]uint32, count+stalled)
	deadline := b.now() + limit
	for i := range b.readers {
		r := &b.readers[i]
		receive := 0
		if r.stalled = i >= count; r.stalled {
			receive = small
			b.tally.last[i] = gone
			if err := b.await(count, deadline); err != nil {
				return err
			}
		}
		fd, err := openSocket(b.to, request, receive)
		if err != nil {
			return fmt.Errorf("reader %d of %d: %w", i+1, len(b.readers), err)
		}
		r.fd = fd
		if err := b.watch(fd, unix.EPOLLIN|unix.EPOLLRDHUP|unix.EPOLLET, i); err != nil {
			return err
		}
		if err := b.await(i+1-handshakes, deadline); err != nil {
			return err
		}
	}
	return b.await(len(b.readers), deadline)
}

// await turns the loop until so many streams are open.
func (b *bench) await(open int, deadline time.Duration) error {
	ok, err := b.until(deadline-b.now(), func() bool { return b.ready >= open })
	if err == nil && !ok {
		err = fmt.Errorf("only %d of %d readers have an answer", b.ready, len(b.readers))
	}
	return err
}

// opened is called when a reader's response head is there.
func (b *bench) opened(i int) {
	b.ready++
	if r := &b.readers[i]; r.stalled {
		unix.EpollCtl(b.epoll, unix.EPOLL_CTL_DEL, r.fd, nil)
	}
}

// stalledClosed counts the stalled readers whose connection the server closed.
func (b *bench) stalledClosed() (closed int) {
	for i := range b.readers {
		r := &b.readers[i]
		if !r.stalled {
			continue
		}
		for {
			n, err := unix.Read(r.fd, b.buffer)
			if err == nil && n > 0 || err == unix.EINTR {
				continue // what was in the socket
			}
			if err != unix.EAGAIN {
				closed++
			}
			break
		}
	}
	return closed
}

// close lets all sockets go.
func (b *bench) close() {
	for i := range b.readers {
		if r := &b.readers[i]; r.fd > 0 {
			closeSocket(&r.fd)
		}
	}
	for _, fd := range []*int{&b.publisher.fd, &b.publisher.timer.fd, &b.epoll} {
		if *fd > 0 {
			closeSocket(fd)
		}
	}
}
