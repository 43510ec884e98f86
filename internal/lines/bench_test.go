package lines_test

import (
	"strings"
	"testing"

	"hub/internal/lines"
)

func benchmark(b *testing.B, text string) {
	w := lines.NewWriter(func(string, []byte) error { return nil }, lines.Options{Stream: "stdout"})
	p := []byte(text)
	b.SetBytes(int64(len(p)))
	b.ReportAllocs()
	for b.Loop() {
		w.Write(p)
	}
}

func BenchmarkLine200(b *testing.B)        { benchmark(b, strings.Repeat("a", 199)+"\n") }
func BenchmarkLine200Escapes(b *testing.B) { benchmark(b, strings.Repeat("key=\"v\" ", 25)[:199]+"\n") }
func BenchmarkLine200Unicode(b *testing.B) { benchmark(b, strings.Repeat("grüße ", 25)[:199]+"\n") }
func BenchmarkLines32K(b *testing.B) {
	benchmark(b, strings.Repeat(strings.Repeat("a", 199)+"\n", 160))
}
func BenchmarkRedraws32K(b *testing.B) { benchmark(b, strings.Repeat("downloading 42%\r", 2048)) }
func BenchmarkEndless32K(b *testing.B) { benchmark(b, strings.Repeat("a", 32<<10)) }
