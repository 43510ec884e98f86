package broker

import (
	"errors"
	"regexp"
	"strings"
	"testing"
)

func TestTopicNames(t *testing.T) {
	good := []string{"a", "a/b", "tasks/docker_build-1f0c9a77be", "A.Z:0@9_-/x", "1/2/3/4/5/6/7/8", "..", strings.Repeat("x", 200)}
	bad := []string{"", "/", "a/", "/a", "a//b", "1/2/3/4/5/6/7/8/9", "a b", "ä", "a\n", "a\x00", `a"`, "a%2Fb", "*", "a/*", "a/**", strings.Repeat("x", 201)}
	for _, name := range good {
		if err := CheckName(name); err != nil {
			t.Errorf("%q is a topic: %v", name, err)
		}
	}
	for _, name := range bad {
		if err := CheckName(name); !errors.Is(err, ErrBadName) {
			t.Errorf("%q is no topic, the error is %v", name, err)
		}
	}
}

func TestPatterns(t *testing.T) {
	for pattern, want := range map[string]bool{
		"a": true, "*": true, "**": true, "a/*/c": true, "a/**": true, "*/*/**": true,
		"": false, "a*": false, "**/a": false, "a/**/b": false, "***": false, "a/": false, "a/*b": false, "1/2/3/4/5/6/7/8/**": false,
	} {
		if err := CheckPattern(pattern); (err == nil) != want {
			t.Errorf("pattern %q: %v", pattern, err)
		}
	}
}

func TestMatch(t *testing.T) {
	for _, c := range []struct {
		pattern, name string
		want          bool
	}{
		{"a", "a", true}, {"a", "b", false}, {"a", "a/b", false}, {"a/b", "a", false}, {"a", "ab", false},
		{"*", "a", true}, {"*", "a/b", false}, {"a/*", "a", false}, {"a/*", "a/b", true}, {"a/*", "a/b/c", false}, {"*/b", "a/b", true},
		{"**", "a", true}, {"**", "a/b/c", true}, {"a/**", "a", false}, {"a/**", "a/b", true}, {"a/**", "a/b/c/d", true}, {"a/**", "b/c", false}, {"*/x/**", "a/x/y/z", true},
	} {
		if got := Match(c.pattern, c.name); got != c.want {
			t.Errorf("Match(%q, %q) = %v", c.pattern, c.name, got)
		}
	}
}

// Two selectors meet when some topic is matched by both.
func TestSelectorsThatMeet(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"a/*", "*/b", true}, {"a/**", "*/b/c", true}, {"a/*", "b/*", false}, {"a/**", "a", false}, {"**", "a/*", true},
		{"containers/*/logs", "containers/web/*", true}, {"containers/*/logs", "containers/web/stats", false}, {"a/*", "a/*/c", false},
	} {
		if meet(c.a, c.b) != c.want || meet(c.b, c.a) != c.want {
			t.Errorf("%q and %q: want %v", c.a, c.b, c.want)
		}
	}
}

// The reference is the rule as written: regular expressions of whole names.
var (
	nameRule    = regexp.MustCompile(`^[A-Za-z0-9_.:@-]+(/[A-Za-z0-9_.:@-]+){0,7}$`)
	segmentRule = regexp.MustCompile(`^([A-Za-z0-9_.:@-]+|\*)$`)
)

func patternByRule(s string) bool {
	segments := strings.Split(s, "/")
	for i, segment := range segments {
		if !segmentRule.MatchString(segment) && (segment != "**" || i != len(segments)-1) {
			return false
		}
	}
	return len(segments) <= 8 && len(s) <= 200
}

func matchByRule(pattern, name string) bool {
	quoted := regexp.QuoteMeta(pattern)
	quoted = strings.ReplaceAll(quoted, `\*\*`, `.+`)
	quoted = strings.ReplaceAll(quoted, `\*`, `[^/]+`)
	return regexp.MustCompile(`^` + quoted + `$`).MatchString(name)
}

func FuzzNames(f *testing.F) {
	for _, pair := range [][2]string{{"a/*", "a/b"}, {"**", "a/b"}, {"a//b", "*"}, {"*/**", "x/y/z"}, {"a/**", "a"}, {"ä", "\n"}} {
		f.Add(pair[0], pair[1])
	}
	f.Fuzz(func(t *testing.T, pattern, name string) {
		isName := len(name) <= 200 && nameRule.MatchString(name) && !strings.HasSuffix(name, "\n")
		if err := CheckName(name); (err == nil) != isName {
			t.Errorf("name %q: %v", name, err)
		}
		if err := CheckPattern(pattern); (err == nil) != patternByRule(pattern) {
			t.Errorf("pattern %q: %v", pattern, err)
		}
		if isName && patternByRule(pattern) && Match(pattern, name) != matchByRule(pattern, name) {
			t.Errorf("Match(%q, %q) = %v", pattern, name, Match(pattern, name))
		}
	})
}
