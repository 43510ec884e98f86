package mask_test

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"
)

// values are secrets of many shapes.
var values = []string{
	"hunter2", "abcd", "pässwörd", `quo"te\back`, "<tag>&amp;", "a/b?c#d e+f%g:h@i", "line one\nline two", "tab\tbell\adel\x7f",
	"~~~???>>>", "日本語のパスワード", "😀😀😀😀", "two  blanks", "\u2028separator\u2029",
}

func TestASecretIsFoundInEachSpelling(t *testing.T) {
	for _, v := range values {
		s := setOf(v)
		escaped, _ := json.Marshal(v)
		plain := new(strings.Builder)
		e := json.NewEncoder(plain)
		e.SetEscapeHTML(false)
		if err := e.Encode(v); err != nil {
			t.Fatal(err)
		}
		for spelling, text := range map[string]string{
			"raw":                      v,
			"JSON":                     string(escaped),
			"JSON without HTML":        plain.String(),
			"quoted":                   fmt.Sprintf("%q", v),
			"query":                    url.QueryEscape(v),
			"query with %20":           strings.ReplaceAll(url.QueryEscape(v), "+", "%20"),
			"path":                     url.PathEscape(v),
			"user":                     (&url.URL{Scheme: "https", Host: "h", User: url.UserPassword("u", v)}).String(),
			"hex":                      hex.EncodeToString([]byte(v)),
			"HEX":                      strings.ToUpper(hex.EncodeToString([]byte(v))),
			"an error with its blanks": strings.Join(strings.Fields(v), " "),
			"base64":                   base64.StdEncoding.EncodeToString([]byte(v)),
			"base64 for URLs":          base64.URLEncoding.EncodeToString([]byte(v)),
			"base64 without padding":   base64.RawURLEncoding.EncodeToString([]byte(v)),
		} {
			got := s.Text("x " + text + " y")
			want := "x *** y"
			switch spelling {
			case "JSON", "JSON without HTML", "quoted":
				want = `x "***" y`
			case "user":
				want = "x https://u:***@h y"
			}
			if got = strings.ReplaceAll(got, "\n y", " y"); got != want {
				t.Errorf("%q as %s, %q: %q", v, spelling, text, got)
			}
		}
	}
}

// What base64 makes of a secret inside something longer is found, however it lies in the groups of three bytes.
func TestASecretIsFoundInsideBase64(t *testing.T) {
	for _, v := range values {
		s := setOf(v)
		for before := range 7 {
			for after := range 4 {
				whole := []byte(strings.Repeat("u", before) + v + strings.Repeat("z", after))
				for _, alphabet := range []*base64.Encoding{base64.StdEncoding, base64.URLEncoding} {
					text := alphabet.EncodeToString(whole)
					got := s.Text(text)
					if rest := strings.ReplaceAll(got, "***", ""); !strings.Contains(got, "***") || len(rest) > (before+after)*4/3+5 {
						t.Errorf("%q in %s: %s", v, text, got)
					}
					if after == 0 && !strings.HasSuffix(got, "***") {
						t.Errorf("%q at the end of %s: %s", v, text, got)
					}
				}
			}
		}
	}
}
