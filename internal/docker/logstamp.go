package docker

import (
	"bytes"
	"time"
)

// stampSize is the length of the timestamps that an engine puts before each
// message of a log: RFC 3339 in UTC with all nine digits, and a blank.
const stampSize = len("2026-11-23T20:11:47.123456789Z ")

// stamps reads the timestamps of one log. Most differ from the one before in
// their seconds alone, so the minute is read only when it changes.
type stamps struct {
	minute [len("2026-11-23T20:11:")]byte
	base   int64 // Unix seconds of that minute
}

// cut takes the timestamp off a message. ok is false where there is none, and
// the text is the whole message.
func (s *stamps) cut(message []byte) (at time.Time, text []byte, ok bool) {
	const nanos = len("2026-11-23T20:11:47.")
	if len(message) < stampSize || message[stampSize-2] != 'Z' || message[stampSize-1] != ' ' {
		return s.slow(message)
	}
	if !bytes.Equal(s.minute[:], message[:len(s.minute)]) {
		whole, err := time.Parse("2006-01-02T15:04:", string(message[:len(s.minute)]))
		if err != nil {
			return time.Time{}, message, false
		}
		copy(s.minute[:], message)
		s.base = whole.Unix()
	}
	seconds, good := digits(message[len(s.minute) : nanos-1])
	fraction, fine := digits(message[nanos : stampSize-2])
	if !good || !fine || message[nanos-1] != '.' {
		return time.Time{}, message, false
	}
	return time.Unix(s.base+seconds, fraction), message[stampSize:], true
}

// slow reads a timestamp of another length, such as one with another zone.
func (s *stamps) slow(message []byte) (time.Time, []byte, bool) {
	stamp, text, found := bytes.Cut(message, []byte(" "))
	if !found || len(stamp) > 40 {
		return time.Time{}, message, false
	}
	at, err := time.Parse(time.RFC3339Nano, string(stamp))
	if err != nil {
		return time.Time{}, message, false
	}
	return at, text, true
}

func digits(text []byte) (n int64, ok bool) {
	for _, c := range text {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int64(c-'0')
	}
	return n, true
}
