package result

import (
	"bytes"
	"encoding/json"
	"iter"
	"math"
)

// fields yields the names and values of a flat JSON object in their order.
func fields(object []byte) iter.Seq2[string, any] {
	return func(yield func(string, any) bool) {
		decoder := json.NewDecoder(bytes.NewReader(object))
		decoder.Token() // the brace
		for decoder.More() {
			name, _ := decoder.Token()
			value, _ := decoder.Token()
			if number, ok := value.(float64); ok {
				value = rounded(number)
			}
			if !yield(name.(string), value) {
				return
			}
		}
	}
}

// rounded keeps four digits of small numbers and the whole part of large ones.
func rounded(v float64) any {
	if v == math.Trunc(v) || math.Abs(v) >= 10_000 {
		return int64(v)
	}
	scale := math.Pow(10, 3-math.Floor(math.Log10(math.Abs(v))))
	return math.Round(v*scale) / scale
}
