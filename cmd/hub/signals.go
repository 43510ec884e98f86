package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

// orderlyStop returns a context that the first INT or TERM cancels, with a cause that names the
// signal. The second ends the process at once, with 130 or 143 as a shell would report it. The
// function returned gives the signals back.
func orderlyStop(parent context.Context, exit func(code int)) (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(parent)
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM)
	done := make(chan struct{})
	go func() {
		for first := true; ; first = false {
			select {
			case s := <-signals:
				if !first {
					exit(128 + int(s.(syscall.Signal)))
					return
				}
				cancel(fmt.Errorf("received %s; once more ends at once", s))
			case <-done:
				return
			}
		}
	}()
	return ctx, func() {
		signal.Stop(signals)
		close(done)
		cancel(nil)
	}
}
