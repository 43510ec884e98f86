// Package outbound says where the hub may connect to on somebody's word: everywhere but where a network keeps its secrets.
//
// Addresses that are local to a link, multicast and unspecified ones are refused, and those at which clouds hand out credentials.
// Loopback and private ones are not: the hub's own network is what it is for. The check belongs behind the look-up of a name, so that
// no name server can lead past it: [Control] is for a [net.Dialer].
package outbound

import (
	"fmt"
	"net/netip"
	"syscall"
)

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

// Error is of an address that is refused.
type Error struct {
	Address netip.Addr
	Why     string
}

// Error says which address, and why.
func (e *Error) Error() string { return fmt.Sprintf("address %s is not allowed: %s", e.Address, e.Why) }

// Allow is an [*Error] for an address that may not be connected to.
func Allow(ip netip.Addr) error {
	ip = ip.Unmap().WithZone("")
	if nat64.Contains(ip) {
		bytes := ip.As16()
		ip = netip.AddrFrom4([4]byte(bytes[12:]))
	}
	if ip.IsLinkLocalUnicast() || ip.IsMulticast() || ip.IsUnspecified() {
		return &Error{ip, "link-local, multicast and unspecified ones are not"}
	}
	for _, m := range metadata {
		if ip == m {
			return &Error{ip, "it is a cloud's metadata service"}
		}
	}
	return nil
}

// Control is Allow as a [net.Dialer] has it.
func Control(_, address string, _ syscall.RawConn) error {
	to, err := netip.ParseAddrPort(address)
	if err != nil {
		return err
	}
	return Allow(to.Addr())
}
