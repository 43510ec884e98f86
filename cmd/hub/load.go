package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/pflag"
)

// Settings is a configuration with its history: where each value came from, and what looks odd
// without being wrong.
type Settings struct {
	Config
	// File is the configuration file that was read, empty for none.
	File string
	// Origins names for each setting its source: "default", "config.json:3", "HUB_LISTEN", "--listen".
	Origins map[string]string
	// Warnings are sentences for the operator.
	Warnings []string
}

// load puts defaults, file, environment and flags together, each over the one before, and checks the
// whole. flags must be parsed; given holds what they set. The error joins one line for each fault.
func load(flags *pflag.FlagSet, given *Config, environ []string) (Settings, error) {
	s := Settings{Config: Default(), Origins: map[string]string{}}
	for _, f := range fieldsOf(&s.Config) {
		s.Origins[f.name] = "default"
	}
	env := environment(environ)
	err := errors.Join(s.readFile(flags, env), s.readEnvironment(env))
	s.takeFlags(flags, given)
	s.trimLists()
	if err != nil {
		return s, err
	}
	return s, s.check()
}

// takeFlags copies the settings whose flags were given.
func (s *Settings) takeFlags(flags *pflag.FlagSet, given *Config) {
	from := fieldsOf(given)
	for i, f := range fieldsOf(&s.Config) {
		if flags.Changed(f.flagName()) {
			f.value.Set(from[i].value)
			s.Origins[f.name] = "--" + f.flagName()
		}
	}
}

// trimLists lets people write "a, b" and a trailing comma.
func (s *Settings) trimLists() {
	for _, f := range fieldsOf(&s.Config) {
		list, ok := f.value.Interface().([]string)
		if !ok {
			continue
		}
		for i := range list {
			list[i] = strings.TrimSpace(list[i])
		}
		list = slices.DeleteFunc(list, func(item string) bool { return item == "" })
		*f.value.Addr().Interface().(*[]string) = list
	}
}

// fault is an error about one setting that begins with where its value was written.
func (s *Settings) fault(name, format string, args ...any) error {
	what := fmt.Sprintf(format, args...)
	switch origin := s.Origins[name]; {
	case origin == "default":
		return fmt.Errorf("%s: %s", name, what)
	case s.File != "" && strings.HasPrefix(origin, s.File+":"):
		return fmt.Errorf("%s: %s: %s", origin, name, what)
	default:
		return fmt.Errorf("%s: %s", origin, what)
	}
}
