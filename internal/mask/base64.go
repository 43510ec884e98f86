package mask

import (
	"encoding/base64"
	"strings"
)

var alphabets = []*base64.Encoding{base64.StdEncoding, base64.URLEncoding}

// encode is a value in base64 behind so many other bytes, counted from a group's beginning; what lies between the places stands for it
// alone.
func encode(value string, before int, alphabet *base64.Encoding) (encoded string, from, to int) {
	encoded = alphabet.EncodeToString([]byte(strings.Repeat("\x00", before) + value))
	return encoded, (before*8 + 5) / 6, (before + len(value)) * 8 / 6
}

// inBase64 is what base64 makes of a value, wherever it stands in what is encoded: the characters that stand for it alone, and, where
// the encoded text ends with it, all up to the end, with the padding and without.
func inBase64(value string, alphabet *base64.Encoding) []string {
	var all []string
	for before := range 3 {
		encoded, from, to := encode(value, before, alphabet)
		all = append(all, encoded[from:to], encoded[from:], strings.TrimRight(encoded[from:], "="))
	}
	return all
}

const (
	group  = 4         // characters of base64 that stand for three bytes; lines break between groups: of MIME at 76, of PEM at 64
	window = 3 * group // characters by which a piece of a line is known
)

// broken is what lines have of a value whose base64 is broken into such: each window of it, and those at its ends with what is there of
// a group. Of a piece that has no whole window on its line nothing is known: it is shorter than one.
func broken(value string) []string {
	var all []string
	for _, alphabet := range alphabets {
		for before := range 3 {
			encoded, from, to := encode(value, before, alphabet)
			first, last := (from+group-1)/group*group, to/group*group
			if last-first < window {
				continue // and no break leaves one
			}
			for at := first; at+window <= last; at += group {
				all = append(all, encoded[at:at+window])
			}
			end := encoded[last-window:]
			all = append(all, encoded[from:first+window], encoded[last-window:to], end, strings.TrimRight(end, "="))
		}
	}
	return all
}
