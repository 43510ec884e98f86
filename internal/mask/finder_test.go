package mask

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// linesAlike is a secret of so many bytes whose lines have a beginning in common.
func linesAlike(size int, beginning string) string {
	var b strings.Builder
	for i := 0; b.Len() < size-len(beginning)-6; i++ {
		fmt.Fprintf(&b, "%s%05d\n", beginning, i)
	}
	return b.String()
}

// It is the comparisons that are counted: sorting a list anew for each of its spellings takes as many as the list is long, each time.
func TestManyLinesThatBeginAlikeAreAddedInOneGo(t *testing.T) {
	plain := compare
	defer func() { compare = plain }()
	for _, beginning := range []string{"aaaa", strings.Repeat("a", 1000)} {
		count := 0
		compare = func(a, b string) int { count++; return plain(a, b) }
		s := new(Set)
		release := s.Add(linesAlike(LongestSize, beginning), linesAlike(LongestSize/2, beginning+"b"))
		if n := len(s.spellings); n < 100 || count > 20*n {
			t.Errorf("%d-byte beginnings: %d comparisons for %d spellings", len(beginning), count, n)
		}
		release()
		if len(s.finder.heads) > 0 || len(s.spellings) > 0 || s.finder.longest > 0 {
			t.Errorf("%d heads and %d spellings stay", len(s.finder.heads), len(s.spellings))
		}
	}
}

// What is found by order is what looking at every spelling finds.
func TestTheLongestSpellingIsFoundAmongManyAlike(t *testing.T) {
	random := func(n int) string {
		b := []byte("aaaa")
		for range n {
			b = append(b, "ab"[rand.IntN(2)])
		}
		return string(b)
	}
	for range 2000 {
		var f finder
		seen := map[string]bool{}
		for range rand.IntN(20) {
			seen[random(rand.IntN(8))] = true
		}
		var all []string
		for s := range seen {
			all = append(all, s)
		}
		f.add(all)
		text := random(rand.IntN(10))
		longest, more := 0, false
		for _, s := range all {
			if strings.HasPrefix(text, s) {
				longest = max(longest, len(s))
			}
			more = more || len(s) > len(text) && strings.HasPrefix(s, text)
		}
		if got := longestIn(f.heads[head([]byte(text))], []byte(text)); got != longest || f.begins([]byte(text)) != more {
			t.Fatalf("%q among %q: %d, want %d; more to come: %v, want %v", text, all, got, longest, !more, more)
		}
	}
}

// BenchmarkAddLinesAlike is what the longest secret that a request may bring costs, coming and going.
func BenchmarkAddLinesAlike(b *testing.B) {
	for _, beginning := range []string{"aaaa", strings.Repeat("a", 1000)} {
		b.Run(fmt.Sprintf("of %d bytes", len(beginning)), func(b *testing.B) {
			secret := linesAlike(LongestSize, beginning)
			b.ReportAllocs()
			for b.Loop() {
				new(Set).Add(secret)()
			}
		})
	}
}
