package lines

import "unicode/utf8"

// text adds p to the current segment. Unless the segment ends here, an incomplete rune at its end waits for the next call.
func (w *Writer) text(p []byte, ended bool) {
	if w.nrest > 0 {
		p = w.joinRune(p, ended)
	}
	if !ended {
		whole := len(p) - incomplete(p)
		w.nrest += copy(w.rest[w.nrest:], p[whole:])
		p = p[:whole]
	}
	w.add(p)
}

// joinRune adds the runes that begin in rest and returns what p has after them.
func (w *Writer) joinRune(p []byte, ended bool) []byte {
	var joined [2 * utf8.UTFMax]byte
	old := copy(joined[:], w.rest[:w.nrest])
	b := joined[:old+copy(joined[old:], p)]
	i := 0
	for i < old && (ended || utf8.FullRune(b[i:])) {
		_, size := utf8.DecodeRune(b[i:])
		w.add(b[i : i+size])
		i += size
	}
	if i < old {
		w.nrest = copy(w.rest[:], b[i:])
		return nil
	}
	w.nrest = 0
	return p[i-old:]
}

// incomplete counts the bytes at the end of p that may begin a rune.
func incomplete(p []byte) int {
	for n := 1; n < utf8.UTFMax && n <= len(p); n++ {
		if c := p[len(p)-n]; utf8.RuneStart(c) {
			if utf8.FullRune(p[len(p)-n:]) {
				return 0
			}
			return n
		}
	}
	return 0
}

// add encodes p into the current segment and sends a part each time the next rune would not fit.
func (w *Writer) add(p []byte) {
	for len(p) > 0 && w.err == nil {
		fits := (w.limit - len(w.cur)) / maxEscape // so many bytes fit whatever they are
		if fits >= len(p) {
			w.cur = appendText(w.cur, p)
			return
		}
		if fits >= utf8.UTFMax {
			n := runeBorder(p, fits)
			w.cur = appendText(w.cur, p[:n])
			p = p[n:]
			continue
		}
		_, size := utf8.DecodeRune(p)
		before := len(w.cur)
		w.cur = appendText(w.cur, p[:size])
		if len(w.cur) > w.limit {
			w.cur = w.cur[:before]
			w.sendPart(false)
			continue
		}
		p = p[size:]
	}
}

// runeBorder returns the last place at or before n, which lies inside p, where p can be cut without splitting a rune.
func runeBorder(p []byte, n int) int {
	for back := range utf8.UTFMax {
		if utf8.RuneStart(p[n-back]) {
			return n - back
		}
	}
	return n
}
