package main

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"time"

	"hub/internal/docker"
)

// welcome says where to go, and what to try there.
func (h *hub) welcome(took time.Duration) {
	url := "http://" + reachable(h.listener.Addr().String())
	h.log.Info("the hub is up", "open", url, "version", buildVersion().Version, "took", took.Round(time.Millisecond))
	h.log.Info("to watch", "run", "curl -N "+url+"/stream/ci/1")
	h.log.Info("to publish", "run", "npm run build 2>&1 | curl -NsT - "+url+"/stream/ci/1")
}

// lookForEngine says which Docker engine there is, or why there is none. The hub
// starts, and does everything else, without one.
func (h *hub) lookForEngine(ctx context.Context) error {
	engine, err := docker.New(docker.Options{})
	if err != nil {
		h.log.Warn(err.Error())
		return nil
	}
	defer engine.Close()
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	v, err := engine.Version(ctx)
	switch {
	case errors.Is(ctx.Err(), context.Canceled): // the hub stops
	case err != nil:
		h.log.Info(err.Error())
	default:
		h.log.Info("the Docker engine is there", "host", engine.Host(), "version", v.Engine, "api", v.API)
	}
	return nil
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
