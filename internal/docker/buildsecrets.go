package docker

import (
	"maps"
	"slices"
)

// Secrets are the values in the spec that nobody is to see: what opens GitURL, the
// password of Login, and the arguments that [MaskArgs] hides.
func (s BuildSpec) Secrets() []string {
	var all []string
	for _, name := range slices.Sorted(maps.Keys(s.Args)) {
		if secretName(name) {
			all = append(all, s.Args[name])
		}
	}
	if s.Login != nil {
		all = append(all, s.Login.Password)
	}
	return append(all, s.repository().Secrets()...)
}
