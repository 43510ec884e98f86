package mask

import (
	"bytes"
	"encoding/json"

	"hub/internal/lines"
)

// JSON is an encoded JSON value without secrets in its strings, of the same shape: numbers stay, and keys that are names. It is the same
// slice when there was nothing to mask; what it returns else is the caller's own.
func (s *Set) JSON(data []byte) []byte {
	if s.Empty() {
		return data
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	// Without a backslash the strings are what they stand for.
	if start, _ := s.finder.find(data, 0); start < 0 && bytes.IndexByte(data, '\\') < 0 {
		return data
	}
	return s.finder.json(data)
}

// json masks each string of a JSON value.
func (f *finder) json(data []byte) []byte {
	var masked []byte // nil while nothing was found
	told := 0         // up to here data has been copied
	for i := 0; ; {
		quote := bytes.IndexByte(data[i:], '"')
		if quote < 0 {
			break
		}
		start := i + quote
		end, escaped := endOfString(data, start)
		i = end
		if isName(data, start, end) {
			continue
		}
		if text, found := f.inString(data[start:end], escaped); found {
			masked = append(append(masked, data[told:start]...), text...)
			told = end
		}
	}
	if masked == nil {
		return data
	}
	return append(masked, data[told:]...)
}

// endOfString is the place behind the string that begins at start, and whether it holds a backslash.
func endOfString(data []byte, start int) (end int, escaped bool) {
	for i := start + 1; i < len(data); i++ {
		switch data[i] {
		case '\\':
			escaped = true
			i++
		case '"':
			return i + 1, escaped
		}
	}
	return len(data), escaped
}

// isName tells whether a string is a key made of letters and underscores.
func isName(data []byte, start, end int) bool {
	if !bytes.HasPrefix(bytes.TrimLeft(data[end:], " \t\r\n"), []byte{':'}) {
		return false
	}
	for _, c := range data[start+1 : end-1] {
		if c != '_' && (c|0x20 < 'a' || c|0x20 > 'z') {
			return false
		}
	}
	return true
}

// inString masks one string with its quotes.
func (f *finder) inString(quoted []byte, escaped bool) (masked []byte, found bool) {
	if !escaped {
		if start, _ := f.find(quoted, 0); start < 0 {
			return nil, false
		}
	}
	var text string
	if json.Unmarshal(quoted, &text) != nil {
		return nil, false
	}
	plain := []byte(text)
	if start, _ := f.find(plain, 0); start < 0 {
		return nil, false
	}
	masked, _ = f.mask(nil, plain, 0, len(plain))
	return lines.AppendBytes(nil, masked), true
}
