package main

import (
	"strconv"
	"strings"
	"time"

	"github.com/docker/go-units"
)

// Duration is a time.Duration written in words: "10s", "1h30m".
type Duration time.Duration

// UnmarshalText reads a duration as time.ParseDuration does.
func (d *Duration) UnmarshalText(text []byte) error {
	v, err := time.ParseDuration(string(text))
	*d = Duration(v)
	return err
}

// MarshalText writes what String says.
func (d Duration) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// String writes the duration without units that are zero: "24h", not "24h0m0s".
func (d Duration) String() string {
	s := time.Duration(d).String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}

// Set and Type make a duration a flag's value.
func (d *Duration) Set(s string) error { return d.UnmarshalText([]byte(s)) }

// Type is the word for a duration in the help.
func (d *Duration) Type() string { return "duration" }

// Size is a number of bytes written in words: "64MiB". Units are powers of 1024, as in Docker's own
// options, whether they are spelled MiB, MB or m.
type Size int64

// UnmarshalText reads a size; a bare number is bytes.
func (s *Size) UnmarshalText(text []byte) error {
	v, err := units.RAMInBytes(string(text))
	*s = Size(v)
	return err
}

// MarshalText writes what String says.
func (s Size) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// String writes the size in the largest unit that keeps it exact enough to be read back unchanged.
func (s Size) String() string {
	words := units.BytesSize(float64(s))
	if back, err := units.RAMInBytes(words); err != nil || back != int64(s) {
		return strconv.FormatInt(int64(s), 10)
	}
	return words
}

// Set makes a size a flag's value.
func (s *Size) Set(text string) error { return s.UnmarshalText([]byte(text)) }

// Type is the word for a size in the help.
func (s *Size) Type() string { return "size" }
