package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"

	"github.com/spf13/cobra"
)

// usageError is a fault of the command line or the configuration, exit code 2; every other error of a
// command is a failure to run, exit code 1.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

// server runs a hub until ctx is cancelled.
type server func(ctx context.Context, cfg Config, log *slog.Logger) error

// program is the command line: hub, which serves, and its commands.
func program(environ []string, stdout, stderr io.Writer, serve server) *cobra.Command {
	serving := func(cmd *cobra.Command) *cobra.Command {
		return withSettings(cmd, environ, func(s Settings) error {
			log := newLogger(stderr, s.Config, environment(environ))
			for _, w := range s.Warnings {
				log.Warn(w)
			}
			if s.File != "" {
				log.Debug("read the configuration", "file", s.File)
			}
			return serve(cmd.Context(), s.Config, log)
		})
	}
	root := serving(&cobra.Command{
		Use:           "hub",
		Short:         "A real-time streaming hub",
		Args:          noArgs,
		SilenceErrors: true,
		SilenceUsage:  true,
	})
	root.AddCommand(
		serving(&cobra.Command{Use: "serve", Short: "Serve, which hub without a command does too", Args: noArgs}),
		checkCommand(environ, stdout, stderr),
		versionCommand(stdout),
	)
	root.SetOut(stdout)
	root.SetErr(stderr)
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return usageError{flagFault(cmd.Flags(), err)}
	})
	setHelp(root)
	return root
}

// withSettings gives cmd the flags of all settings and runs it with the configuration in effect.
func withSettings(cmd *cobra.Command, environ []string, run func(Settings) error) *cobra.Command {
	given := Default()
	bindFlags(cmd.Flags(), &given)
	cmd.RunE = func(*cobra.Command, []string) error {
		settings, err := load(cmd.Flags(), &given, environ)
		if err != nil {
			printWarnings(cmd.ErrOrStderr(), settings.Warnings) // a misspelt variable may be the reason
			return usageError{err}
		}
		return run(settings)
	}
	return cmd
}

// printWarnings writes one line for each warning.
func printWarnings(w io.Writer, warnings []string) {
	for _, warning := range warnings {
		_, _ = fmt.Fprintln(w, "hub: warning:", warning)
	}
}

// noArgs refuses what is neither a flag nor a command, and names the nearest command.
func noArgs(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	if cmd.HasParent() {
		return usageError{fmt.Errorf("%s takes no argument %q", cmd.CommandPath(), args[0])}
	}
	var known []string
	for _, c := range cmd.Commands() {
		known = append(known, c.Name())
	}
	return usageError{fmt.Errorf("unknown command %q%s", args[0], orSeeHelp(didYouMean(args[0], known)))}
}

// exitCode is what the process ends with: 0 for an orderly stop, 2 for bad usage or configuration, 1
// for a failure to run.
func exitCode(err error) int {
	var usage usageError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &usage):
		return 2
	default:
		return 1
	}
}

// report writes one line for each fault in err.
func report(w io.Writer, err error) {
	if err == nil {
		return
	}
	for line := range strings.Lines(err.Error()) {
		_, _ = fmt.Fprintf(w, "hub: %s\n", strings.TrimSpace(line))
	}
}
