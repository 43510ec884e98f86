package forward

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"syscall"
	"time"
)

// newClient makes a client for one endpoint: one connection, kept alive. The resolver is the system's when nil.
func newClient(o Options, resolver *net.Resolver) *http.Client {
	dialer := &net.Dialer{
		Timeout:  o.ConnectTimeout,
		Resolver: resolver,
		ControlContext: func(_ context.Context, _, address string, _ syscall.RawConn) error {
			to, err := netip.ParseAddrPort(address)
			if err != nil {
				return err
			}
			return allow(to.Addr())
		},
	}
	return &http.Client{
		Transport: &http.Transport{
			Proxy:                  nil, // allow would check its address instead of the endpoint's
			DialContext:            dialer.DialContext,
			TLSHandshakeTimeout:    o.ConnectTimeout,
			ResponseHeaderTimeout:  o.AnswerTimeout,
			MaxResponseHeaderBytes: maxAnswer,
			MaxConnsPerHost:        1,
			IdleConnTimeout:        90 * time.Second,
			DisableCompression:     true,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// metadata are the addresses at which clouds hand out credentials, beyond the link-local ones.
var metadata = []netip.Addr{
	netip.MustParseAddr("fd00:ec2::254"),   // Amazon
	netip.MustParseAddr("fd20:ce::254"),    // Google
	netip.MustParseAddr("100.100.100.200"), // Alibaba
	netip.MustParseAddr("168.63.129.16"),   // Azure
	netip.MustParseAddr("192.0.0.192"),     // Oracle
}

// nat64 is the prefix behind which an IPv6 network offers IPv4 addresses.
var nat64 = netip.MustParsePrefix("64:ff9b::/96")

// allow says why nothing may be sent to an address.
func allow(ip netip.Addr) error {
	ip = ip.Unmap().WithZone("")
	if nat64.Contains(ip) {
		bytes := ip.As16()
		ip = netip.AddrFrom4([4]byte(bytes[12:]))
	}
	if ip.IsLinkLocalUnicast() || ip.IsMulticast() || ip.IsUnspecified() {
		return fmt.Errorf("address %s is not allowed: link-local, multicast and unspecified ones are not", ip)
	}
	for _, m := range metadata {
		if ip == m {
			return fmt.Errorf("address %s is not allowed: it is a cloud's metadata service", ip)
		}
	}
	return nil
}
