package http

import (
	"bufio"
	"crypto/sha1"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"io"
	nethttp "net/http"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"
	"golang.org/x/time/rate"
)

// A client may send this many messages a second, and as many at once again.
const (
	commandRate  = 50
	commandBurst = 100
)

// acceptUpgrade checks a WebSocket's opening handshake and sets its answer
// (RFC 6455, section 4.2).
func acceptUpgrade(c *fiber.Ctx) error {
	key := c.Get("Sec-WebSocket-Key")
	raw, err := base64.StdEncoding.DecodeString(key)
	switch {
	case c.Method() != nethttp.MethodGet || !c.Request().Header.IsHTTP11():
		return badRequest("a WebSocket begins with GET over HTTP/1.1")
	case !hasToken(c.Get(fiber.HeaderConnection), "upgrade"):
		return badRequest("a WebSocket request needs Connection: Upgrade; a proxy may have taken it away")
	case c.Get("Sec-WebSocket-Version") != "13":
		c.Set("Sec-WebSocket-Version", "13")
		return newError(nethttp.StatusUpgradeRequired, "only version 13 of WebSocket is spoken")
	case err != nil || len(raw) != 16:
		return badRequest("Sec-WebSocket-Key must be 16 bytes in base64")
	}
	digest := sha1.Sum([]byte(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))
	c.Status(nethttp.StatusSwitchingProtocols)
	c.Set(fiber.HeaderUpgrade, "websocket")
	c.Set("Sec-WebSocket-Accept", base64.StdEncoding.EncodeToString(digest[:]))
	return nil
}

// hasToken reports whether a comma-separated head has the token, in any case.
func hasToken(head, token string) bool {
	for part := range strings.SplitSeq(head, ",") {
		if strings.EqualFold(strings.TrimSpace(part), token) {
			return true
		}
	}
	return false
}

// listen reads a WebSocket's commands until the connection is over.
func (s *stream) listen(in io.Reader, commands *commands) {
	limit := rate.NewLimiter(commandRate, commandBurst)
	r := frameReader{in: bufio.NewReaderSize(in, 512)}
	allowed := func() error {
		if !limit.Allow() {
			return &closeError{closeNotAllowed, "too many messages, 50 a second are allowed"}
		}
		return nil
	}
	r.control = func(op byte, payload []byte) error {
		if err := allowed(); err != nil {
			return err
		}
		switch op {
		case opPing:
			s.say(appendFrame(nil, opPong, payload), nil)
		case opClose:
			return s.answerClose(payload)
		}
		return nil
	}
	for {
		text, err := r.next()
		if err == nil {
			err = allowed()
		}
		var refusal *closeError
		if errors.As(err, &refusal) {
			s.refuse(r.in, refusal)
			return
		}
		if err != nil {
			return
		}
		commands.run(string(text))
	}
}

// answerClose answers the client's close frame with its own code.
func (s *stream) answerClose(payload []byte) error {
	code := uint16(closeNormal)
	switch {
	case len(payload) == 1:
		return protocolError("a close frame has half a code")
	case len(payload) >= 2:
		code = binary.BigEndian.Uint16(payload)
		if code < 1000 || code >= 5000 || code >= 1004 && code <= 1006 || code > 1014 && code < 3000 {
			return protocolError("a close code is not one")
		}
		if !utf8.Valid(payload[2:]) {
			return &closeError{closeNotUTF8, "a close reason is not UTF-8"}
		}
	}
	s.hangUp(appendClose(nil, code, ""))
	return nil
}

// refuse closes with the error's code. What still comes in is read, for a moment,
// so that the close frame is not lost to a reset.
func (s *stream) refuse(in io.Reader, e *closeError) {
	s.log.Debug("closing a WebSocket", "code", e.code, "reason", e.reason)
	s.hangUp(appendClose(nil, e.code, e.reason))
	timer := time.AfterFunc(farewell, func() { s.conn.Close() })
	defer timer.Stop()
	_, _ = io.Copy(io.Discard, in)
}

// hangUp sends a close frame in place of all that is still to come, and waits
// until it is written or the farewell's time is over.
func (s *stream) hangUp(framed []byte) {
	s.mu.Lock()
	subs := s.subs
	s.subs, s.finite = nil, false
	if s.farewell == nil {
		s.setFarewell(framed, false)
	}
	s.mu.Unlock()
	for _, sub := range subs {
		sub.Close()
	}
	s.wake()
	timer := time.AfterFunc(farewell, func() { s.conn.Close() })
	defer timer.Stop()
	s.mu.Lock()
	defer s.mu.Unlock()
	for !s.left && s.running {
		s.changed.Wait()
	}
}
