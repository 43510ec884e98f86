package docker

import (
	"fmt"
	"io"
	"log/slog"
	"strings"
)

// redacted is what stands for a secret wherever it would be shown.
const redacted = "***"

// secret is a text that fmt, slog and encoding/json do not show, also where it
// lies deep inside another value: behind a pointer not even reflection prints it.
type secret struct{ text *string }

func newSecret(text string) secret { return secret{&text} }

// reveal is the text; "" of the zero secret.
func (s secret) reveal() string {
	if s.text == nil {
		return ""
	}
	return *s.text
}

// String is not the secret.
func (s secret) String() string { return redacted }

// Format is String for all verbs.
func (s secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, redacted) }

// LogValue is String.
func (s secret) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalJSON is String.
func (s secret) MarshalJSON() ([]byte, error) { return []byte(`"` + redacted + `"`), nil }

// sure is the length from which a secret is hidden wherever it stands. One that
// is shorter is hidden as a whole word only: a password "a", taken out of each
// word, would be told by the gaps.
const sure = 6

// hide takes a secret out of a text, in the spelling given.
func hide(text, secret string) string {
	if secret == "" {
		return text
	}
	if len(secret) >= sure {
		return strings.ReplaceAll(text, secret, redacted)
	}
	var out strings.Builder
	for {
		i := strings.Index(text, secret)
		if i < 0 {
			out.WriteString(text)
			return out.String()
		}
		end := i + len(secret)
		if i > 0 && wordByte(text[i-1]) || end < len(text) && wordByte(text[end]) {
			out.WriteString(text[:i+1])
			text = text[i+1:]
			continue
		}
		out.WriteString(text[:i] + redacted)
		text = text[end:]
	}
}

func wordByte(c byte) bool {
	return c >= 0x80 || c == '_' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}
