package broker

import (
	"errors"
	"fmt"
	"strings"
)

// Bounds of a topic's name, as the stream contract sets them.
const (
	MaxName     = 200 // bytes
	MaxSegments = 8
)

// ErrBadName is wrapped by the error for a topic or pattern that breaks the rules.
var ErrBadName = errors.New("bad topic")

// CheckName reports why name is not a topic: 1 to [MaxSegments] segments of
// A-Z a-z 0-9 _ . : @ -, joined by "/", at most [MaxName] bytes together.
func CheckName(name string) error { return check(name, false) }

// CheckPattern is CheckName for subscriptions, where a segment may also be "*",
// which stands for any one segment, and the last "**", for one or more.
func CheckPattern(pattern string) error { return check(pattern, true) }

func check(name string, pattern bool) error {
	if name == "" {
		return fmt.Errorf("%w: it is empty", ErrBadName)
	}
	if len(name) > MaxName {
		return fmt.Errorf("%w: it has %d bytes, at most %d are allowed", ErrBadName, len(name), MaxName)
	}
	segments, rest := 0, name
	for more := true; more; {
		var segment string
		segment, rest, more = strings.Cut(rest, "/")
		segments++
		switch {
		case segments > MaxSegments:
			return fmt.Errorf("%w %q: it has more than %d segments", ErrBadName, name, MaxSegments)
		case segment == "":
			return fmt.Errorf("%w %q: a segment is empty", ErrBadName, name)
		case pattern && (segment == "*" || segment == "**" && !more):
			continue
		}
		for i := range len(segment) {
			if !nameByte(segment[i]) {
				return fmt.Errorf("%w %q: %q is not allowed, only A-Z a-z 0-9 _ . : @ - in segments joined by /", ErrBadName, name, segment[i:i+1])
			}
		}
	}
	return nil
}

func nameByte(c byte) bool {
	switch {
	case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9':
		return true
	}
	return c == '_' || c == '.' || c == ':' || c == '@' || c == '-'
}

func isPattern(name string) bool { return strings.Contains(name, "*") }

// Match reports whether a topic's name is one that the pattern stands for.
func Match(pattern, name string) bool { return meet(pattern, name) }

// meet reports whether some topic is matched by both a and b, each a name or a
// pattern.
func meet(a, b string) bool {
	for {
		if a == "**" || b == "**" {
			return true
		}
		as, arest, amore := strings.Cut(a, "/")
		bs, brest, bmore := strings.Cut(b, "/")
		if as != bs && as != "*" && bs != "*" || amore != bmore {
			return false
		}
		if !amore {
			return true
		}
		a, b = arest, brest
	}
}
