package docker

import "strings"

// secretName reports whether a variable of that name looks as if its value were
// for nobody's eyes.
func secretName(name string) bool {
	name = strings.ToUpper(name)
	for _, word := range []string{"PASS", "SECRET", "TOKEN", "KEY", "AUTH", "CRED"} {
		if strings.Contains(name, word) {
			return true
		}
	}
	return false
}
