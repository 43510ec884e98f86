package stamp

const digits = "0123456789abcdef"

// notHex marks the bytes of values that are no digit.
const notHex = 0x80

var values = func() (table [256]byte) {
	for i := range table {
		table[i] = notHex
	}
	for i, c := range []byte(digits) {
		table[c] = byte(i)
	}
	return table
}()

// putHex writes the lowest n digits of v and returns what follows them.
func putHex(dst []byte, n int, v uint64) []byte {
	for i := n - 1; i >= 0; i-- {
		dst[i] = digits[v&15]
		v >>= 4
	}
	return dst[n:]
}

// hex reads n digits and returns what follows them.
func hex(b []byte, n int) (v uint64, rest []byte, ok bool) {
	var all byte
	for _, c := range b[:n] {
		digit := values[c]
		all |= digit
		v = v<<4 | uint64(digit&15)
	}
	return v, b[n:], all&notHex == 0
}
