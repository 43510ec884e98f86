package main

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"
)

const redacted = "[redacted]"

// Secret is a text that no log line, error or JSON shows: every way to print it gives "[redacted]", or nothing when it is empty.
type Secret string

// Reveal is the text itself, for the one place that sends it.
func (s Secret) Reveal() string { return string(s) }

// Format covers every verb of package fmt, %#v and %x too.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(s.String())) }

// String, LogValue and MarshalText keep it out of texts, logs and JSON.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return redacted
}

// LogValue keeps it out of log lines.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalText keeps it out of JSON.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText takes the text from a file or the environment.
func (s *Secret) UnmarshalText(text []byte) error { *s = Secret(text); return nil }

// Set makes it a flag's value.
func (s *Secret) Set(text string) error { *s = Secret(text); return nil }

// Type is the word for a secret in the help.
func (s *Secret) Type() string { return "secret" }

// secretsOf are the values of the configuration that nothing may show. Of a header such as "Bearer …" the token alone is one, too, and
// of "Basic …" the password in it. Of a URL it is its user's password and all values of its query, of a webhook's also what is long in
// its path, as chat services have it.
func secretsOf(c Config) []string {
	all := []string{c.DockerhubPassword.Reveal(), c.WebhookSecret.Reveal()}
	all = append(all, secretsInURL(c.LogStreamEndpoint.Reveal(), false)...)
	for _, webhook := range c.WebhookUrls {
		all = append(all, secretsInURL(webhook.Reveal(), true)...)
	}
	for _, value := range c.AuthHeader.Reveal() {
		scheme, rest, two := strings.Cut(value, " ")
		if !two {
			all = append(all, value)
			continue
		}
		all = append(all, rest)
		if decoded, err := base64.StdEncoding.DecodeString(rest); err == nil && strings.EqualFold(scheme, "basic") {
			_, password, _ := strings.Cut(string(decoded), ":")
			all = append(all, password)
		}
	}
	return all
}

// secretsInURL are a URL's; inPath says whether its path has some, too.
func secretsInURL(text string, inPath bool) []string {
	u, err := url.Parse(text)
	if err != nil {
		return nil
	}
	password, _ := u.User.Password()
	all := []string{password}
	const long = 12 // characters, more than a word of an API has and less than any key
	add := func(text string) {
		if utf8.RuneCountInString(text) >= long {
			all = append(all, text)
		}
	}
	for _, values := range u.Query() {
		for _, value := range values {
			add(value)
		}
	}
	if inPath {
		for segment := range strings.SplitSeq(u.Path, "/") {
			add(segment)
		}
	}
	return all
}

// Headers are HTTP headers whose values are secrets.
type Headers map[string]Secret

// Reveal gives names and true values, in a map of its own.
func (h Headers) Reveal() map[string]string {
	out := make(map[string]string, len(h))
	for name, value := range h {
		out[name] = value.Reveal()
	}
	return out
}

// UnmarshalText reads "Name: value" lines. It replaces what was there.
func (h *Headers) UnmarshalText(text []byte) error {
	out := Headers{}
	for line := range strings.Lines(string(text)) {
		if err := out.Set(strings.TrimSpace(line)); err != nil {
			return err
		}
	}
	*h = out
	return nil
}

// UnmarshalJSON reads an object of texts. It replaces what was there.
func (h *Headers) UnmarshalJSON(data []byte) error {
	var plain map[string]*string
	if err := json.Unmarshal(data, &plain); err != nil {
		return err
	}
	out := Headers{}
	for name, value := range plain {
		if value == nil {
			return errors.New("no value")
		}
		out[name] = Secret(*value)
	}
	*h = out
	return nil
}

// Set adds one "Name: value", as a repeated flag does; an empty text adds none.
func (h *Headers) Set(line string) error {
	if line == "" {
		return nil
	}
	name, value, ok := strings.Cut(line, ":")
	if !ok {
		return errors.New("no colon")
	}
	if *h == nil {
		*h = Headers{}
	}
	(*h)[strings.TrimSpace(name)] = Secret(strings.TrimSpace(value))
	return nil
}

// Type is the word for headers in the help.
func (h *Headers) Type() string { return "header" }

// String names the headers and redacts their values.
func (h Headers) String() string {
	parts := make([]string, 0, len(h))
	for _, name := range slices.Sorted(maps.Keys(h)) {
		parts = append(parts, name+": "+redacted)
	}
	return strings.Join(parts, ", ")
}

// Endpoint is a URL that may carry credentials: printed, it shows neither its user's password nor
// the values of its query.
type Endpoint string

// Reveal is the URL itself, for the one place that calls it.
func (e Endpoint) Reveal() string { return string(e) }

// String is the URL without its secrets.
func (e Endpoint) String() string {
	if e == "" {
		return ""
	}
	u, err := url.Parse(string(e))
	if err != nil {
		return redacted
	}
	if query := u.Query(); len(query) > 0 {
		for name := range query {
			query[name] = []string{"xxxxx"}
		}
		u.RawQuery = query.Encode()
	}
	return u.Redacted()
}

// Format covers every verb of package fmt.
func (e Endpoint) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(e.String())) }

// LogValue keeps its secrets out of log lines.
func (e Endpoint) LogValue() slog.Value { return slog.StringValue(e.String()) }

// MarshalText keeps its secrets out of JSON.
func (e Endpoint) MarshalText() ([]byte, error) { return []byte(e.String()), nil }

// Set makes it a flag's value.
func (e *Endpoint) Set(s string) error { *e = Endpoint(s); return nil }

// Type is the word for an endpoint in the help.
func (e *Endpoint) Type() string { return "url" }
