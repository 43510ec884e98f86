package lines

import (
	"encoding/binary"
	"math/bits"
	"unicode/utf8"
)

// maxEscape is the most JSON bytes one byte of text can become: \u0000, or \ufffd for a byte that is not UTF-8.
const maxEscape = 6

// AppendString appends s to dst as a JSON string with its quotes, byte for byte what encoding/json writes with SetEscapeHTML(false):
// bytes that are not UTF-8 become \ufffd, U+2028 and U+2029 are escaped so that the result may stand in JavaScript.
func AppendString(dst []byte, s string) []byte {
	return AppendBytes(dst, []byte(s))
}

// AppendBytes is [AppendString] for text in a byte slice.
func AppendBytes(dst, text []byte) []byte {
	dst = append(dst, '"')
	dst = appendText(dst, text)
	return append(dst, '"')
}

// appendText appends the inside of a JSON string. Stretches that need no escape are found eight bytes at a time and copied whole.
func appendText(dst, text []byte) []byte {
	from, i := 0, 0
	for i < len(text) {
		if i+8 <= len(text) {
			hits := special(binary.LittleEndian.Uint64(text[i:]))
			if hits == 0 {
				i += 8
				continue
			}
			i += bits.TrailingZeros64(hits) / 8
		}
		c := text[i]
		if c < utf8.RuneSelf {
			if c >= ' ' && c != '"' && c != '\\' {
				i++
				continue
			}
			dst = append(dst, text[from:i]...)
			dst = appendEscape(dst, c)
			i++
			from = i
			continue
		}
		r, size := utf8.DecodeRune(text[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			dst = append(dst, text[from:i]...)
			dst = append(dst, `\ufffd`...)
			from = i + size
		case r == '\u2028' || r == '\u2029':
			dst = append(dst, text[from:i]...)
			dst = append(dst, `\u202`...)
			dst = append(dst, hex[r&0xf])
			from = i + size
		}
		i += size
	}
	return append(dst, text[from:]...)
}

const hex = "0123456789abcdef"

func appendEscape(dst []byte, c byte) []byte {
	switch c {
	case '"', '\\':
		return append(dst, '\\', c)
	case '\b':
		return append(dst, '\\', 'b')
	case '\f':
		return append(dst, '\\', 'f')
	case '\n':
		return append(dst, '\\', 'n')
	case '\r':
		return append(dst, '\\', 'r')
	case '\t':
		return append(dst, '\\', 't')
	}
	return append(dst, '\\', 'u', '0', '0', hex[c>>4], hex[c&0xf])
}

// special marks, in the top bit of each byte, the bytes of x that appendText must look at: controls, quote, backslash and non-ASCII.
// A borrow can mark a byte wrongly, but only above one marked rightly, so the lowest mark is exact.
func special(x uint64) uint64 {
	const ones, tops = 0x0101010101010101, 0x8080808080808080
	quote, slash := x^(ones*'"'), x^(ones*'\\')
	return (x | (x-ones*' ')&^x | (quote-ones)&^quote | (slash-ones)&^slash) & tops
}
