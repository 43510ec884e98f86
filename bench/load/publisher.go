//go:build linux

package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"golang.org/x/sys/unix"

	"hub/bench/internal/stamp"
)

// publisher sends batches on one keep-alive connection, each after the answer
// to the one before.
type publisher struct {
	fd      int
	timer   timer
	pace    pace
	request []byte
	stamps  []int  // where they are in request
	unsent  []byte // the rest of a request that did not fit into the socket
	waiting bool   // for an answer
	reply   []byte // so far
	freeAt  time.Duration
	sent    uint32 // number of the last event sent
}

// openPublisher connects; nothing is published until a pace is set.
func (b *bench) openPublisher(batch, size int) (err error) {
	p := &b.publisher
	p.request, p.stamps = b.target.publish(batch, size)
	if p.fd, err = openSocket(b.to, nil, 0); err != nil {
		return err
	}
	if err := p.timer.open(); err != nil {
		return err
	}
	// Edge-triggered: the socket can be written most of the time.
	return errors.Join(b.watch(p.fd, unix.EPOLLIN|unix.EPOLLOUT|unix.EPOLLET, publisherEvent),
		b.watch(p.timer.fd, unix.EPOLLIN, timerEvent))
}

// pump sends the next batch if the pace allows it and no answer is due.
func (b *bench) pump() error {
	p := &b.publisher
	if p.waiting || p.pace == nil {
		return nil
	}
	now := b.now()
	at, wait := p.pace.next(b, now)
	if wait > 0 {
		return p.timer.set(wait)
	}
	if wait < 0 {
		return nil
	}
	for _, offset := range p.stamps {
		p.sent++
		stamp.Stamp{Run: b.run, Seq: p.sent, At: int64(at)}.Put(p.request[offset:])
	}
	p.unsent, p.waiting = p.request, true
	return p.send()
}

func (p *publisher) send() error {
	for len(p.unsent) > 0 {
		n, err := unix.Write(p.fd, p.unsent)
		if err == unix.EAGAIN {
			return nil // epoll tells when there is room
		}
		if err != nil {
			return fmt.Errorf("cannot publish: %w", err)
		}
		p.unsent = p.unsent[n:]
	}
	return nil
}

// handle goes on sending and reads the answer.
func (p *publisher) handle(now time.Duration) error {
	if err := p.send(); err != nil {
		return err
	}
	var piece [4096]byte
	for {
		n, err := unix.Read(p.fd, piece[:])
		if err == unix.EAGAIN {
			return nil
		}
		if err == nil && n == 0 {
			err = io.EOF
		}
		if err != nil {
			return fmt.Errorf("cannot publish: %w", err)
		}
		p.reply = append(p.reply, piece[:n]...)
		done, err := answered(p.reply)
		if err != nil {
			return err
		}
		if done {
			p.waiting, p.reply, p.freeAt = false, p.reply[:0], now
		}
	}
}

// answered tells whether reply is a whole answer; one that is not a success is
// an error.
func answered(reply []byte) (bool, error) {
	response, err := http.ReadResponse(bufio.NewReader(bytes.NewReader(reply)), nil)
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("cannot publish: %w", err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return false, nil // the body is not there yet
	}
	if response.StatusCode/100 != 2 {
		return false, fmt.Errorf("cannot publish: %s: %s", response.Status, bytes.TrimSpace(body))
	}
	return true, nil
}
