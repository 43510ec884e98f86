// Package stamp marks benchmark payloads so that they can be found again in
// whatever stream a server makes of them: any envelope, any framing, cut into
// any pieces.
//
// A stamp is Len bytes of ASCII that neither JSON nor HTML escaping touches:
//
//	~ RRRR SSSSSSSS AAAAAAAAAAAAA CCCC      (without the spaces, hexadecimal)
//
// R is the run it belongs to, S the event's number in the run, A the time it
// was sent, and C a check over the three, so that a damaged stamp, or a stray
// tilde, is not taken for a delivery.
package stamp

// Len is the size of a stamp in bytes.
const Len = 1 + runDigits + seqDigits + atDigits + checkDigits

const (
	mark        = '~'
	runDigits   = 4
	seqDigits   = 8
	atDigits    = 13
	checkDigits = 4
)

// Stamp is what one published event carries.
type Stamp struct {
	Run uint16 // tells this run's events from those of any other
	Seq uint32 // the event's number, from 1
	At  int64  // when it was sent: nanoseconds since the run began, below 2^52
}

// Put writes s over the first Len bytes of dst.
func (s Stamp) Put(dst []byte) {
	dst = dst[:Len]
	dst[0] = mark
	rest := putHex(dst[1:], runDigits, uint64(s.Run))
	rest = putHex(rest, seqDigits, uint64(s.Seq))
	rest = putHex(rest, atDigits, uint64(s.At))
	putHex(rest, checkDigits, uint64(s.check()))
}

// parse reads a stamp from the first Len bytes of b; false when they are none.
func parse(b []byte) (Stamp, bool) {
	b = b[1:Len]
	run, b, ok1 := hex(b, runDigits)
	seq, b, ok2 := hex(b, seqDigits)
	at, b, ok3 := hex(b, atDigits)
	check, _, ok4 := hex(b, checkDigits)
	s := Stamp{Run: uint16(run), Seq: uint32(seq), At: int64(at)}
	return s, ok1 && ok2 && ok3 && ok4 && uint16(check) == s.check()
}

// check mixes the three fields: any one changed bit changes it almost surely.
func (s Stamp) check() uint16 {
	const odd = 0x9e3779b97f4a7c15 // 2^64 divided by the golden ratio
	h := (uint64(s.Run)<<32 | uint64(s.Seq)) * odd
	h = (h ^ h>>29 ^ uint64(s.At)) * odd
	return uint16(h >> 48)
}

// Payload returns a text of the given size (at least Len) that begins with
// room for a stamp; what follows looks like a line of a build log.
func Payload(size int) []byte {
	const text = " INFO step=build unit=compile file=pkg/worker/queue.go state=ok took=18ms"
	payload := make([]byte, Len, size+Len+len(text))
	Stamp{}.Put(payload)
	for len(payload) < size {
		payload = append(payload, text...)
	}
	return payload[:max(size, Len)]
}
