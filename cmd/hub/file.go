package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/spf13/pflag"
)

// defaultFile is read when it exists and nothing names another.
const defaultFile = "config.json"

// readFile finds the configuration file (--config, else CONFIG_PATH, else config.json here) and takes
// its settings. Only a file that somebody named must exist.
func (s *Settings) readFile(flags *pflag.FlagSet, env map[string]string) error {
	path, named := env["CONFIG_PATH"], true
	if flags.Changed("config") {
		path, _ = flags.GetString("config")
	}
	if path == "" {
		path, named = defaultFile, false
	}
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) && !named {
		return nil
	}
	if err != nil {
		var cause *fs.PathError
		if errors.As(err, &cause) {
			err = cause.Err
		}
		return fmt.Errorf("cannot read the configuration %s: %w", path, err)
	}
	s.File = path
	return s.parseFile(bytes.TrimPrefix(text, []byte("\xef\xbb\xbf")))
}

// parseFile takes the settings of one JSON object. It reports each key that is unknown, written twice
// or of a wrong type; null leaves a setting as it is.
func (s *Settings) parseFile(text []byte) error {
	if err := s.checkSyntax(text); err != nil {
		return err
	}
	d := json.NewDecoder(bytes.NewReader(text))
	if token, _ := d.Token(); token != json.Delim('{') {
		return fmt.Errorf("%s: expected a JSON object such as {\"listen\": \"127.0.0.1:8002\"}", s.File)
	}
	var faults []error
	seen := map[string]bool{}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return err
		}
		name, line := key.(string), lineAt(text, d.InputOffset())
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return err
		}
		if seen[name] {
			faults = append(faults, fmt.Errorf("%s:%d: %s is written twice", s.File, line, name))
			continue
		}
		seen[name] = true
		faults = append(faults, s.takeJSON(name, value, line))
	}
	return errors.Join(faults...)
}

// checkSyntax says on which line the text stops being one JSON value.
func (s *Settings) checkSyntax(text []byte) error {
	if len(bytes.TrimSpace(text)) == 0 {
		return fmt.Errorf("%s: the file is empty: write {} for the defaults", s.File)
	}
	var whole json.RawMessage
	err := json.Unmarshal(text, &whole)
	var bad *json.SyntaxError
	if errors.As(err, &bad) {
		return fmt.Errorf("%s:%d: not valid JSON: %w", s.File, lineAt(text, bad.Offset), err)
	}
	return err
}

// takeJSON takes one setting's value.
func (s *Settings) takeJSON(name string, value json.RawMessage, line int) error {
	var names []string
	for _, f := range fieldsOf(&s.Config) {
		if f.name != name {
			names = append(names, f.name)
			continue
		}
		if string(value) == "null" {
			return nil
		}
		s.Origins[name] = fmt.Sprintf("%s:%d", s.File, line)
		if json.Unmarshal(value, f.value.Addr().Interface()) != nil {
			return s.fault(name, "%s", f.expected(string(value)))
		}
		return nil
	}
	return fmt.Errorf("%s:%d: unknown key %q%s", s.File, line, name, didYouMean(name, names))
}

// lineAt is the line, counted from 1, that holds the byte before offset.
func lineAt(text []byte, offset int64) int {
	offset = min(max(offset-1, 0), int64(len(text)))
	return 1 + bytes.Count(text[:offset], []byte("\n"))
}
