package http

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	nethttp "net/http"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"hub/internal/broker"
)

// openStream is GET /stream and /stream/{topic}, in every shape.
func (s *Server) openStream(c *fiber.Ctx) error {
	c.Append(fiber.HeaderVary, fiber.HeaderAccept)
	r, err := parseStream(c)
	if err != nil {
		return err
	}
	switch {
	case r.shape == shapeHTML:
		return s.pages.send(c, "index.html")
	case len(r.topics) == 0 && r.shape != shapeWS:
		return badRequest("name a topic: /stream/{topic}, or /stream?topic=…&topic=… (GET /topics lists what there is)")
	case r.shape == shapePage:
		return s.page(c, r)
	}
	return s.follow(c, r)
}

// follow answers with a stream of what r asks for.
func (s *Server) follow(c *fiber.Ctx, r streamRequest) error {
	if s.streams.full() {
		return s.busy(c, r.shape)
	}
	head := c.Method() == nethttp.MethodHead
	if r.shape == shapeWS {
		if err := acceptUpgrade(c); err != nil {
			return err
		}
	} else {
		describe(c, r.shape)
		if head {
			return nil
		}
	}
	st := s.newStream(r)
	if len(r.topics) > 0 {
		sub, err := subscribe(s.broker, broker.Request{Topics: r.topics, Start: r.start, Kinds: r.kinds, Once: r.once, Wake: st.wake})
		if err != nil {
			return badRequest("%s", err)
		}
		if sub.Ended() && !r.once && r.shape != shapeWS {
			sub.Close()
			return c.SendStatus(nethttp.StatusNoContent)
		}
		st.subs = []*subscription{sub}
		st.finite = true
	}
	s.hijack(c, st, s.prologue(r, st))
	return nil
}

// describe sets the heads of a stream's answer.
func describe(c *fiber.Ctx, as shape) {
	c.Set(fiber.HeaderContentType, map[shape]string{
		shapeSSE: "text/event-stream; charset=utf-8", shapeNDJSON: "application/x-ndjson", shapeText: "text/plain; charset=utf-8",
	}[as])
	c.Set(fiber.HeaderCacheControl, "no-cache, no-transform")
	c.Set("X-Accel-Buffering", "no")
}

// newStream is a stream of r's shape, without a connection yet.
func (s *Server) newStream(r streamRequest) *stream {
	st := &stream{streams: s.streams, broker: s.broker, log: s.log, running: true}
	st.changed.L = &st.mu
	named := len(r.topics) > 1 || slices.ContainsFunc(r.topics, func(t string) bool { return strings.Contains(t, "*") })
	switch {
	case r.shape == shapeWS && r.format == "text":
		st.ws, st.framing = true, webSocketText{&printer{named: named || len(r.topics) == 0}}
	case r.shape == shapeWS && r.format == "ndjson":
		st.ws, st.framing = true, webSocketLines{}
	case r.shape == shapeWS:
		st.ws, st.framing = true, webSocket{}
	case r.shape == shapeSSE:
		st.pings, st.framing = true, sse{}
	case r.shape == shapeNDJSON:
		st.pings, st.framing = true, ndjson{}
	default:
		st.framing = plain{&printer{named: named}}
	}
	return st
}

// prologue is what a stream says before its first event.
func (s *Server) prologue(r streamRequest, st *stream) []byte {
	type exists struct {
		Topic  string `json:"topic"`
		Exists bool   `json:"exists"`
	}
	topics := []exists{}
	for _, topic := range r.topics {
		topics = append(topics, exists{topic, s.broker.Exists(topic)})
	}
	hello := message("hello", map[string]any{
		"time": time.Now().UTC().Format(time.RFC3339Nano), "heartbeat": s.heartbeat.Seconds(), "version": s.version.Version, "topics": topics,
	})
	var first []byte
	if r.shape == shapeSSE {
		first = appendRetry(first, 2000+rand.IntN(1000))
	}
	return st.framing.message(first, "hello", hello)
}

// hijack takes the connection from the server and runs the stream on it.
func (s *Server) hijack(c *fiber.Ctx, st *stream, prologue []byte) {
	head := &c.Response().Header
	if !st.ws {
		st.chunked = c.Request().Header.IsHTTP11()
		head.SetConnectionClose()
		head.SetContentLength(-2) // the body ends with the connection
		if st.chunked {
			head.SetContentLength(-1)
		}
	} else {
		head.Set(fiber.HeaderConnection, "Upgrade")
	}
	raw := head.AppendBytes(nil)
	c.Context().HijackSetNoResponse(true)
	c.Context().Hijack(func(conn net.Conn) {
		// What fasthttp had read ahead is read from its buffer, and the rest from
		// the socket itself, so that the buffer can go.
		ahead := readAhead(conn)
		if w, ok := conn.(interface{ UnsafeConn() net.Conn }); ok {
			conn = w.UnsafeConn()
		}
		st.conn = conn
		st.alive.Store(time.Now().UnixNano())
		go s.run(st, ahead, raw, prologue)
	})
}

// readAhead is what the server has read from the connection beyond the request.
func readAhead(conn net.Conn) []byte {
	if err := conn.SetReadDeadline(time.Unix(1, 0)); err != nil {
		return nil
	}
	defer conn.SetReadDeadline(time.Time{})
	var ahead []byte
	buf := make([]byte, 512)
	for {
		n, err := conn.Read(buf)
		ahead = append(ahead, buf[:n]...)
		if err != nil || n == 0 || len(ahead) > headLimit {
			return ahead
		}
	}
}

// run is a stream's life. It returns when the connection is over and the turn has
// ended.
func (s *Server) run(st *stream, ahead, head, prologue []byte) {
	defer func() {
		if p := recover(); p != nil {
			s.log.Error("a stream panicked", "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
		}
	}()
	defer st.end()
	taken := s.streams.add(st)
	if err := st.start(head, prologue); err != nil {
		return
	}
	if !taken { // shutting down since the request came
		st.bye()
	}
	if st.ws {
		st.listen(io.MultiReader(bytes.NewReader(ahead), st), &commands{stream: st, broker: s.broker})
		return
	}
	// A client of a stream has nothing more to say; what counts is when it ends.
	buf := make([]byte, 64)
	for {
		if _, err := st.Read(buf); err != nil {
			return
		}
	}
}

// busy says that there are too many streams, in the way each client understands:
// an EventSource would never come back after anything but a 200.
func (s *Server) busy(c *fiber.Ctx, as shape) error {
	const after = 30 * time.Second
	if as != shapeSSE {
		return unavailable(after, "too many streams are open, come back later")
	}
	describe(c, as)
	retry := int(after.Milliseconds()) + rand.IntN(10_000)
	object := message("busy", map[string]any{"detail": "too many streams are open", "retry": retry})
	return c.Send(sse{}.message(appendRetry(nil, retry), "busy", object))
}
