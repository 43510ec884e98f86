//go:build linux

package main

import (
	"bytes"
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
)

// packages are the programs by the names they are started with.
var packages = map[string]string{
	"hub":   "hub/cmd/hub",
	"naive": "hub/bench/naive",
	"floor": "hub/bench/floor",
	"load":  "hub/bench/load",
}

// build makes the programs in dir.
func build(ctx context.Context, dir string, servers []string) error {
	for _, name := range append([]string{"load"}, servers...) {
		command := exec.CommandContext(ctx, "go", "build", "-o", filepath.Join(dir, name), packages[name])
		var said bytes.Buffer
		command.Stdout, command.Stderr = &said, &said
		if err := command.Run(); err != nil {
			return fmt.Errorf("cannot build %s (-servers chooses whom to measure): %w\n%s",
				packages[name], err, strings.TrimSpace(said.String()))
		}
	}
	return nil
}
