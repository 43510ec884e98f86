package main

import (
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/spf13/cobra"
)

// checkCommand prints the configuration in effect, each value with its source and secrets redacted,
// and warnings on stderr; or the faults, and the exit code is 2.
func checkCommand(environ []string, stdout, stderr io.Writer) *cobra.Command {
	return withSettings(&cobra.Command{
		Use:   "check-config",
		Short: "Print the configuration in effect, or what is wrong with it",
		Args:  noArgs,
	}, environ, func(s Settings) error {
		printWarnings(stderr, s.Warnings)
		return printSettings(stdout, s)
	})
}

// printSettings writes a table of name, value and source.
func printSettings(out io.Writer, s Settings) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, f := range fieldsOf(&s.Config) {
		value := f.text()
		if value == "" {
			value = "-"
		}
		_, _ = fmt.Fprintf(table, "%s\t%s\t%s\n", f.name, value, s.Origins[f.name])
	}
	return table.Flush() // keeps the first error of the writes above
}
