//go:build linux

package main

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// fake is a small hub that keeps everything, and does what a test tells it to
// do wrong.
type fake struct {
	mu      sync.Mutex
	kept    [][]byte
	readers []net.Conn
	ws      bool

	mangle func(n int, line []byte) [][]byte // what is sent for event n, if not the line
	after  func(f *fake, n int, r net.Conn)  // called for each reader when event n is out
	refuse func(request *http.Request) (status int, body string)
	hello  []byte // sent behind the head, framed
}

// serve starts the fake and returns options that load it for a moment.
func (f *fake) serve(t *testing.T, transport string) options {
	f.ws = transport == "ws"
	server := httptest.NewServer(f)
	t.Cleanup(func() {
		server.Close()
		f.mu.Lock()
		defer f.mu.Unlock()
		for _, reader := range f.readers {
			reader.Close()
		}
	})
	return options{
		target:  target{server: "hub", addr: strings.TrimPrefix(server.URL, "http://"), transport: transport, topic: "bench/1"},
		readers: 5, batch: 4, size: 256, window: 40,
		measure: 100 * time.Millisecond, connect: 10 * time.Second,
	}
}

func (f *fake) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	if f.refuse != nil {
		if status, body := f.refuse(request); status != 0 {
			http.Error(w, body, status)
			return
		}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if request.Method == http.MethodPost {
		f.publish(request.Body)
		fmt.Fprint(w, `{"published":1}`)
		return
	}
	conn, _, err := w.(http.Hijacker).Hijack()
	if err != nil {
		panic(err)
	}
	head := "200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: text/event-stream"
	if f.ws {
		head = "101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade"
	}
	fmt.Fprintf(conn, "HTTP/1.1 %s\r\n\r\n%s", head, f.hello)
	f.readers = append(f.readers, conn)
	if request.URL.RawQuery == "since=all" {
		for _, event := range f.kept {
			conn.Write(f.frame(event))
		}
	}
}

func (f *fake) publish(body io.Reader) {
	for lines := bufio.NewScanner(body); lines.Scan(); {
		event := bytes.Clone(lines.Bytes())
		f.kept = append(f.kept, event)
		send := [][]byte{event}
		if f.mangle != nil {
			send = f.mangle(len(f.kept), event)
		}
		for _, reader := range f.readers {
			for _, event := range send {
				reader.Write(f.frame(event))
			}
			if f.after != nil {
				f.after(f, len(f.kept), reader)
			}
		}
	}
}

// frame cuts an event into two chunks in the middle of its stamp, or makes it
// one message.
func (f *fake) frame(event []byte) []byte {
	if f.ws {
		head := binary.BigEndian.AppendUint16([]byte{0x81, 126}, uint16(len(event)))
		return append(head, event...)
	}
	event = fmt.Appendf(nil, "data: %s\n\n", event)
	cut := bytes.IndexByte(event, '~') + 7
	return fmt.Appendf(nil, "%x\r\n%s\r\n%x\r\n%s\r\n", cut, event[:cut], len(event)-cut, event[cut:])
}
