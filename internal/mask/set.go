package mask

import (
	"strings"
	"sync"
	"sync/atomic"
	"unicode/utf8"
)

// Replacement is what stands for a secret.
const Replacement = "***"

// shortest is how many characters a value has that is masked.
const shortest = 4

// Set holds the values that are secret now. Its zero value, and a nil one, is empty. It is safe for use by several goroutines.
type Set struct {
	some atomic.Bool // there is anything to look for

	mu        sync.RWMutex
	values    map[string]int // how often each was added
	spellings map[string]int // how many values have it
	finder    finder
}

// Add makes values secret until release is called; one that was added several times, until all have released it. Values under four
// characters and blank ones are ignored. release may be called again, to no effect. A nil set takes nothing.
func (s *Set) Add(values ...string) (release func()) {
	var taken []string
	for _, v := range values {
		if utf8.RuneCountInString(v) >= shortest && strings.TrimSpace(v) != "" {
			taken = append(taken, v)
		}
	}
	if s == nil || len(taken) == 0 {
		return func() {}
	}
	spelled := spellAll(taken) // which takes its time, and nobody waits
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.values == nil {
		s.values, s.spellings = map[string]int{}, map[string]int{}
	}
	var fresh []string
	for i, v := range taken {
		if s.values[v]++; s.values[v] > 1 {
			continue
		}
		for _, spelling := range spelled[i] {
			if s.spellings[spelling]++; s.spellings[spelling] == 1 {
				fresh = append(fresh, spelling)
			}
		}
	}
	s.finder.add(fresh)
	s.some.Store(true)
	return sync.OnceFunc(func() { s.release(taken) })
}

func (s *Set) release(values []string) {
	spelled := spellAll(values)
	s.mu.Lock()
	defer s.mu.Unlock()
	var gone []string
	for i, value := range values {
		if s.values[value]--; s.values[value] > 0 {
			continue
		}
		delete(s.values, value)
		for _, spelling := range spelled[i] {
			if s.spellings[spelling]--; s.spellings[spelling] == 0 {
				delete(s.spellings, spelling)
				gone = append(gone, spelling)
			}
		}
	}
	s.finder.remove(gone)
	s.some.Store(len(s.values) > 0)
}

func spellAll(values []string) [][]string {
	all := make([][]string, len(values))
	for i, v := range values {
		all[i] = spell(v)
	}
	return all
}

// Empty tells whether there is nothing to mask.
func (s *Set) Empty() bool { return s == nil || !s.some.Load() }

// Text is the text without secrets.
func (s *Set) Text(text string) string {
	if s.Empty() {
		return text
	}
	b := []byte(text)
	if masked := s.Bytes(b); len(masked) > 0 && &masked[0] != &b[0] {
		return string(masked)
	}
	return text
}

// Bytes is [Set.Text] for a text in a byte slice. It is the same slice when there was nothing to mask; what it returns else is the
// caller's own.
func (s *Set) Bytes(text []byte) []byte {
	if s.Empty() {
		return text
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	if start, _ := s.finder.find(text, 0); start < 0 {
		return text
	}
	masked, _ := s.finder.mask(nil, text, 0, len(text))
	return masked
}

// part is [Set.Bytes] for a part of a text, of which told bytes belong to a secret that has been told. Unless it is the last, held is what
// may still become a secret with the next part, at whose beginning it is to stand, and rest what is told of that.
func (s *Set) part(text []byte, told int, last bool) (masked, held []byte, rest int) {
	if s.Empty() {
		return text[told:], nil, 0
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	upTo := len(text)
	if !last {
		upTo = s.finder.open(text)
	}
	masked, rest = s.finder.mask(nil, text, told, upTo)
	return masked, text[upTo:], rest
}

// state is [Set.Bytes] for a text that may be the beginning of a longer one which will be told anew.
func (s *Set) state(text []byte) []byte {
	s.mu.RLock()
	defer s.mu.RUnlock()
	upTo := s.finder.open(text)
	if len(text)-upTo < headSize {
		upTo = len(text)
	}
	masked, rest := s.finder.mask(nil, text, 0, upTo)
	if upTo+rest < len(text) {
		masked = append(masked, Replacement...)
	}
	return masked
}
