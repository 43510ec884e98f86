package mask

import (
	"encoding/hex"
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"hub/internal/lines"
)

// spell is each spelling of a value by which it is found, at least four bytes each, none twice.
func spell(value string) []string {
	all := spellOne(value)
	if len(value) <= LongestSize {
		all = append(all, broken(value)...)
	}
	if strings.ContainsAny(value, "\r\n") {
		for line := range strings.FieldsFuncSeq(value, func(r rune) bool { return r == '\n' || r == '\r' }) {
			if line = strings.TrimSpace(line); utf8.RuneCountInString(line) >= shortest {
				all = append(all, spellOne(line)...)
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func spellOne(value string) []string {
	text := string([]rune(value)) // each byte that is not UTF-8 is U+FFFD
	escaped, _ := json.Marshal(text)
	query := url.QueryEscape(value)
	_, user, _ := strings.Cut(url.UserPassword("", value).String(), ":")
	all := []string{
		text,
		strings.Join(strings.Fields(text), " "), // as engines and registries have their errors
		inner(string(escaped)),
		inner(string(lines.AppendString(nil, text))),
		inner(strconv.Quote(value)),
		query,
		strings.ReplaceAll(query, "+", "%20"),
		url.PathEscape(value),
		user,
		hex.EncodeToString([]byte(value)),
		strings.ToUpper(hex.EncodeToString([]byte(value))),
	}
	for _, alphabet := range alphabets {
		all = append(all, inBase64(value, alphabet)...)
	}
	return slices.DeleteFunc(all, func(s string) bool { return len(s) < headSize })
}

// inner is a quoted text without its quotes.
func inner(quoted string) string { return quoted[1 : len(quoted)-1] }
