package docker

import (
	"net"
	"slices"
	"strconv"
	"strings"

	containertypes "github.com/docker/docker/api/types/container"
	"github.com/docker/go-connections/nat"
)

// HostPort is where a container's port is reached on the host.
type HostPort struct {
	Address string // an IP of the host; "" is all of them
	Port    int    // 0, where a container is made, lets the engine choose one
}

// Ports are the ports of a container, such as "80/tcp", and where each is reached:
// nowhere for an empty list.
type Ports map[string][]HostPort

// bindings are the ports as the engine takes them. A port without its protocol is
// of TCP. An empty list lets the engine choose a port of the host.
func (p Ports) bindings() (nat.PortSet, nat.PortMap, error) {
	exposed, bindings := nat.PortSet{}, nat.PortMap{}
	for given, hosts := range p {
		port, err := containerPort(given)
		if err != nil {
			return nil, nil, err
		}
		if len(hosts) == 0 {
			hosts = []HostPort{{}}
		}
		for _, host := range hosts {
			switch {
			case host.Port < 0 || host.Port > 65535:
				return nil, nil, invalid("ports", "%d cannot be a port of the host for %s: it must be from 0 to 65535", host.Port, given)
			case host.Address != "" && net.ParseIP(host.Address) == nil:
				return nil, nil, invalid("ports", "%q is no IP address of the host for %s", shorten(host.Address), given)
			}
			bindings[port] = append(bindings[port], nat.PortBinding{HostIP: host.Address, HostPort: hostPort(host.Port)})
		}
		exposed[port] = struct{}{}
	}
	return exposed, bindings, nil
}

// containerPort reads "80", "80/tcp", "53/udp" or "9/sctp".
func containerPort(given string) (nat.Port, error) {
	number, protocol, named := strings.Cut(given, "/")
	if !named {
		protocol = "tcp"
	}
	n, err := strconv.ParseUint(number, 10, 16)
	if err != nil || n == 0 || !slices.Contains([]string{"tcp", "udp", "sctp"}, protocol) {
		return "", invalid("ports", `%q is no port of a container: it is a number from 1 to 65535 and a protocol, such as "80/tcp"`, shorten(given))
	}
	return nat.Port(strconv.FormatUint(n, 10) + "/" + protocol), nil
}

func hostPort(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// boundPorts are those of a container that was inspected.
func boundPorts(m nat.PortMap) Ports {
	ports := Ports{}
	for port, bindings := range m {
		hosts := []HostPort{}
		for _, b := range bindings {
			n, _ := strconv.Atoi(b.HostPort)
			hosts = append(hosts, HostPort{b.HostIP, n})
		}
		ports[string(port)] = hosts
	}
	return ports
}

// listedPorts are those of a container in a list.
func listedPorts(list []containertypes.Port) Ports {
	ports := Ports{}
	for _, p := range list {
		port := strconv.Itoa(int(p.PrivatePort)) + "/" + p.Type
		if ports[port] == nil {
			ports[port] = []HostPort{}
		}
		if p.PublicPort != 0 {
			ports[port] = append(ports[port], HostPort{p.IP, int(p.PublicPort)})
		}
	}
	return ports
}
