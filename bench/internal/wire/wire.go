// Package wire takes the framing off the streams a benchmark reads: what a
// server sends after its response head, in pieces of any size.
package wire

// Span is a run of payload bytes: a part of the piece it was found in, good
// until the piece is.
type Span struct {
	Op   Op
	Data []byte
	Last bool // ends a WebSocket frame, or the body
}

// Op tells what a span belongs to. The values are RFC 6455's opcodes.
type Op byte

const (
	Data   Op = 0 // text, binary, continuation, or the body of a response
	Close  Op = 8
	Ping   Op = 9
	Pong   Op = 10
	Broken Op = 15 // the framing is not what it should be; nothing more comes
)

// Decoder takes the framing off one stream.
type Decoder interface {
	// Next returns the first span of piece and what follows it. A span may be
	// empty where the piece held nothing but framing.
	Next(piece []byte) (span Span, rest []byte)
}

// Plain is the Decoder of a stream without framing.
type Plain struct{}

// Next implements Decoder.
func (Plain) Next(piece []byte) (Span, []byte) { return Span{Data: piece}, nil }
