package http

import (
	"crypto/tls"
	"io"
	"net"
	"testing"
	"time"
)

func TestALinkTellsWhatItsFarEndHasTaken(t *testing.T) {
	client, server := linked(t, ListenOptions{})
	before, ok := linkOf(server)
	if !ok || before.owes() {
		t.Fatalf("a fresh link: %+v, %v", before, ok)
	}
	_, _ = server.Write(make([]byte, 1000))
	_, _ = io.CopyN(io.Discard, client, 1000)
	until(t, "1000 bytes are acknowledged", func() bool {
		l, _ := linkOf(server)
		return l.Acked == before.Acked+1000 && !l.owes() && l.SinceAck < 5*time.Second
	})

	// A reader that takes nothing: the kernel fills up and owes.
	_ = server.SetWriteDeadline(time.Now().Add(100 * time.Millisecond))
	_, _ = server.Write(make([]byte, 16<<20))
	if l, ok := linkOf(server); !ok || !l.owes() || l.Unsent == 0 {
		t.Errorf("a link that is full: %+v, %v", l, ok)
	}
}

type hijacked struct{ net.Conn }

func (h hijacked) UnsafeConn() net.Conn { return h.Conn }

func TestALinkIsFoundThroughItsWrappersAndMissedWhereThereIsNone(t *testing.T) {
	_, server := linked(t, ListenOptions{})
	for _, c := range []net.Conn{server, hijacked{server}, tls.Server(server, nil), hijacked{hijacked{server}}} {
		if _, ok := linkOf(c); !ok {
			t.Errorf("%T: nothing is known", c)
		}
	}
	pipe, _ := net.Pipe()
	_ = server.Close()
	for _, c := range []net.Conn{pipe, server} {
		if l, ok := linkOf(c); ok {
			t.Errorf("%T: %+v", c, l)
		}
	}
}

func TestAWatchClosesDeadLinksAndStuckReadersOnly(t *testing.T) {
	const quiet, answering = time.Hour, time.Second
	type look struct {
		at   int // seconds
		link linkState
		end  bool
	}
	for name, looks := range map[string][]look{
		"idle for an hour, then sending": {
			{0, linkState{Acked: 5, SinceAck: quiet}, false}, {3600, linkState{Acked: 5, Unacked: 1, SinceAck: quiet}, false}, {3605, linkState{Acked: 9, SinceAck: 0}, false},
		},
		"dead": {
			{0, linkState{Acked: 5, SinceAck: quiet}, false}, {5, linkState{Acked: 5, Unacked: 1, SinceAck: quiet}, false},
			{24, linkState{Acked: 5, Unacked: 1, SinceAck: quiet}, false}, {25, linkState{Acked: 5, Unacked: 1, SinceAck: quiet}, true},
		},
		"its window is shut, then it reads": {
			{0, linkState{Acked: 5, Unsent: 9, SinceAck: answering}, false}, {149, linkState{Acked: 5, Unsent: 9, SinceAck: answering}, false},
			{150, linkState{Acked: 6, Unsent: 9, SinceAck: answering}, false}, {299, linkState{Acked: 6, Unsent: 9, SinceAck: answering}, false},
		},
		"its window stays shut": {
			{0, linkState{Acked: 5, Unsent: 9, SinceAck: answering}, false}, {149, linkState{Acked: 5, Unsent: 9, SinceAck: answering}, false}, {150, linkState{Acked: 5, Unsent: 9, SinceAck: answering}, true},
		},
		"owed now and then, always taken": {
			{0, linkState{Acked: 5, Unacked: 1}, false}, {50, linkState{Acked: 5}, false}, {100, linkState{Acked: 5, Unacked: 1}, false}, {140, linkState{Acked: 6, Unacked: 1}, false},
		},
	} {
		t.Run(name, func(t *testing.T) {
			var w linkWatch
			start := time.Now()
			for _, l := range looks {
				if why, end := w.look(start.Add(time.Duration(l.at)*time.Second), l.link); end != l.end || end != (why != "") {
					t.Errorf("after %d s: end is %v (%s)", l.at, end, why)
				}
			}
		})
	}
}
