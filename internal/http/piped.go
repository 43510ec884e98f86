package http

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	nethttp "net/http"
	"runtime/debug"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"hub/internal/mask"
)

// chunkedLength is what fasthttp has as the length of a chunked body.
const chunkedLength = -1

// publishPiped publishes a chunked body, such as a piped command's, on the
// hijacked connection, to read it as it arrives (see chunkedReader). Some clients,
// such as Node.js's fetch, send a chunk's line end only with the next chunk: read
// by fasthttp, each line would show when the one after it is written.
func (s *Server) publishPiped(c *fiber.Ctx, p *publisher) error {
	head := new(fasthttp.ResponseHeader)
	c.Response().Header.CopyTo(head)
	c.Context().HijackSetNoResponse(true)
	c.Context().Hijack(func(conn net.Conn) {
		defer func() {
			if p := recover(); p != nil {
				s.log.Error("a publish panicked", "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
				conn.Close()
			}
		}()
		in, done, err := s.arrivals.body(&chunkedReader{in: bufio.NewReader(conn)}, conn, chunkedLength)
		if err == nil {
			defer done() // once the answer is written: a shutdown waits for it
			err = p.take(func() error { return p.read(in) })
		}
		if w, ok := conn.(interface{ UnsafeConn() net.Conn }); ok {
			conn = w.UnsafeConn()
		}
		if ours, ok := conn.(interface{ lingerOnClose(bool) }); ok {
			ours.lingerOnClose(err != nil) // what is left of the body must not reset the answer
		}
		_, _ = conn.Write(appendAnswer(head, p.answer(), err, s.mask))
		conn.Close()
	})
	return nil
}

// appendAnswer is the whole answer on a connection that ends with it: the value,
// or the error that a publish had.
func appendAnswer(head *fasthttp.ResponseHeader, value any, err error, secrets *mask.Set) []byte {
	status := nethttp.StatusOK
	var own *apiError
	if errors.As(err, &own) {
		status, value = own.Status, own.body()
	}
	body, err := json.Marshal(value)
	if err != nil { // values of our own, all of which can be encoded
		panic(err)
	}
	body = secrets.JSON(body)
	head.SetStatusCode(status)
	head.SetContentType(fiber.MIMEApplicationJSON)
	head.SetContentLength(len(body))
	head.SetConnectionClose()
	return append(head.AppendBytes(nil), body...)
}
