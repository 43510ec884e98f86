package http

import (
	"encoding/json"
	"net"
	"strconv"
	"strings"

	"hub/internal/docker"
)

// hostPorts reads the field ports of a run: by the container's port the host's,
// as the older service took it. Each is a number or its text, "ADDRESS:PORT",
// [ADDRESS, PORT], a list of such, or null, "" or [] for one that the engine
// chooses.
func hostPorts(given map[string]json.RawMessage) (docker.Ports, error) {
	ports := docker.Ports{}
	for port, raw := range given {
		hosts, ok := readHostPorts(raw)
		if !ok {
			return nil, unprocessable(fault{[]any{"body", "ports", port}, `a port of the host is a number from 0 to 65535, "ADDRESS:PORT", [ADDRESS, PORT], a list of these, or null for any`, "value_error"})
		}
		ports[port] = hosts
	}
	return ports, nil
}

func readHostPorts(raw json.RawMessage) (hosts []docker.HostPort, ok bool) {
	if host, ok := readHostPort(raw); ok {
		return []docker.HostPort{host}, true
	}
	var list []json.RawMessage
	if json.Unmarshal(raw, &list) != nil {
		return nil, false
	}
	if len(list) == 2 && isAddress(list[0]) {
		var address string
		_ = json.Unmarshal(list[0], &address)
		port, ok := readHostPort(list[1])
		return []docker.HostPort{{Address: address, Port: port.Port}}, ok && port.Address == ""
	}
	for _, one := range list {
		host, ok := readHostPort(one)
		if !ok {
			return nil, false
		}
		hosts = append(hosts, host)
	}
	return hosts, true
}

// readHostPort reads one: 8080, "8080", "127.0.0.1:8080", "[::1]:8080", "" or null.
func readHostPort(raw json.RawMessage) (host docker.HostPort, ok bool) {
	if json.Unmarshal(raw, &host.Port) == nil { // null, too, is 0
		return host, true
	}
	var text string
	if json.Unmarshal(raw, &text) != nil {
		return host, false
	}
	port := text
	if strings.Contains(text, ":") {
		var err error
		if host.Address, port, err = net.SplitHostPort(text); err != nil {
			return host, false
		}
	}
	if port == "" {
		return host, true
	}
	n, err := strconv.Atoi(port)
	host.Port = n
	return host, err == nil
}

// isAddress tells the address of [ADDRESS, PORT] from a port.
func isAddress(raw json.RawMessage) bool {
	var text string
	return json.Unmarshal(raw, &text) == nil && net.ParseIP(text) != nil
}
