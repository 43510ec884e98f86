package dockertest

import (
	"fmt"
	"math/rand/v2"
	"net"
	"os/exec"
	"strings"
)

// bridge is what an engine's containers are connected by.
type bridge struct{ name string }

// newBridge makes one with a network of 10.64.0.0/10 that no interface has. Its
// address is its own: one that it took from its ports would change when containers
// come and go, and those that stay would answer to the old one for seconds.
func newBridge() (bridge, error) {
	id := rand.Uint32()
	b := bridge{fmt.Sprintf("hub%08x", id)}
	network := freeNetwork()
	for _, args := range []string{
		fmt.Sprintf("link add name %s address 02:42:%02x:%02x:%02x:%02x type bridge", b.name, byte(id>>24), byte(id>>16), byte(id>>8), byte(id)),
		"addr add " + network + " dev " + b.name,
		"link set " + b.name + " up",
	} {
		if out, err := exec.Command("ip", strings.Fields(args)...).CombinedOutput(); err != nil {
			b.remove()
			return bridge{}, fmt.Errorf("cannot make a bridge: ip %s: %w: %s", args, err, out)
		}
	}
	return b, nil
}

func (b bridge) remove() { _ = exec.Command("ip", "link", "del", b.name).Run() }

func freeNetwork() string {
	used, _ := net.InterfaceAddrs()
	for {
		gateway := net.IPv4(10, byte(64+rand.IntN(64)), byte(rand.IntN(256)), 1)
		if !overlaps(used, gateway) {
			return gateway.String() + "/24"
		}
	}
}

func overlaps(used []net.Addr, ip net.IP) bool {
	for _, a := range used {
		if n, ok := a.(*net.IPNet); ok && n.Contains(ip) {
			return true
		}
	}
	return false
}
