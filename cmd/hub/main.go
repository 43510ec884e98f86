// Command hub serves real-time streams: see hub --help.
package main

import (
	"context"
	"io"
	"os"
)

func main() {
	ctx, stop := orderlyStop(context.Background(), os.Exit)
	code := run(ctx, os.Args[1:], os.Environ(), os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run is the program without the process: it serves until ctx is cancelled and returns the exit code.
func run(ctx context.Context, args, environ []string, stdout, stderr io.Writer) int {
	cmd := program(environ, stdout, stderr, serve)
	cmd.SetArgs(args)
	err := cmd.ExecuteContext(ctx)
	report(stderr, err)
	return exitCode(err)
}
