package mask

import (
	"encoding/base64"
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
	if strings.ContainsAny(value, "\r\n") {
		for line := range strings.FieldsFuncSeq(value, func(r rune) bool { return r == '\n' || r == '\r' }) {
			if utf8.RuneCountInString(line) >= shortest && strings.TrimSpace(line) != "" {
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
	}
	for _, alphabet := range []*base64.Encoding{base64.StdEncoding, base64.URLEncoding} {
		all = append(all, inBase64(value, alphabet)...)
	}
	return slices.DeleteFunc(all, func(s string) bool { return len(s) < headSize })
}

// inner is a quoted text without its quotes.
func inner(quoted string) string { return quoted[1 : len(quoted)-1] }

// inBase64 is what base64 makes of a value, wherever it stands in what is encoded: the characters that stand for it alone, and, where
// the encoded text ends with it, all up to the end, with the padding and without.
func inBase64(value string, alphabet *base64.Encoding) []string {
	var all []string
	for before := range 3 { // bytes in front of it, counted from a group's beginning
		encoded := alphabet.EncodeToString([]byte(strings.Repeat("\x00", before) + value))
		from := (before*8 + 5) / 6
		to := (before + len(value)) * 8 / 6
		all = append(all, encoded[from:to], encoded[from:], strings.TrimRight(encoded[from:], "="))
	}
	return all
}
