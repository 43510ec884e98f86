package docker

import (
	"encoding/json"
	"errors"
	"io"
	"net"
)

// message is one object of the stream that the engine answers a pull, a push or a
// load with.
type message struct {
	Stream   string // text as it would be printed
	Status   string // of a layer, or of the whole
	ID       string // of the layer, or the tag
	Progress struct {
		Current, Total int64
		Units          string // "" is bytes
	} `json:"progressDetail"`
	Error *struct{ Message string } `json:"errorDetail"`
	Aux   json.RawMessage
}

// maxMessage bounds what an engine out of its mind can make the hub keep, in bytes.
const maxMessage = 4 << 20

// eachMessage takes a stream to its end. An error that the engine puts into it is
// an error, in the engine's words; a stream that is cut off is io.ErrUnexpectedEOF.
func eachMessage(stream io.Reader, take func(message)) error {
	in := &rationed{from: engineStream{stream}}
	decoder := json.NewDecoder(in)
	for {
		var m message
		in.left = maxMessage
		err := decoder.Decode(&m)
		var syntax *json.SyntaxError
		switch {
		case err == io.EOF:
			return nil
		case errors.As(err, &syntax):
			return errors.New("the engine answered what is no JSON")
		case err != nil:
			return err
		case m.Error != nil:
			return errors.New(m.Error.Message)
		}
		take(m)
	}
}

// engineStream is what the engine streams. A connection that breaks is the end of
// it, too early, whichever way it broke.
type engineStream struct{ from io.Reader }

// Read implements [io.Reader].
func (s engineStream) Read(p []byte) (int, error) {
	n, err := s.from.Read(p)
	var broken *net.OpError
	if errors.As(err, &broken) {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

// rationed is a reader that fails when it has given what was left.
type rationed struct {
	from io.Reader
	left int
}

var errLongMessage = errors.New("the engine answered with a message that does not end")

// Read implements [io.Reader].
func (r *rationed) Read(p []byte) (int, error) {
	if r.left <= 0 {
		return 0, errLongMessage
	}
	n, err := r.from.Read(p[:min(len(p), r.left)])
	r.left -= n
	return n, err
}
