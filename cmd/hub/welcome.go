package main

import (
	"net"
	"net/netip"
	"time"
)

// welcome says where to go, and what to try there.
func (h *hub) welcome(took time.Duration) {
	url := "http://" + reachable(h.listener.Addr().String())
	h.log.Info("the hub is up", "open", url, "version", buildVersion().Version, "took", took.Round(time.Millisecond))
	h.log.Info("to watch", "run", "curl -N "+url+"/stream/ci/1")
	h.log.Info("to publish", "run", "npm run build 2>&1 | curl -NsT - "+url+"/stream/ci/1")
}

// reachable is a listener's address as a browser on this machine would write it: one
// that stands for every network is no name that the hub answers to.
func reachable(addr string) string {
	ap, err := netip.ParseAddrPort(addr)
	if err != nil || !ap.Addr().IsUnspecified() {
		return addr
	}
	_, port, _ := net.SplitHostPort(addr)
	return net.JoinHostPort("localhost", port)
}
