package main

import (
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

const aboutHub = `A real-time streaming hub: build logs, command output and host figures, live over WebSocket,
Server-Sent Events, NDJSON, plain text and polling.

Once it runs, open
  http://127.0.0.1:8002/                      the live topics, in a browser
  http://127.0.0.1:8002/docs                  the routes

and in terminals
  curl -N localhost:8002/stream/ci/1          watch a topic
  make 2>&1 | curl -NsT - localhost:8002/stream/ci/1
                                              pipe a command's output in
`

const examples = `
Examples:
  hub                                         serve on 127.0.0.1:8002, no file needed
  hub --listen 127.0.0.1:9000 --log-level debug
  HUB_LISTEN=127.0.0.1:9000 hub               the same by the environment
  hub --config /etc/hub.json check-config     what is in effect, and from where
`

const spellings = `
A setting has one name in three spellings: topic_max_bytes in the file, HUB_TOPIC_MAX_BYTES in the
environment, --topic-max-bytes here. Flags win over the environment, the environment over the file,
the file over the defaults. The file is JSON, one object; without --config it is $CONFIG_PATH or else
config.json in the working directory, if there is one.
`

const exits = `
INT or TERM stops in order, a second one at once. Exit codes: 0 stopped in order, 1 cannot run,
2 bad usage or configuration.
`

// setHelp gives root and its commands a help in which settings stand in groups.
func setHelp(root *cobra.Command) {
	root.SetHelpFunc(func(cmd *cobra.Command, _ []string) {
		_, _ = fmt.Fprint(cmd.OutOrStdout(), helpText(cmd))
	})
}

func helpText(cmd *cobra.Command) string {
	var b strings.Builder
	if !cmd.HasParent() {
		b.WriteString(aboutHub)
	} else {
		b.WriteString(cmd.Short + ".\n")
	}
	fmt.Fprintf(&b, "\nUsage:\n  %s\n", cmd.UseLine())
	if cmd.HasAvailableSubCommands() {
		b.WriteString("\nCommands:\n")
		for _, c := range cmd.Commands() {
			if c.IsAvailableCommand() {
				fmt.Fprintf(&b, "  %-14s%s\n", c.Name(), c.Short)
			}
		}
		b.WriteString(examples)
	}
	settings := cmd.Flags().Lookup("config") != nil
	if settings {
		b.WriteString(spellings)
	}
	b.WriteString(flagGroups(cmd.Flags()))
	if settings && !cmd.HasParent() {
		b.WriteString(exits)
	}
	return b.String()
}

// flagGroups lists the flags by their group, groups and flags in the order of Config; flags that are
// no setting come last.
func flagGroups(flags *pflag.FlagSet) string {
	var b strings.Builder
	table := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	group, listed := "", map[string]bool{}
	title := func(next string) {
		if group != next {
			fmt.Fprintf(table, "\n%s:\n", next)
			group = next
		}
	}
	defaults := Default()
	for _, f := range fieldsOf(&defaults) {
		if flags.Lookup(f.flagName()) == nil {
			continue
		}
		title(f.group)
		fmt.Fprintf(table, "  --%s %s\t%s\n", f.flagName(), f.arg, f.help+inParentheses(f.text()))
		listed[f.flagName()] = true
	}
	flags.VisitAll(func(f *pflag.Flag) {
		if !listed[f.Name] {
			title("Other")
			arg, help := pflag.UnquoteUsage(f)
			fmt.Fprintf(table, "  --%s %s\t%s\n", f.Name, arg, help)
		}
	})
	_ = table.Flush() // a strings.Builder takes everything
	return b.String()
}

func inParentheses(text string) string {
	if text == "" {
		return ""
	}
	return " (" + text + ")"
}
