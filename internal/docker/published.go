package docker

import (
	"net"
	"net/url"
)

// PublishedHost is where the ports that containers publish are reached: the host
// of an engine that is spoken with over TCP, else "localhost". An IPv6 address has
// no brackets: join it with a port by [net.JoinHostPort].
func (e *Engine) PublishedHost() string {
	const here = "localhost"
	address, err := url.Parse(e.Host())
	if err != nil || address.Scheme != "tcp" && address.Scheme != "http" && address.Scheme != "https" {
		return here
	}
	host := address.Hostname()
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		return here
	}
	return host
}
