package http

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	nethttp "net/http"
	"os"
	"reflect"
	"strings"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"
)

const maxDepth = 32

// decode reads a request's body into the struct that into points to: one JSON
// object in UTF-8, at most the app's BodyLimit and 32 levels deep, nothing after
// it. What is wrong comes back as an apiError: 413, 415, or a 422 that lists every
// fault.
//
// A field takes the JSON key of its tag, in exactly that spelling; unknown keys are
// ignored; null is the same as absent, which leaves the field as it was, so that
// into can hold defaults. The tag `check` adds to that, comma-separated:
//
//	required  absent is a fault
//	loose     as the older service did, a number stands for its text and a text for its number
func decode(c *fiber.Ctx, into any) error {
	return decodeUpTo(c, into, c.App().Config().BodyLimit)
}

// decodeUpTo is decode with a limit of the route's own, in bytes.
func decodeUpTo(c *fiber.Ctx, into any, limit int) error {
	body, err := readBody(c, limit)
	if err != nil {
		return err
	}
	return decodeBody(body, into)
}

// readBody is the whole body, copied, if it is at most limit bytes long.
func readBody(c *fiber.Ctx, limit int) ([]byte, error) {
	if err := wantPlain(c); err != nil {
		return nil, err
	}
	length := c.Request().Header.ContentLength()
	if length > limit {
		return nil, tooLarge("the body is over %d bytes", limit)
	}
	stream := c.Context().RequestBodyStream()
	if stream == nil {
		return nil, nil
	}
	var body bytes.Buffer
	if _, err := io.Copy(&body, io.LimitReader(stream, int64(limit)+1)); err != nil {
		return nil, bodyError(err)
	}
	if body.Len() > limit {
		return nil, tooLarge("the body is over %d bytes", limit)
	}
	if body.Len() < length { // the server takes a connection's end for the body's
		return nil, bodyError(io.ErrUnexpectedEOF)
	}
	return body.Bytes(), nil
}

// wantPlain refuses a compressed body, which nobody here would unpack.
func wantPlain(c *fiber.Ctx) error {
	if coding := c.Get(fiber.HeaderContentEncoding); coding != "" && !strings.EqualFold(coding, "identity") {
		return unsupportedType("the body must be sent as it is, without Content-Encoding")
	}
	return nil
}

// bodyError is what a failed read of a body is to its sender: too slow, or
// cut off or badly framed.
func bodyError(err error) error {
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return newError(nethttp.StatusRequestTimeout, "the body took too long to arrive")
	}
	return badRequest("cannot read the body: %s", err)
}

// decodeBody is decode without the request.
func decodeBody(body []byte, into any) error {
	if len(bytes.TrimSpace(body)) == 0 {
		return unprocessable(fault{[]any{"body"}, "field required", "value_error.missing"})
	}
	if err := checkJSON(body); err != nil {
		return unprocessable(fault{[]any{"body"}, err.Error(), "value_error.jsondecode"})
	}
	f := faults{}
	f.value([]any{"body"}, body, reflect.ValueOf(into).Elem(), false)
	if len(f) > 0 {
		return unprocessable(f...)
	}
	return nil
}

// checkJSON says where body stops being one JSON value that we take.
func checkJSON(body []byte) error {
	if !utf8.Valid(body) {
		return fmt.Errorf("not UTF-8 at byte %d", validLength(body))
	}
	if at := tooDeep(body); at >= 0 {
		return fmt.Errorf("nested deeper than %d levels at byte %d", maxDepth, at)
	}
	var whole json.RawMessage
	var syntax *json.SyntaxError
	switch err := json.Unmarshal(body, &whole); {
	case errors.As(err, &syntax):
		return fmt.Errorf("not one JSON value: %s at byte %d", syntax, syntax.Offset)
	default:
		return err
	}
}

// validLength is how many bytes at the start of b are UTF-8.
func validLength(b []byte) (n int) {
	for n < len(b) {
		r, size := utf8.DecodeRune(b[n:])
		if r == utf8.RuneError && size == 1 {
			break
		}
		n += size
	}
	return n
}

// tooDeep is where b is first nested deeper than maxDepth, or -1. It looks at
// brackets outside of strings only, before anything that recurses sees b.
func tooDeep(b []byte) int {
	depth, inString := 0, false
	for i := 0; i < len(b); i++ {
		switch ch := b[i]; {
		case inString && ch == '\\':
			i++
		case ch == '"':
			inString = !inString
		case inString:
		case ch == '{' || ch == '[':
			if depth++; depth > maxDepth {
				return i
			}
		case ch == '}' || ch == ']':
			depth--
		}
	}
	return -1
}
