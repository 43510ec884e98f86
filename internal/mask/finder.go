package mask

import (
	"encoding/binary"
	"math"
	"slices"
	"strings"
)

// headSize is how many bytes each spelling has at least; by so many of its first it is looked up.
const headSize = 4

// finder finds spellings. A filter of bits, which fits a core's nearest cache, says of nearly every place in a text that none begins there.
type finder struct {
	heads   map[uint32][]string // the spellings by their first bytes, in the order of texts
	filter  [1 << 10]uint64
	longest int // bytes of the longest spelling
}

func head(text []byte) uint32 { return binary.LittleEndian.Uint32(text) }

// bit is the place of a head in the filter: the upper 16 bits of a product with 2^32 divided by the golden ratio, which spreads them.
func bit(head uint32) (word uint32, mask uint64) {
	h := head * 0x9e3779b1 >> 16
	return h >> 6, 1 << (h & 63)
}

// add adds spellings that are not there.
func (f *finder) add(fresh []string) {
	if f.heads == nil {
		f.heads = map[uint32][]string{}
	}
	for key, alike := range byHead(fresh) {
		f.heads[key] = with(f.heads[key], alike)
		f.note(key, alike)
	}
}

// note makes the filter and the longest take spellings of one head into account.
func (f *finder) note(key uint32, alike []string) {
	word, mask := bit(key)
	f.filter[word] |= mask
	for _, spelling := range alike {
		f.longest = max(f.longest, len(spelling))
	}
}

// remove takes out spellings that are there.
func (f *finder) remove(gone []string) {
	for key, alike := range byHead(gone) {
		if f.heads[key] = without(f.heads[key], alike); len(f.heads[key]) == 0 {
			delete(f.heads, key)
		}
	}
	clear(f.filter[:])
	f.longest = 0
	for key, all := range f.heads {
		f.note(key, all)
	}
}

// find is the next place, at or behind from, where a spelling begins, and the end of the longest that does; -1 where none does.
func (f *finder) find(text []byte, from int) (start, end int) {
	for i := from; i+headSize <= len(text); i++ {
		key := head(text[i:])
		word, mask := bit(key)
		if f.filter[word]&mask == 0 {
			continue
		}
		if size := longestIn(f.heads[key], text[i:]); size > 0 {
			return i, i + size
		}
	}
	return -1, -1
}

// search is where a text stands among sorted ones, or would stand.
func search(all []string, text []byte) (place int, found bool) {
	return slices.BinarySearchFunc(all, text, func(s string, text []byte) int {
		switch { // comparisons that copy no text
		case s == string(text):
			return 0
		case s < string(text):
			return -1
		}
		return 1
	})
}

// longestIn is the size of the longest of sorted spellings, all of one head, that text begins with; 0 where none is. One that is shorter
// than what stands before text among them is a beginning of both, so no other is looked at.
func longestIn(all []string, text []byte) int {
	for {
		place, found := search(all, text)
		switch {
		case found:
			return len(text)
		case place == 0:
			return 0
		}
		same, before := 0, all[place-1]
		for same < min(len(before), len(text)) && before[same] == text[same] {
			same++
		}
		text = text[:same]
	}
}

// mask appends text up to a place, masked, to dst. Of its beginning, told bytes belong to a secret whose replacement has gone out
// before. rest is how many bytes behind the place belong to one whose replacement has gone out now.
func (f *finder) mask(dst, text []byte, told, upTo int) (_ []byte, rest int) {
	end := told // up to here text has been told
	for i := 0; i < upTo; i++ {
		start, stop := f.find(text, i)
		if start < 0 || start >= upTo {
			break
		}
		if start >= end {
			dst = append(dst, text[end:start]...)
			dst = append(dst, Replacement...)
		}
		end, i = max(end, stop), start
	}
	if end < upTo {
		return append(dst, text[end:upTo]...), 0
	}
	return dst, end - upTo
}

// open is the place where the longest end of text begins that is not yet a spelling but may become one; the text's length if none may.
func (f *finder) open(text []byte) int {
	for i := max(0, len(text)-f.longest+1); i < len(text); i++ {
		if f.begins(text[i:]) {
			return i
		}
	}
	return len(text)
}

// begins tells whether some spelling begins with text and is longer.
func (f *finder) begins(text []byte) bool {
	if len(text) >= headSize {
		if word, mask := bit(head(text)); f.filter[word]&mask == 0 {
			return false
		}
		all := f.heads[head(text)]
		place, found := search(all, text)
		if found {
			place++
		}
		return place < len(all) && strings.HasPrefix(all[place], string(text))
	}
	var first [headSize]byte
	copy(first[:], text)
	want, these := head(first[:]), uint32(math.MaxUint32)>>(8*(headSize-len(text)))
	for key := range f.heads {
		if key&these == want {
			return true
		}
	}
	return false
}
