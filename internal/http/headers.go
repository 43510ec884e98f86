package http

import (
	"crypto/rand"
	"encoding/hex"

	"github.com/gofiber/fiber/v2"
)

const headerRequestID = "X-Request-Id"

// csp lets a page of ours load and reach only what the hub itself serves, with
// no inline script or style and no HTML made from strings. In today's browsers
// connect-src 'self' covers a WebSocket to the page's own host and port.
const csp = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"

// protective are the heads of every answer: no foreign frame, page or tab may
// embed it, guess another type for it, or learn its address from a link.
var protective = [...][2]string{
	{fiber.HeaderContentSecurityPolicy, csp},
	{fiber.HeaderXContentTypeOptions, "nosniff"},
	{fiber.HeaderXFrameOptions, "DENY"},
	{fiber.HeaderReferrerPolicy, "no-referrer"},
	{"Cross-Origin-Opener-Policy", "same-origin"},
	{"Cross-Origin-Resource-Policy", "same-origin"},
}

// stamp puts the protective heads and a new request id on the answer, once,
// and returns the id. A handler may replace a head afterwards.
func stamp(c *fiber.Ctx) string {
	if id := c.Response().Header.Peek(headerRequestID); len(id) > 0 {
		return string(id)
	}
	id := newRequestID()
	for _, h := range protective {
		c.Set(h[0], h[1])
	}
	c.Set(headerRequestID, id)
	return id
}

// newRequestID is 12 hex digits.
func newRequestID() string {
	var b [6]byte
	_, _ = rand.Read(b[:]) // never fails: crypto/rand ends the program rather
	return hex.EncodeToString(b[:])
}

// appendHeaders appends, as lines of a head, what stamp and the edge have put on
// the answer so far: a hijacked connection writes its own head and owes them too.
func appendHeaders(dst []byte, c *fiber.Ctx) []byte {
	for name, value := range c.Response().Header.All() {
		switch string(name) {
		case fiber.HeaderContentType, fiber.HeaderContentLength, fiber.HeaderConnection, fiber.HeaderDate, fiber.HeaderServer:
			continue
		}
		dst = append(dst, name...)
		dst = append(dst, ": "...)
		dst = append(dst, value...)
		dst = append(dst, "\r\n"...)
	}
	return dst
}
