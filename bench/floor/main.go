//go:build linux

// Command floor is the least a hub in Go can do: it writes the bytes a hub
// would write to the sockets a hub would write them to, and nothing else. No
// history, no queue, no goroutine for a reader; the publisher's goroutine
// writes to every reader itself, once for each publish.
//
//	GET /ws        WebSocket, a message for each event
//	GET /events    Server-Sent Events, a chunk for each event
//	POST /publish  each line of the body is an event {"type":"line",…}
//	GET /readyz    200
//
// What a hub spends beyond this is the price of what it does.
package main

import (
	"bufio"
	"flag"
	"log"
	"net"
)

func main() {
	listen := flag.String("listen", "127.0.0.1:8102", "`address` to listen on")
	flag.Parse()
	listener, err := net.Listen("tcp", *listen)
	if err != nil {
		log.Fatalf("cannot listen: %v", err)
	}
	log.Fatal(serve(listener))
}

func serve(listener net.Listener) error {
	var f floor
	for {
		conn, err := listener.Accept()
		if err != nil {
			return err
		}
		go f.handle(conn.(*net.TCPConn), bufio.NewReader(conn))
	}
}
