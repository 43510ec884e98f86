package mask_test

import (
	"fmt"
	"strings"
	"testing"

	"hub/internal/mask"
)

// BenchmarkLine is what masking adds to an event of 200 bytes that holds no secret, by how many there are, and to one that holds one.
func BenchmarkLine(b *testing.B) {
	ordinary := `{"stream":"stdout","line":"` + strings.Repeat("Get:12 http://deb.debian.org/debian bookworm/main ", 4)[:170] + `"}`
	for name, data := range map[string]string{
		"ordinary":   ordinary,
		"coloured":   strings.Replace(ordinary, "Get:12", `\u001b[32mGet\u001b[0m`, 1),
		"secret":     strings.Replace(ordinary, "bookworm", "hunter-1", 1),
		"not a line": strings.Replace(ordinary, `"}`, `","n":1}`, 1),
	} {
		for _, n := range []int{0, 2, 50, 1000} {
			b.Run(fmt.Sprintf("%s/%d secrets", name, n), func(b *testing.B) {
				set := new(mask.Set)
				for i := range n {
					set.Add(fmt.Sprintf("hunter-%d", i))
				}
				stream := mask.Stream{Set: set}
				line := []byte(data)
				nothing := func(string, []byte) error { return nil }
				b.SetBytes(int64(len(line)))
				b.ReportAllocs()
				for b.Loop() {
					stream.Event("line", line, nothing)
				}
			})
		}
	}
}

// BenchmarkAdd is what a secret that comes and goes costs among a thousand others.
func BenchmarkAdd(b *testing.B) {
	set := new(mask.Set)
	for i := range 1000 {
		set.Add(fmt.Sprintf("ghp_%036d", i))
	}
	for b.Loop() {
		set.Add("ghp_hunter2hunter2hunter2hunter2hunter2")()
	}
}
