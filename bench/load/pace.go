//go:build linux

package main

import (
	"fmt"
	"time"

	"golang.org/x/sys/unix"
)

// pace says when the next batch goes.
type pace interface {
	// next is asked when nothing is on its way. wait 0: send now, stamped
	// with at; more: ask again after that time; less: not before something
	// has been read.
	next(b *bench, now time.Duration) (at, wait time.Duration)
}

// flatOut keeps the slowest reader at most window events behind.
type flatOut struct{ window int }

func (f flatOut) next(b *bench, now time.Duration) (at, wait time.Duration) {
	ahead := int(b.sent - b.slowest(b.sent))
	if ahead > 0 && ahead+len(b.stamps) > f.window {
		return 0, -1
	}
	return now, 0
}

// steady sends one batch each interval, however long the answers take.
type steady struct {
	interval time.Duration
	due      time.Duration // 0: begin now
}

func (s *steady) next(b *bench, now time.Duration) (at, wait time.Duration) {
	if s.due == 0 {
		s.due = now
	}
	if now < s.due {
		return 0, s.due - now
	}
	// The wait of a batch held up by the one before is the server's; that the
	// timer rang late is not.
	at = now
	if b.freeAt > s.due {
		at = s.due
	}
	s.due += s.interval
	return at, 0
}

// upTo sends as fast as the answers come until n events are out.
type upTo struct{ n uint32 }

func (u upTo) next(b *bench, now time.Duration) (at, wait time.Duration) {
	if b.sent >= u.n {
		return 0, -1
	}
	return now, 0
}

// timer wakes epoll more finely than its own timeout of whole milliseconds.
type timer struct{ fd int }

func (t *timer) open() (err error) {
	t.fd, err = unix.TimerfdCreate(unix.CLOCK_MONOTONIC, unix.TFD_NONBLOCK|unix.TFD_CLOEXEC)
	if err != nil {
		err = fmt.Errorf("cannot open a timer: %w", err)
	}
	return err
}

func (t *timer) set(after time.Duration) error {
	return unix.TimerfdSettime(t.fd, 0, &unix.ItimerSpec{Value: unix.NsecToTimespec(int64(after))}, nil)
}

// rang takes the bell back, or epoll would report it for ever.
func (t *timer) rang() error {
	var count [8]byte
	if _, err := unix.Read(t.fd, count[:]); err != nil && err != unix.EAGAIN {
		return fmt.Errorf("cannot read a timer: %w", err)
	}
	return nil
}
