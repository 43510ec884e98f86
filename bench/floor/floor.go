//go:build linux

package main

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"net/http"
	"slices"
	"sync"
)

// floor holds the readers of each transport.
type floor struct {
	mu      sync.Mutex
	events  frames
	ws, sse []*reader
}

// handle answers the requests of one connection. A reader's connection is kept
// without a goroutine: that it has gone shows at the next write.
func (f *floor) handle(conn *net.TCPConn, in *bufio.Reader) {
	for {
		request, err := http.ReadRequest(in)
		if err != nil {
			conn.Close()
			return
		}
		answer := "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
		switch request.Method + " " + request.URL.Path {
		case "GET /readyz":
			answer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
		case "GET /ws":
			f.join(&f.ws, conn, upgradeHead(request.Header.Get("Sec-WebSocket-Key")))
			return
		case "GET /events":
			f.join(&f.sse, conn, streamHead)
			return
		case "POST /publish":
			body, err := io.ReadAll(request.Body)
			if err != nil {
				conn.Close()
				return
			}
			f.publish(body)
			answer = "HTTP/1.1 204 No Content\r\n\r\n"
		}
		if _, err := io.WriteString(conn, answer); err != nil {
			conn.Close()
			return
		}
	}
}

// join writes the head and adds the connection to the readers under one lock,
// so that no event can come between.
func (f *floor) join(readers *[]*reader, conn *net.TCPConn, head string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	r, err := newReader(conn)
	if err == nil {
		err = r.write([]byte(head))
	}
	if err != nil {
		conn.Close()
		return
	}
	*readers = append(*readers, r)
}

// publish encodes the lines once for each transport that has readers and
// writes them to each reader with one write.
func (f *floor) publish(lines []byte) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.events.reset()
	for line := range bytes.Lines(lines) {
		f.events.add(bytes.TrimRight(line, "\r\n"), len(f.ws) > 0, len(f.sse) > 0)
	}
	f.ws = writeAll(f.ws, f.events.ws)
	f.sse = writeAll(f.sse, f.events.sse)
}

// writeAll returns the readers that took the frames and closes the others.
func writeAll(readers []*reader, frames []byte) []*reader {
	return slices.DeleteFunc(readers, func(r *reader) bool {
		err := r.write(frames)
		if err != nil {
			r.conn.Close()
		}
		return err != nil
	})
}
