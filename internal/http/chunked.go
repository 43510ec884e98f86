package http

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strconv"
)

var errBadChunk = errors.New("malformed chunked encoding")

// chunkedReader reads a chunked body (RFC 9112, section 7.1) and hands out each
// byte as soon as it has arrived. Those of fasthttp and net/http do not: the one
// keeps the end of a chunk until its line end has come, the other waits until a
// chunk that has begun to arrive has filled the buffer.
type chunkedReader struct {
	in    *bufio.Reader
	left  uint64 // of the chunk
	begun bool   // a chunk has been read, and its line end not
	err   error
}

func (r *chunkedReader) Read(p []byte) (int, error) {
	if r.left == 0 && r.err == nil {
		r.err = r.next()
	}
	if r.err != nil || len(p) == 0 {
		return 0, r.err
	}
	n, err := r.in.Read(p[:min(uint64(len(p)), r.left)])
	r.left -= uint64(n)
	if err != nil {
		r.err = cutOff(err)
	}
	return n, r.err
}

// next goes to the next chunk's data, or to the end of the body.
func (r *chunkedReader) next() error {
	if r.begun {
		if line, err := r.line(); err != nil || len(line) > 0 {
			return errors.Join(err, errBadChunk)
		}
	}
	line, err := r.line()
	if err != nil {
		return err
	}
	digits, _, _ := bytes.Cut(line, []byte{';'}) // what follows is an extension, which nobody uses
	digits = bytes.TrimRight(digits, " \t")
	if r.left, err = strconv.ParseUint(string(digits), 16, 63); err != nil || digits[0] == '+' {
		return errBadChunk
	}
	if r.begun = true; r.left > 0 {
		return nil
	}
	for range 64 { // trailers, of which none is wanted
		if line, err := r.line(); err != nil {
			return err
		} else if len(line) == 0 {
			return io.EOF
		}
	}
	return errBadChunk
}

// line is a line of the framing, without its end.
func (r *chunkedReader) line() ([]byte, error) {
	line, err := r.in.ReadSlice('\n')
	if err != nil {
		return nil, cutOff(err)
	}
	line, ok := bytes.CutSuffix(line, []byte("\r\n"))
	if !ok {
		return nil, errBadChunk
	}
	return line, nil
}

// cutOff is what the end of a connection is in the middle of a body.
func cutOff(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}
