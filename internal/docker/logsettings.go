package docker

import (
	"slices"

	containertypes "github.com/docker/docker/api/types/container"
)

// Log drivers and options that a request may choose. Others send what a container
// writes somewhere else, on the engine's behalf.
var (
	logDrivers = []string{"json-file", "local", "none", "journald"}
	logOptions = []string{"max-size", "max-file", "mode", "max-buffer-size", "labels", "env", "tag", "compress"}
)

// logSettings are checked unless the host is the requests' to use.
func (e *Engine) logSettings(driver string, options map[string]string) (containertypes.LogConfig, error) {
	config := containertypes.LogConfig{Type: driver, Config: options}
	if e.o.AllowHostAccess {
		return config, nil
	}
	if driver != "" && !slices.Contains(logDrivers, driver) {
		return config, fail(ErrForbidden, "the log driver %q is not allowed, only json-file, local, none and journald; allow_host_access would allow it", shorten(driver))
	}
	for option := range options {
		if !slices.Contains(logOptions, option) {
			return config, fail(ErrForbidden, "the log option %q is not allowed; allow_host_access would allow it", shorten(option))
		}
	}
	return config, nil
}
