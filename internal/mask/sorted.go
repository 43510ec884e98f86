package mask

import (
	"iter"
	"slices"
	"strings"
)

// compare is the order of texts, for a test to count with.
var compare = strings.Compare

// byHead sorts spellings, and gives those of each head together.
func byHead(spellings []string) iter.Seq2[uint32, []string] {
	slices.SortFunc(spellings, compare)
	return func(yield func(uint32, []string) bool) {
		for from, to := 0, 1; to <= len(spellings); to++ {
			if first := spellings[from][:headSize]; to == len(spellings) || spellings[to][:headSize] != first {
				if !yield(head([]byte(first)), spellings[from:to]) {
					return
				}
				from = to
			}
		}
	}
}

// with is sorted texts and others, sorted, that are not among them. Each finds its place by halving, and all move once.
func with(all, fresh []string) []string {
	joined := make([]string, 0, len(all)+len(fresh))
	for _, s := range fresh {
		place, _ := slices.BinarySearchFunc(all, s, compare)
		joined = append(append(joined, all[:place]...), s)
		all = all[place:]
	}
	return append(joined, all...)
}

// without is sorted texts but for some, sorted, that are among them.
func without(all, gone []string) []string {
	left := make([]string, 0, len(all)-len(gone))
	for _, s := range gone {
		place, _ := slices.BinarySearchFunc(all, s, compare)
		left = append(left, all[:place]...)
		all = all[place+1:]
	}
	return append(left, all...)
}
