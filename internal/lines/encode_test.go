package lines_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"hub/internal/lines"
)

// asEncodingJSON is what the standard library makes of s.
func asEncodingJSON(t testing.TB, s string) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(s); err != nil {
		t.Fatal(err)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

var awkward = []string{
	"", "plain", "exactly8", "<b>&amp;</b>", `"quoted\path"`, "tab\tnl\ncr\rbs\bff\f", "nul\x00esc\x1bdel\x7f",
	"grüße, 日本語, 🚀", "ls\u2028ps\u2029", "bad\xff\xfe", "cut\xe2\x82", "surrogate\xed\xa0\x80", "1234567\"9", "\xf0\x9f\x9a",
}

func TestStringsAreEncodedAsEncodingJSONDoes(t *testing.T) {
	for _, s := range awkward {
		for pad := range 9 { // each place in a word of eight
			in := strings.Repeat("a", pad) + s + strings.Repeat("z", 8-pad)
			if got, want := string(lines.AppendString(nil, in)), asEncodingJSON(t, in); got != want {
				t.Errorf("%q: got %s, want %s", in, got, want)
			}
		}
	}
}

func TestEncodingAStringAllocatesNothing(t *testing.T) {
	dst, s := make([]byte, 0, 1024), strings.Repeat("grüße ", 20)
	if n := testing.AllocsPerRun(100, func() { dst = lines.AppendString(dst[:0], s) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func FuzzEncoding(f *testing.F) {
	for _, s := range awkward {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if got, want := string(lines.AppendString([]byte("x"), s)), "x"+asEncodingJSON(t, s); got != want {
			t.Errorf("%q: got %s, want %s", s, got, want)
		}
	})
}
