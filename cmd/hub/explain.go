package main

import (
	"errors"
	"fmt"
	"net"
	"syscall"
)

// explain is the error's text; where an address cannot be listened on it also says what helps.
func explain(err error) string {
	var op *net.OpError
	if !errors.As(err, &op) || op.Op != "listen" || op.Addr == nil {
		return err.Error()
	}
	why := ""
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		why = "address already in use (another hub? see --listen)"
	case errors.Is(err, syscall.EACCES):
		why = "permission denied (ports under 1024 are root's; see --listen)"
	case errors.Is(err, syscall.EADDRNOTAVAIL):
		why = "this machine has no such address (see --listen)"
	default:
		return err.Error()
	}
	return fmt.Sprintf("cannot listen on %s: %s", op.Addr, why)
}
