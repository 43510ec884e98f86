package main

import (
	"fmt"
	"reflect"
	"strings"
)

// field is one setting of a Config: its name, what the help says of it, and its place.
type field struct {
	name, group, arg, help string
	goName                 string
	value                  reflect.Value
}

// fieldsOf lists the settings of cfg in the order they are declared; values point into cfg.
func fieldsOf(cfg *Config) []field {
	v := reflect.ValueOf(cfg).Elem()
	fields := make([]field, 0, v.NumField())
	for i := range v.NumField() {
		f := v.Type().Field(i)
		fields = append(fields, field{
			name: f.Tag.Get("json"), group: f.Tag.Get("group"), arg: f.Tag.Get("arg"), help: f.Tag.Get("help"),
			goName: f.Name, value: v.Field(i),
		})
	}
	return fields
}

// flagName is the setting's spelling as a flag, without the dashes.
func (f field) flagName() string { return strings.ReplaceAll(f.name, "_", "-") }

// envName is the setting's spelling in the environment.
func (f field) envName() string { return envPrefix + strings.ToUpper(f.name) }

// text is the setting's value for people, secrets redacted.
func (f field) text() string {
	switch v := f.value.Interface().(type) {
	case []string:
		return strings.Join(v, ", ")
	default:
		return fmt.Sprint(v)
	}
}

// expected says in words what the setting takes; got is shown unless it may be a secret.
func (f field) expected(got string) string {
	switch f.value.Interface().(type) {
	case string:
		return "expected a text, not " + got
	case []string:
		return `expected a list of texts such as ["a", "b"], not ` + got
	case int:
		return "expected a whole number, not " + got
	case bool:
		return "expected true or false, not " + got
	case Duration:
		return `expected a duration such as "10s", not ` + got
	case Size:
		return `expected a size such as "64MiB", not ` + got
	case Headers:
		return `expected headers: {"Name": "value"} in a file, "Name: value" elsewhere`
	case Endpoint:
		return "expected a URL"
	case URLs:
		return `expected a list of URLs such as ["https://chat.example/hook"]`
	case Secret:
		return "expected a text"
	default:
		panic("no words for the type of " + f.name)
	}
}
