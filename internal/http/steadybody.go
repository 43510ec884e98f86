package http

import (
	"bytes"
	"io"
	"net"
	"time"

	"github.com/gofiber/fiber/v2"
)

// steadyBody is a request's body, to be read as it arrives, for as long as some of
// it comes within the time that an ordinary one has for all; empty where there is
// none. A hub that shuts down ends it. done is called when it is read.
func (s *Server) steadyBody(c *fiber.Ctx) (in io.Reader, done func(), err error) {
	if err := wantPlain(c); err != nil {
		return nil, nil, err
	}
	conn := c.Context().Conn()
	body, done, err := s.arrivals.body(c.Context().RequestBodyStream(), conn, c.Request().Header.ContentLength())
	if err != nil {
		return nil, nil, err
	}
	if body == nil {
		return bytes.NewReader(nil), done, nil
	}
	return &steady{body, conn, s.app.Server().ReadTimeout, &s.arrivals}, done, nil
}

// steady renews a connection's read deadline before each read.
type steady struct {
	in       io.Reader
	conn     net.Conn
	within   time.Duration
	arrivals *arrivals
}

func (r *steady) Read(p []byte) (int, error) {
	if err := r.conn.SetReadDeadline(time.Now().Add(r.within)); err != nil {
		return 0, bodyError(err)
	}
	if r.arrivals.isEnding() { // its deadline, which is to end the read, may be the one overwritten
		return 0, errEnding
	}
	return r.in.Read(p)
}
