package mask_test

import (
	"encoding/base64"
	"math/rand/v2"
	"strings"
	"testing"
)

// However a secret lies in what is encoded, and whatever the width of its lines, its own characters show in pieces under twelve alone.
func TestBase64InLinesShowsPiecesUnderTwelveCharacters(t *testing.T) {
	for range 60 {
		secret := make([]byte, 16+rand.IntN(200))
		for i := range secret {
			secret[i] = byte(' ' + rand.IntN(95))
		}
		before, after := rand.IntN(70), rand.IntN(70)
		s := setOf(string(secret))
		whole := []byte(strings.Repeat("u", before) + string(secret) + strings.Repeat("z", after))
		for _, width := range []int{64, 76, 20, 1000} {
			for _, alphabet := range []*base64.Encoding{base64.StdEncoding, base64.URLEncoding} {
				encoded := alphabet.EncodeToString(whole)
				from, to := (before*8+5)/6, (before+len(secret))*8/6
				for at := 0; at < len(encoded); at += width {
					end := min(at+width, len(encoded))
					line, own := encoded[at:end], max(0, min(end, to)-max(at, from))
					rest := len(strings.ReplaceAll(s.Text(line), "***", ""))
					if others := len(line) - own; rest-others >= 12 {
						t.Fatalf("%q: of a line of %d characters, %d of them its own, %d remain: %s", secret, len(line), own, rest, s.Text(line))
					}
				}
			}
		}
	}
}

func TestTheTwoLinesOfALongTokenInMIMEShowNothing(t *testing.T) {
	token := "ghp_" + strings.Repeat("aB3xY7", 13)
	encoded := base64.StdEncoding.EncodeToString([]byte(token))
	text := encoded[:76] + "\n" + encoded[76:] + "\n"
	if got := setOf(token).Text(text); got != "***\n***\n" {
		t.Errorf("%q", got)
	}
}

// A value that is too long for a request may come from elsewhere, such as a build's argument; it does not fill the memory.
func TestAVeryLongValueIsMaskedInOneLine(t *testing.T) {
	value := strings.Repeat("0123456789abcdef", 1<<12)
	s := setOf(value)
	if got := s.Text(base64.StdEncoding.EncodeToString([]byte(value))); got != "***" {
		t.Errorf("%.100q", got)
	}
}
