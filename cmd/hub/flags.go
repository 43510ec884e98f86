package main

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/pflag"
)

// bindFlags gives flags one for each setting, written into cfg, and --config.
func bindFlags(flags *pflag.FlagSet, cfg *Config) {
	flags.SortFlags = false
	flags.SetNormalizeFunc(func(_ *pflag.FlagSet, name string) pflag.NormalizedName {
		// A name copied from the file works as a flag, too.
		return pflag.NormalizedName(strings.ReplaceAll(name, "_", "-"))
	})
	for _, f := range fieldsOf(cfg) {
		switch p := f.value.Addr().Interface().(type) {
		case *string:
			flags.StringVar(p, f.flagName(), *p, f.help)
		case *[]string:
			flags.StringSliceVar(p, f.flagName(), *p, f.help)
		case *int:
			flags.IntVar(p, f.flagName(), *p, f.help)
		case *bool:
			flags.BoolVar(p, f.flagName(), *p, f.help)
		case pflag.Value:
			flags.Var(p, f.flagName(), f.help)
		default:
			panic("no flag for the type of " + f.name)
		}
	}
	flags.String("config", "", "the configuration `file`; else CONFIG_PATH, else config.json if there is one")
}

// flagFault says a flag error of pflag in the words of the settings.
func flagFault(flags *pflag.FlagSet, err error) error {
	var unknown *pflag.NotExistError
	if errors.As(err, &unknown) && unknown.GetSpecifiedShortnames() == "" {
		var known []string
		flags.VisitAll(func(f *pflag.Flag) { known = append(known, "--"+f.Name) })
		name := "--" + unknown.GetSpecifiedName()
		return fmt.Errorf("unknown flag %s%s", name, orSeeHelp(didYouMean(name, known)))
	}
	var invalid *pflag.InvalidValueError
	if errors.As(err, &invalid) {
		cfg := Config{}
		for _, f := range fieldsOf(&cfg) {
			if f.flagName() == invalid.GetFlag().Name {
				return fmt.Errorf("--%s: %s", f.flagName(), f.expected(strconv.Quote(invalid.GetValue())))
			}
		}
	}
	return err
}

// orSeeHelp is hint, or where to look when there is none.
func orSeeHelp(hint string) string {
	if hint == "" {
		return ": see hub --help"
	}
	return hint
}
