package main

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
)

// URLs are addresses whose path or query may be a secret, as those of chat services are: printed, they show scheme and host alone.
type URLs []Secret

// UnmarshalText reads URLs between which stand commas or spaces. It replaces what was there.
func (u *URLs) UnmarshalText(text []byte) error {
	*u = nil
	return u.Set(string(text))
}

// UnmarshalJSON reads a list of texts. It replaces what was there.
func (u *URLs) UnmarshalJSON(data []byte) error {
	var plain []string
	if err := json.Unmarshal(data, &plain); err != nil {
		return err
	}
	*u = nil
	for _, text := range plain {
		*u = append(*u, Secret(strings.TrimSpace(text)))
	}
	return nil
}

// Set adds to them, as a repeated flag does.
func (u *URLs) Set(text string) error {
	for _, one := range strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' || r == '\n' }) {
		*u = append(*u, Secret(one))
	}
	return nil
}

// Type is the word for them in the help.
func (u *URLs) Type() string { return "urls" }

// String names their hosts.
func (u URLs) String() string {
	hosts := make([]string, len(u))
	for i, one := range u {
		hosts[i] = redacted
		if at, err := url.Parse(one.Reveal()); err == nil && at.Host != "" {
			hosts[i] = at.Scheme + "://" + at.Host + "/" + redacted
		}
	}
	return strings.Join(hosts, ", ")
}

// Format covers every verb of package fmt.
func (u URLs) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(u.String())) }

// LogValue keeps them out of log lines.
func (u URLs) LogValue() slog.Value { return slog.StringValue(u.String()) }

// MarshalText keeps them out of JSON.
func (u URLs) MarshalText() ([]byte, error) { return []byte(u.String()), nil }
