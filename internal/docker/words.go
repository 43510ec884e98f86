package docker

import (
	"strings"

	"github.com/kballard/go-shellquote"
)

// Words splits a command of one string as a shell splits words: at blanks, quotes
// and backslashes honoured. Nothing is expanded, and ; & | < > ( ) $ and ` are
// characters like others: no shell sees the command. The error's kind is
// ErrInvalid, with the field that the command came in.
func Words(field, command string) ([]string, error) {
	if strings.ContainsRune(command, 0) {
		return nil, invalid(field, "a command cannot hold a NUL")
	}
	words, err := shellquote.Split(command)
	if err != nil {
		return nil, invalid(field, "cannot split %q into words: %s", shorten(command), lowerFirst(err.Error()))
	}
	return words, nil
}

// shorten makes a client's text small enough to be part of a sentence.
func shorten(text string) string {
	const most = 100
	if len(text) > most {
		return strings.ToValidUTF8(text[:most], "") + "…"
	}
	return text
}

func lowerFirst(text string) string {
	if text == "" {
		return text
	}
	return strings.ToLower(text[:1]) + text[1:]
}
