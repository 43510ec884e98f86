package docker

import (
	"errors"
	"slices"
	"testing"
)

func TestACommandIsSplitAsAShellSplitsWords(t *testing.T) {
	for command, want := range map[string][]string{
		"":                             nil,
		" a\tb\n c ":                   {"a", "b", "c"},
		`sh -c "echo a; echo 'b c'"`:   {"sh", "-c", "echo a; echo 'b c'"},
		`nginx -g daemon off;`:         {"nginx", "-g", "daemon", "off;"},
		`awk {print($1)} a|b <c >d &`:  {"awk", "{print($1)}", "a|b", "<c", ">d", "&"},
		"echo $HOME `id` ~ * #no":      {"echo", "$HOME", "`id`", "~", "*", "#no"},
		`printf "a\nb" 'c\n' d\n`:      {"printf", `a\nb`, `c\n`, "dn"},
		`x '' "" y`:                    {"x", "", "", "y"},
		`"a\"b" 'it'\''s' a\ b "\q\\"`: {`a"b`, "it's", "a b", `\q\`},
		`echo é "日本"`:                  {"echo", "é", "日本"},
	} {
		if got, err := Words("command", command); err != nil || !slices.Equal(got, want) {
			t.Errorf("%q: %q, %v, want %q", command, got, err, want)
		}
	}
	for _, command := range []string{`"open`, `'open`, `end\`, "nul\x00"} {
		var e *Error
		if _, err := Words("cmd", command); !errors.As(err, &e) || e.Kind != ErrInvalid || e.Field != "cmd" {
			t.Errorf("%q: %v", command, err)
		}
	}
}
