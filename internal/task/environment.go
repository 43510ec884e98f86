package task

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
)

// inherited are the variables that a command has from the hub: what programs need to find their way. All others stay with the hub,
// whose environment holds passwords.
var inherited = []string{"PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LANGUAGE", "TZ", "TMPDIR", "DOCKER_HOST"}

// environment is a command's: little of the hub's, TERM for a terminal that can nothing, and extra over both. It is sorted.
func environment(extra map[string]string) []string {
	vars := map[string]string{"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}
	for _, pair := range os.Environ() {
		name, value, _ := strings.Cut(pair, "=")
		if slices.Contains(inherited, name) || strings.HasPrefix(name, "LC_") {
			vars[name] = value
		}
	}
	vars["TERM"] = "dumb"
	maps.Copy(vars, extra)
	pairs := make([]string, 0, len(vars))
	for name, value := range vars {
		pairs = append(pairs, name+"="+value)
	}
	slices.Sort(pairs)
	return pairs
}

func checkEnvironment(vars map[string]string) error {
	for name, value := range vars {
		if name == "" || strings.ContainsAny(name, "=\x00") || strings.ContainsRune(value, 0) {
			return fmt.Errorf("env: %q cannot be set", name)
		}
	}
	return nil
}
