package pipeline

import (
	"os"
	"path/filepath"
)

// A mark is a file of the hub's folder with a deploy's name. It is there from before its container is made until nothing is left to do:
// what a label could not say, which stays what it was at first.

// Words of marks.
const (
	unproven = "unproven" // it has not answered yet, or is being taken back
	takeover = "takeover" // its candidate has, and it is taking the port
	proven   = "proven"   // it serves, and what it replaces goes
)

func (i *instance) markFile(name string) string { return filepath.Join(i.folder, name+".deploy") }

// mark says how far a deploy is.
func (i *instance) mark(name, word string) error {
	return os.WriteFile(i.markFile(name), []byte(word), 0o600)
}

// unmark says that it has come to its end.
func (i *instance) unmark(name string) { _ = os.Remove(i.markFile(name)) }

// marked is how far a deploy was; "" is at its end.
func (i *instance) marked(name string) string {
	word, _ := os.ReadFile(i.markFile(name))
	return string(word)
}
