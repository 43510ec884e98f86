package http

import (
	"bufio"
	"fmt"
	"io"
	"net"
	nethttp "net/http"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
)

// A request whose length two readers could understand in two ways ends its
// connection, and what it hides is never answered.
func TestAmbiguousFramingEndsTheConnection(t *testing.T) {
	l := serveApp(t, appOptions{}, func(app *fiber.App) {
		app.Get("/hidden", func(c *fiber.Ctx) error { return c.SendString("HIDDEN") })
		app.Post("/", func(c *fiber.Ctx) error {
			if _, err := readBody(c, 1000); err != nil {
				return err
			}
			return c.SendString("fine")
		})
	})
	const head = "POST / HTTP/1.1\r\nHost: localhost\r\n"
	const hidden = "GET /hidden HTTP/1.1\r\nHost: localhost\r\n\r\n"
	want := map[string]string{ // else 4xx
		"length and chunked": "200", "chunked and length": "200", // chunked wins, as RFC 9112 6.3 allows
		"a folded head": "200", // it belongs to X, and the rest is no request
	}
	for name, raw := range map[string]string{
		"length and chunked":     head + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + hidden,
		"chunked and length":     head + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n" + hidden,
		"two lengths":            head + "Content-Length: 0\r\nContent-Length: 44\r\n\r\n" + hidden,
		"a list of lengths":      head + "Content-Length: 0, 44\r\n\r\n" + hidden,
		"a negative length":      head + "Content-Length: -1\r\n\r\n" + hidden,
		"a signed length":        head + "Content-Length: +0\r\n\r\n" + hidden,
		"another coding":         head + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + hidden,
		"chunked not last":       head + "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n" + hidden,
		"two codings":            head + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + hidden,
		"space before the colon": head + "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n" + hidden,
		"a folded head":          head + "X: a\r\n Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + hidden,
		"a newline in a chunk's extension": head + "Transfer-Encoding: chunked\r\n\r\n" +
			"2;\nxx\r\n4c\r\n0\r\n\r\n" + hidden + "\r\n0\r\n\r\n",
		"a chunk size that is no number": head + "Transfer-Encoding: chunked\r\n\r\n0x0\r\n\r\n" + hidden,
		"a chunk without its end":        head + "Transfer-Encoding: chunked\r\n\r\n1\r\naXX0\r\n\r\n" + hidden,
		"chunked in HTTP/1.0":            "POST / HTTP/1.0\r\nHost: localhost\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + hidden,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			answer := exchange(t, l.Addr().String(), raw)
			if strings.Contains(answer, "HIDDEN") {
				t.Errorf("the hidden request was answered:\n%s", answer)
			}
			if !strings.Contains(answer, "Connection: close") {
				t.Errorf("the connection stays open:\n%s", answer)
			}
			if status := strings.TrimPrefix(answer, "HTTP/1.1 "); status[0] != '4' && status[:3] != want[name] {
				t.Errorf("want a 4xx, got\n%s", answer)
			}
		})
	}
}

// A request hidden in a body that its handler leaves unread is never answered:
// the body is read to its end or the connection closed.
func TestARequestHiddenInAnUnreadBodyIsNeverAnswered(t *testing.T) {
	l := serveApp(t, appOptions{BodyLimit: 1000}, func(app *fiber.App) {
		app.Get("/hidden", func(c *fiber.Ctx) error { return c.SendString("HIDDEN") })
		app.Get("/next", func(c *fiber.Ctx) error { return c.SendString("NEXT") })
		app.All("/unread", okay)
		app.Post("/part", func(c *fiber.Ctx) error {
			_, _ = c.Context().RequestBodyStream().Read(make([]byte, 3))
			return okay(c)
		})
		app.Post("/late", func(c *fiber.Ctx) error { // as a publish for hours does
			_ = c.Context().Conn().SetReadDeadline(time.Now().Add(time.Hour))
			return badRequest("no")
		})
		app.Post("/panic", func(*fiber.Ctx) error { panic("no") })
		app.Post("/json", wantJSON, okay)
		app.Post("/decode", func(c *fiber.Ctx) error { return decode(c, &struct{}{}) })
		app.Post("/body", func(c *fiber.Ctx) error { return c.Send(c.Body()) })
	})
	const hidden = "GET /hidden HTTP/1.1\r\nHost: localhost\r\n\r\n"
	bodies := map[string]string{
		"small": hidden, "medium": strings.Repeat("x", 100<<10) + hidden, "large": strings.Repeat("x", 2<<20) + hidden,
	}
	for _, route := range []string{"POST /unread", "PUT /unread", "GET /unread", "DELETE /unread", "POST /part", "POST /late",
		"POST /panic", "POST /json", "POST /decode", "POST /body", "POST /no-such-route", "PATCH /part"} {
		for size, body := range bodies {
			for framing, raw := range map[string]string{
				"length":  fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(body), body),
				"chunked": fmt.Sprintf("Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n", len(body), body),
			} {
				t.Run(route+" "+size+" "+framing, func(t *testing.T) {
					t.Parallel()
					answer := converse(t, l.Addr().String(), route+" HTTP/1.1\r\nHost: localhost\r\n"+raw+
						"GET /next HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
					if strings.Count(answer, "HIDDEN") > strings.Count(answer, "GET /hidden") {
						t.Errorf("the hidden request was answered:\n%.2000s", answer)
					}
					if !strings.HasPrefix(answer, "HTTP/1.1 ") {
						t.Errorf("no answer arrived: %.100q", answer)
					}
					if size == "small" && !strings.Contains(answer, "NEXT") && !strings.Contains(answer, "Connection: close") {
						t.Errorf("the next request was lost without a word:\n%s", answer)
					}
				})
			}
		}
	}
}

// converse is exchange for more than the sockets' buffers hold: it writes and
// reads at once.
func converse(t *testing.T, addr, raw string) string {
	t.Helper()
	c, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	go func() { _, _ = io.WriteString(c, raw) }()
	_ = c.SetReadDeadline(time.Now().Add(5 * time.Second))
	answer, _ := io.ReadAll(c)
	return string(answer)
}

// An answer given before the body has arrived reaches a client that is still
// sending, with an end and not a reset: a reset makes some clients forget what
// they have received.
func TestAnEarlyRefusalReachesAClientThatIsStillSending(t *testing.T) {
	l := serveApp(t, appOptions{BodyLimit: 1000}, func(app *fiber.App) {
		app.Post("/", func(c *fiber.Ctx) error { return decode(c, &struct{}{}) })
	})
	for range 10 {
		c, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		go func() {
			_, _ = io.WriteString(c, "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 900000\r\n\r\n"+strings.Repeat(" ", 900_000))
		}()
		_ = c.SetReadDeadline(time.Now().Add(10 * time.Second))
		if answer, err := io.ReadAll(c); err != nil || !strings.HasPrefix(string(answer), "HTTP/1.1 413 ") {
			t.Fatalf("%q, %v", answer, err)
		}
	}
}

// A client that stops in the middle of a body nobody reads does not hold its
// connection, even where the handler had given the body all the time it wants.
func TestAnUnreadBodyThatStallsEndsTheConnection(t *testing.T) {
	l := serveApp(t, appOptions{readTimeout: 200 * time.Millisecond}, func(app *fiber.App) {
		app.Post("/", func(c *fiber.Ctx) error {
			_ = c.Context().Conn().SetReadDeadline(time.Time{})
			return okay(c)
		})
	})
	c, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	_, _ = io.WriteString(c, "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nabc")
	_ = c.SetReadDeadline(time.Now().Add(5 * time.Second))
	if answer, err := io.ReadAll(c); err != nil || !strings.HasPrefix(string(answer), "HTTP/1.1 200 ") {
		t.Errorf("%q, %v, want the answer and the end", answer, err)
	}
}

// A body of several parts is a body like any other: not taken apart, in memory
// and in files, before anybody asked what it is for.
func TestAMultipartBodyIsLeftAlone(t *testing.T) {
	l := serveApp(t, appOptions{}, func(app *fiber.App) {
		app.Post("/", func(c *fiber.Ctx) error {
			body, err := readBody(c, 1000)
			if err != nil {
				return err
			}
			return c.Send(body)
		})
	})
	const parts = "--x\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--x--\r\n"
	r, body := answerTo(t, l.Addr().String(), request("POST / HTTP/1.1", "Host: localhost",
		"Content-Type: multipart/form-data; boundary=x", fmt.Sprintf("Content-Length: %d", len(parts)))+parts)
	if r.StatusCode != 200 || body != parts {
		t.Errorf("got %d %q", r.StatusCode, body)
	}
}

// After HEAD, and after an answer without a body, the connection is where both
// sides think it is.
func TestTheNextRequestOnAConnectionIsAnsweredRight(t *testing.T) {
	l := serveApp(t, appOptions{}, func(app *fiber.App) { app.Get("/", okay) })
	c, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	r := bufio.NewReader(c)
	for range 3 {
		for _, method := range []string{"HEAD", "GET"} {
			_, _ = io.WriteString(c, method+" / HTTP/1.1\r\nHost: localhost\r\n\r\n")
			answer, err := nethttp.ReadResponse(r, &nethttp.Request{Method: method})
			if err != nil || answer.StatusCode != 200 || answer.ContentLength != 4 {
				t.Fatalf("%s: %v %v", method, answer, err)
			}
			_, _ = io.Copy(io.Discard, answer.Body)
		}
	}
}
