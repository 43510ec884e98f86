package outbound

import (
	"net"
	"net/netip"
	"testing"
)

// Loopback and private addresses are the operator's to name; link-local ones and clouds' metadata are nobody's.
func TestAllow(t *testing.T) {
	for address, allowed := range map[string]bool{
		"127.0.0.1": true, "::1": true, "10.1.2.3": true, "192.168.1.1": true, "fd00::1": true, "203.0.113.9": true, "64:ff9b::cb00:7109": true,
		"169.254.169.254": false, "169.254.1.1": false, "::ffff:169.254.169.254": false, "64:ff9b::a9fe:a9fe": false, "fe80::1": false, "fe80::1%eth0": false,
		"fd00:ec2::254": false, "fd20:ce::254": false, "100.100.100.200": false, "168.63.129.16": false, "0.0.0.0": false, "::": false, "224.0.0.1": false,
	} {
		if err := Allow(netip.MustParseAddr(address)); (err == nil) != allowed {
			t.Errorf("%s: %v", address, err)
		}
	}
}

func TestControlStandsBehindALookUp(t *testing.T) {
	dialer := net.Dialer{Control: Control}
	if c, err := dialer.DialContext(t.Context(), "tcp", "169.254.169.254:80"); err == nil {
		c.Close()
		t.Error("it connects")
	}
}
