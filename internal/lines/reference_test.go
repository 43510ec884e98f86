package lines_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"hub/internal/lines"
)

// valid is s with U+FFFD for each byte that is not UTF-8, as Go's conversion to runes does it.
func valid(s string) string { return string([]rune(s)) }

// reference says which lines a stream has, the plain way: all of it at once. A segment whose JSON has over limit bytes goes out in
// parts, and so is a line even when it is redrawn.
func reference(stream string, limit int) (all []string) {
	for len(stream) > 0 {
		line, rest, ended := strings.Cut(stream, "\n")
		stream = rest
		if ended {
			line = strings.TrimSuffix(line, "\r")
		}
		final, told, seen := "", false, false
		segments := strings.Split(line, "\r")
		for i, s := range segments {
			if s == "" {
				continue
			}
			final, told, seen = valid(s), false, true
			if len(lines.AppendString(nil, s))-2 > limit && i < len(segments)-1 {
				all, told = append(all, final), true
			}
		}
		if !told && (ended || seen) {
			all = append(all, final)
		}
	}
	return all
}

// limitOf is how many bytes of encoded text fit in one event, found by trying.
func limitOf(o lines.Options) int {
	for n := 1; ; n++ {
		parts := 0
		w := lines.NewWriter(func(string, []byte) error { parts++; return nil }, o)
		w.Write([]byte(strings.Repeat("a", n)))
		w.Close()
		if parts > 1 {
			return n - 1
		}
	}
}

func check(t *testing.T, stream string, o lines.Options, limit int, cuts ...int) {
	t.Helper()
	j := joiner{t: t, maxData: o.MaxData}
	var pieces []string
	at := 0
	for _, c := range cuts {
		pieces, at = append(pieces, stream[at:c]), c
	}
	write(t, j.emit, o, append(pieces, stream[at:])...)
	if want := reference(stream, limit); !slices.Equal(j.lines, want) || j.open != "" {
		t.Errorf("%q cut at %v\n got %q\nwant %q", stream, cuts, j.lines, want)
	}
}

func FuzzLinesDoNotDependOnHowTheyWereCut(f *testing.F) {
	for i, s := range []string{"a\nb\r\nc\rd\n", "\r\r\n", "\xe2\x82\xac\xe2\n\xff", strings.Repeat("\x00", 50) + "\rx\r\n\n"} {
		f.Add(s, uint16(i), uint16(i*3))
	}
	o := lines.Options{Stream: "stdout", MaxData: 128}
	limit := limitOf(o)
	f.Fuzz(func(t *testing.T, s string, a, b uint16) {
		cuts := []int{int(a) % (len(s) + 1), int(b) % (len(s) + 1)}
		slices.Sort(cuts)
		check(t, s, o, limit, cuts...)
	})
}

func TestAnyBytesInAnyPiecesGiveTheSameLines(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	atoms := []string{"\n", "\r", "\r\n", "a", "\x00", "€", "🚀", "\xff", "\xe2\x82", "\"", "some words", strings.Repeat("long ", 30)}
	o := lines.Options{Stream: "stdout", MaxData: 128}
	limit := limitOf(o)
	for range 5_000 {
		var b strings.Builder
		for range rng.IntN(12) {
			b.WriteString(atoms[rng.IntN(len(atoms))])
		}
		s := b.String()
		var cuts []int
		for range rng.IntN(6) {
			cuts = append(cuts, rng.IntN(len(s)+1))
		}
		slices.Sort(cuts)
		check(t, s, o, limit, cuts...)
		if t.Failed() {
			return
		}
	}
}
