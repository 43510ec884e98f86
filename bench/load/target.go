//go:build linux

package main

import (
	"bytes"
	"fmt"

	"hub/bench/internal/stamp"
	"hub/bench/internal/wire"
)

// target is a server under load and how to speak with it.
type target struct {
	server, addr, transport, topic string
}

func (t target) check() error {
	if t.server != "hub" && t.server != "naive" && t.server != "floor" {
		return fmt.Errorf("-server %q is not hub, naive or floor", t.server)
	}
	if t.transport != "ws" && t.transport != "sse" {
		return fmt.Errorf("-transport %q is not ws or sse", t.transport)
	}
	return nil
}

// subscribe is the request that opens a stream. query asks the hub for where
// to start; the other servers keep nothing and start now.
func (t target) subscribe(query string) []byte {
	path := map[string]string{"ws": "/ws", "sse": "/events"}[t.transport]
	if t.server == "hub" {
		path = "/stream/" + t.topic + query
	}
	head := "Accept: text/event-stream\r\n"
	if t.transport == "ws" {
		head = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n" +
			"Sec-WebSocket-Key: bG9hZCBnZW5lcmF0b3IhIQ==\r\n"
	}
	return fmt.Appendf(nil, "GET %s HTTP/1.1\r\nHost: %s\r\n%s\r\n", path, t.addr, head)
}

// accepted reads the head of the answer to subscribe.
func (t target) accepted(head []byte) (wire.Decoder, error) {
	line, _, _ := bytes.Cut(head, []byte("\r\n"))
	switch {
	case t.transport == "ws" && bytes.HasPrefix(line, []byte("HTTP/1.1 101")):
		return &wire.WebSocket{}, nil
	case t.transport != "sse" || !bytes.HasPrefix(line, []byte("HTTP/1.1 200")):
		return nil, fmt.Errorf("the server answers %q", line)
	case bytes.Contains(bytes.ToLower(head), []byte("transfer-encoding: chunked")):
		return &wire.Chunked{}, nil
	}
	return wire.Plain{}, nil
}

// publish is the request that publishes a batch, and where in it the stamps
// of its events are to be put.
func (t target) publish(batch, size int) (request []byte, stamps []int) {
	path, kind := "/publish", "application/x-ndjson"
	if t.server == "hub" {
		path = "/stream/" + t.topic
		if batch == 1 {
			kind = "application/json"
		}
	}
	event := fmt.Appendf(nil, `{"type":"line","data":{"line":"%s"}}`+"\n", stamp.Payload(size))
	offset := bytes.IndexByte(event, '~')
	request = fmt.Appendf(nil, "POST %s HTTP/1.1\r\nHost: %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n",
		path, t.addr, kind, batch*len(event))
	for range batch {
		stamps = append(stamps, len(request)+offset)
		request = append(request, event...)
	}
	return request, stamps
}
