package task

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"regexp"
)

// idGrammar also makes an id one segment of a topic.
var idGrammar = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._:@-]{0,127}$`)

func checkID(id string) error {
	if !idGrammar.MatchString(id) {
		return fmt.Errorf("cannot start task: %w: it must be 1 to 128 of A-Z a-z 0-9 . _ : @ - and begin with a letter or digit", ErrBadID)
	}
	return nil
}

// newID is the type and ten random hex digits.
func newID(kind string) string {
	var b [5]byte
	rand.Read(b[:]) // never fails
	return kind + "-" + hex.EncodeToString(b[:])
}
