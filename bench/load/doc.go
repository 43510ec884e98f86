//go:build linux

// Command load puts a hub under load over loopback and measures from outside
// what it does and what it costs:
//
//	load fanout   publishes to N readers, flat out or at a rate
//	load stalled  the same, beside K readers that never read
//	load idle     holds N readers and publishes nothing
//	load replay   publishes H events, then N readers come and fetch them
//
// One thread does it all: it reads every socket, publishes on one keep-alive
// connection, and waits in epoll. Each payload carries a stamp (package
// stamp), which is found again in whatever the server makes of it; latency is
// from the moment a publish begins to the read that brought the event.
//
// Flat out means: a publish follows as soon as the one before is answered and
// the slowest reader is no more than -window events behind. Within the window
// nobody needs to lose anything, so a loss is the server's doing.
//
// At a rate the load does not wait for the server: a publish that was held up
// by the one before counts from when it was due.
package main
