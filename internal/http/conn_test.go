package http

import (
	"errors"
	"io"
	"net"
	"os"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

func TestAWriteWaitsForAReaderAndEndsAtADeadline(t *testing.T) {
	client, server := linked(t, ListenOptions{})
	written := make(chan error, 1)
	data := make([]byte, 16<<20)
	go func() { _, err := server.Write(data); written <- err }()
	if n, err := io.CopyN(io.Discard, client, int64(len(data))); err != nil {
		t.Fatalf("%d bytes came: %v", n, err)
	}
	if err := <-written; err != nil {
		t.Error(err)
	}

	_ = server.SetWriteDeadline(time.Now().Add(50 * time.Millisecond))
	if n, err := server.Write(data); !errors.Is(err, os.ErrDeadlineExceeded) || n == 0 || n == len(data) {
		t.Errorf("wrote %d, %v, want a part and the owner's deadline", n, err)
	}
}

// A write whose reader takes nothing ends after the time of patience; one whose
// reader takes little by little does not, however long it takes in all.
func TestAWritesPatienceIsMeasuredByWhatTheReaderTakes(t *testing.T) {
	small := net.Dialer{Control: func(_, _ string, raw syscall.RawConn) error {
		return raw.Control(func(fd uintptr) { _ = unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_RCVBUF, 8<<10) })
	}}
	client, server := linkedBy(t, small, ListenOptions{})
	c := server.(*conn)
	c.patience = 600 * time.Millisecond
	written := make(chan error, 1)
	go func() { _, err := c.Write(make([]byte, 8<<20)); written <- err }()

	// 80 KB a second: the far end makes room known every 16 KB or so, and a third
	// of the send buffer is free only after more than the time of patience.
	for began := time.Now(); time.Since(began) < 3*c.patience; {
		select {
		case err := <-written:
			t.Fatalf("ended after %v with a living reader: %v", time.Since(began), err)
		case <-time.After(c.patience / 12):
			_, _ = io.CopyN(io.Discard, client, 4<<10)
		}
	}
	stopped := time.Now()
	if err := <-written; !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("a reader that takes nothing: %v", err)
	}
	if waited := time.Since(stopped); waited < c.patience/2 || waited > 10*c.patience {
		t.Errorf("ended %v after the reader stopped, want about %v", waited, c.patience)
	}
}

func TestClosingAConnectionCountsItOutOnceAndEndsAWrite(t *testing.T) {
	_, server := linked(t, ListenOptions{})
	counted := 0
	server.(*conn).release = func() { counted++ }
	written := make(chan error, 1)
	go func() { _, err := server.Write(make([]byte, 16<<20)); written <- err }()
	time.Sleep(10 * time.Millisecond) // lets the write block; the test holds without
	for range 3 {
		_ = server.Close()
	}
	if err := <-written; !errors.Is(err, net.ErrClosed) {
		t.Errorf("the write: %v", err)
	}
	if counted != 1 {
		t.Errorf("counted out %d times", counted)
	}
}

func TestALingeringCloseLetsTheAnswerArrive(t *testing.T) {
	for _, lingers := range []bool{true, false} {
		client, server := linked(t, ListenOptions{})
		server.(*conn).lingerOnClose(lingers)
		_, _ = client.Write(make([]byte, 100<<10)) // never read by the server
		until(t, "the bytes are there", func() bool { return unread(t, server) > 0 })
		_, _ = io.WriteString(server, "the answer")
		closed := make(chan struct{})
		began := time.Now()
		go func() { _ = server.Close(); close(closed) }()
		got, err := io.ReadAll(client)
		if arrived := err == nil && string(got) == "the answer"; lingers && !arrived {
			t.Errorf("got %q, %v", got, err)
		} else if !lingers && !errors.Is(err, syscall.ECONNRESET) {
			t.Errorf("without lingering: %q, %v, want a reset: the test shows nothing", got, err)
		}
		<-closed
		if took := time.Since(began); took > 5*time.Second {
			t.Errorf("Close took %v", took)
		}
	}
}
