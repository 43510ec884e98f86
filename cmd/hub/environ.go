package main

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/caarlos0/env/v11"
)

const envPrefix = "HUB_"

// environment makes a map of os.Environ's entries.
func environment(entries []string) map[string]string {
	out := make(map[string]string, len(entries))
	for _, entry := range entries {
		if name, value, ok := strings.Cut(entry, "="); ok {
			out[name] = value
		}
	}
	return out
}

// readEnvironment takes the HUB_ variables, and of the older service's ENV and DEFAULT_ENV for env,
// DOCKERHUB_USERNAME and DOCKERHUB_PASSWORD for the settings of those names. An
// empty variable counts as none. An unknown HUB_ variable is a warning and not an error: Kubernetes
// puts HUB_PORT and more into every pod beside a service of the name hub.
func (s *Settings) readEnvironment(vars map[string]string) error {
	byName := map[string]string{}
	variable := map[string]string{}
	take := func(name, from string) {
		if vars[from] != "" {
			byName[name], variable[name] = vars[from], from
		}
	}
	take("env", "DEFAULT_ENV")
	take("env", "ENV")
	take("dockerhub_username", "DOCKERHUB_USERNAME")
	take("dockerhub_password", "DOCKERHUB_PASSWORD")
	var known []string
	fields := fieldsOf(&s.Config)
	for _, f := range fields {
		take(f.name, f.envName())
		known = append(known, f.envName())
	}
	s.warnUnknown(vars, known)

	maps.Copy(s.Origins, variable)
	err := env.ParseWithOptions(&s.Config, env.Options{TagName: "json", Environment: byName})
	var all env.AggregateError
	if !errors.As(err, &all) {
		return err
	}
	var faults []error
	for _, one := range all.Errors {
		faults = append(faults, s.environmentFault(one, fields, byName))
	}
	return errors.Join(faults...)
}

// environmentFault says a parse error in the words of the setting.
func (s *Settings) environmentFault(err error, fields []field, values map[string]string) error {
	var parse env.ParseError
	if !errors.As(err, &parse) {
		return err
	}
	i := slices.IndexFunc(fields, func(f field) bool { return f.goName == parse.Name })
	return s.fault(fields[i].name, "%s", fields[i].expected(strconv.Quote(values[fields[i].name])))
}

// warnUnknown warns of each variable that looks like a setting and is none.
func (s *Settings) warnUnknown(vars map[string]string, known []string) {
	for _, name := range slices.Sorted(maps.Keys(vars)) {
		if strings.HasPrefix(name, envPrefix) && !slices.Contains(known, name) {
			s.Warnings = append(s.Warnings, fmt.Sprintf("unknown variable %s%s", name, didYouMean(name, known)))
		}
	}
}
