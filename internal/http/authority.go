package http

import (
	"net/netip"
	"strings"
)

// authority is a host and perhaps a port, in the one spelling that is compared.
type authority struct {
	host string // lower case, an IPv6 address in its brackets
	port string // digits, or "" where none was given
}

// parseAuthority reads "name", "name:8002", "127.0.0.1:8002" or "[::1]:8002". It
// takes no user, no empty port, no trailing dot ("localhost." is another origin
// than "localhost", and one spelling of a name is enough), and no other way of
// writing an address than the shortest.
func parseAuthority(s string) (a authority, ok bool) {
	s = strings.ToLower(strings.Clone(s))
	host, port, hasPort := s, "", false
	if i := strings.LastIndexByte(s, ':'); i > strings.LastIndexByte(s, ']') {
		host, port, hasPort = s[:i], s[i+1:], true
	}
	if hasPort && !isPort(port) {
		return a, false
	}
	if literal, found := strings.CutPrefix(host, "["); found {
		literal, closed := strings.CutSuffix(literal, "]")
		ip, err := netip.ParseAddr(literal)
		if !closed || err != nil || !ip.Is6() || ip.Is4In6() || ip.Zone() != "" || ip.String() != literal {
			return a, false
		}
	} else if !isName(host) {
		return a, false
	}
	return authority{host, port}, true
}

// ip is the address that the host is, or none. A name of digits only, such as
// 127.1 or 2130706433, is no address in its one spelling, and nobody's name.
func (a authority) ip() netip.Addr {
	ip, _ := netip.ParseAddr(strings.Trim(a.host, "[]"))
	return ip
}

// orPort is the authority with its port, or with the scheme's.
func (a authority) orPort(scheme string) authority {
	if a.port == "" {
		a.port = map[string]string{"http": "80", "https": "443"}[scheme]
	}
	return a
}

func isPort(s string) bool {
	return s != "" && len(s) <= 5 && strings.Trim(s, "0123456789") == "" && s[0] != '0'
}

func isName(s string) bool {
	const letters = "abcdefghijklmnopqrstuvwxyz0123456789-_."
	return s != "" && len(s) <= 253 && strings.Trim(s, letters) == "" && !strings.HasSuffix(s, ".")
}

// origin is where a page came from: Origin's value in the one spelling.
type origin struct {
	scheme string
	authority
}

// parseOrigin reads "https://name" or "http://name:8002", with the scheme's port
// filled in. "null" is no origin.
func parseOrigin(s string) (o origin, ok bool) {
	scheme, rest, found := strings.Cut(s, "://")
	scheme = strings.ToLower(scheme)
	if !found || scheme != "http" && scheme != "https" {
		return o, false
	}
	a, ok := parseAuthority(rest)
	return origin{scheme, a.orPort(scheme)}, ok
}
