package main

import (
	"encoding/json"
	"fmt"
	"io"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

// version may be set when linking: go build -ldflags "-X main.version=1.2.3".
var version string

// Version says which hub this is.
type Version struct {
	Version string `json:"version"`             // "1.2.3", or the module's, or "devel"
	Commit  string `json:"commit,omitempty"`    // of the source, with "+changes" where it had some
	Built   string `json:"commit_at,omitempty"` // when the commit was made, RFC 3339
	Go      string `json:"go"`
	OS      string `json:"os"`
	Arch    string `json:"arch"`
}

// buildVersion reads what the linker and the go command left in the program.
func buildVersion() Version {
	v := Version{Version: version, Go: runtime.Version(), OS: runtime.GOOS, Arch: runtime.GOARCH}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		info = &debug.BuildInfo{}
	}
	changed := false
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			v.Commit = s.Value
		case "vcs.time":
			v.Built = s.Value
		case "vcs.modified":
			changed = s.Value == "true"
		}
	}
	if v.Commit != "" && changed {
		v.Commit += "+changes"
	}
	if v.Version == "" {
		v.Version = info.Main.Version
	}
	if v.Version == "" || v.Version == "(devel)" {
		v.Version = "devel"
	}
	return v
}

// String is the version on one line.
func (v Version) String() string {
	s := "hub " + v.Version
	if v.Commit != "" {
		s += " (" + v.Commit + ")"
	}
	return fmt.Sprintf("%s %s %s/%s", s, v.Go, v.OS, v.Arch)
}

// versionCommand prints the version.
func versionCommand(out io.Writer) *cobra.Command {
	cmd := &cobra.Command{Use: "version", Short: "Say which hub this is", Args: noArgs}
	asJSON := cmd.Flags().Bool("json", false, "as one JSON object")
	cmd.RunE = func(*cobra.Command, []string) error {
		if *asJSON {
			return json.NewEncoder(out).Encode(buildVersion())
		}
		_, err := fmt.Fprintln(out, buildVersion())
		return err
	}
	return cmd
}
